using System.Globalization;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Querying;

/// <summary>Matches as files (<c>-w</c>): <c>rsp000001.dcm</c> and so on, as scripts around other tools expect them.</summary>
internal sealed class MatchFiles
{
    private readonly string _folder;

    /// <exception cref="UsageException">The folder cannot be made.</exception>
    public MatchFiles(string folder)
    {
        _folder = folder;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Cannot write to the output folder {folder}: {e.Message}");
        }
    }

    /// <summary>Writes one; a match is no instance, so the file gets the model's class and an instance UID of its own.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public string Write(int number, DicomDataSet match, DicomUid model)
    {
        TransferSyntax syntax = TransferSyntax.ExplicitVRLittleEndian;
        string path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"rsp{number:000000}.dcm"));
        using InstanceFileWriter writer = InstanceFileWriter.Create(path, FileMetaInformation.Create(model, DicomUid.Generate(), syntax).GetBytes(), Durability.None, ExistingFile.Replace);
        writer.Write(match.ToArray(syntax));
        writer.Commit();
        return path;
    }
}
