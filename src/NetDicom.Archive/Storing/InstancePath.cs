using System.Security.Cryptography;
using System.Text;

namespace NetDicom.Archive;

/// <summary>Where an instance lies: <c>{study}/{series}/{instance}.dcm</c>. UIDs hold digits and dots only; what is none becomes a hash, so that nothing else from the network is part of a path.</summary>
internal static class InstancePath
{
    public const string Suffix = ".dcm";

    /// <summary>The name of a study or series without a UID.</summary>
    public const string Missing = "none";

    /// <summary>The folder of a series, with slashes.</summary>
    public static string FolderOf(DicomDataSet attributes) => $"{NameOf(attributes, DicomTags.StudyInstanceUID)}/{NameOf(attributes, DicomTags.SeriesInstanceUID)}";

    public static string FileOf(DicomUid sopInstanceUid) => sopInstanceUid + Suffix;

    /// <summary>A name beside that of the instance it replaces, told apart by what is in it.</summary>
    public static string FileOf(DicomUid sopInstanceUid, ReadOnlySpan<byte> hash) => $"{sopInstanceUid}~{Convert.ToHexStringLower(hash[..8])}{Suffix}";

    /// <summary>A name for what takes the place of a file, and never that file's own: the same data set can come in another transfer syntax and back.</summary>
    public static string FileBeside(string existing, DicomUid sopInstanceUid, ReadOnlySpan<byte> hash) => FileOf(sopInstanceUid, hash) is var name && name != existing ? name : FileOf(sopInstanceUid);

    public static string Join(string root, string folder) => Path.Join(root, Path.DirectorySeparatorChar == '/' ? folder : folder.Replace('/', Path.DirectorySeparatorChar));

    private static string NameOf(DicomDataSet attributes, DicomTag tag)
    {
        string? text = attributes.GetStringOrDefault(tag);
        if (string.IsNullOrEmpty(text))
            return Missing;
        // "." and ".." are not UIDs: DicomUid asks for a digit at each end.
        return DicomUid.TryParse(text, out DicomUid uid) ? uid.ToString() : "x" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
