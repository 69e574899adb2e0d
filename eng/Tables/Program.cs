using NetDicom.Tables;

// dotnet run --project eng/Tables: reads eng/standard/*.tsv and rewrites the checked-in *.g.cs files that differ.
string root = Repository.Find(args.Length > 0 ? args[0] : Environment.CurrentDirectory);
foreach (GeneratedFile file in Generator.All(root))
{
    string path = Path.Combine(root, file.Path);
    bool same = File.Exists(path) && File.ReadAllText(path) == file.Content;
    if (!same)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, file.Content);
    }

    Console.WriteLine($"{(same ? "unchanged" : "written  ")} {file.Path}");
}
