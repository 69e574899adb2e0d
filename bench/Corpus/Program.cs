using System.Globalization;
using NetDicom.Bench;

// Writes CT slices of 512 KB into a folder, 100 a series: FOLDER [COUNT]. The same call writes the same files.
if (args is not ([_] or [_, _]) || !int.TryParse(args.Length > 1 ? args[1] : "2000", NumberStyles.None, CultureInfo.InvariantCulture, out int count))
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project bench/Corpus -- FOLDER [COUNT]");
    return 2;
}

for (int i = 0; i < count; i++)
{
    int series = i / 100 + 1, instance = i % 100 + 1;
    string folder = Directory.CreateDirectory(Path.Combine(args[0], $"{series:00}")).FullName;
    await DataSetOperations.CtSlice(series, instance).SaveAsync(Path.Combine(folder, $"{instance:000}.dcm"));
}

return 0;
