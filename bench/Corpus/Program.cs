using System.Globalization;
using NetDicom.Bench;

// Writes CT slices into a folder, 100 a series: FOLDER [COUNT] [SIDE]. Slices of 512 pixels a side (the default) have 528 KB, of 78 have 16 KB, of 64 have 12 KB. The same call writes the same files.
int side = 512;
if (args is not ([_] or [_, _] or [_, _, _]) || !int.TryParse(args.Length > 1 ? args[1] : "2000", NumberStyles.None, CultureInfo.InvariantCulture, out int count)
    || (args.Length > 2 && (!int.TryParse(args[2], NumberStyles.None, CultureInfo.InvariantCulture, out side) || side is < 1 or > 512)))
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project bench/Corpus -- FOLDER [COUNT] [SIDE]");
    return 2;
}

await SliceCorpus.WriteAsync(args[0], count, side);
return 0;
