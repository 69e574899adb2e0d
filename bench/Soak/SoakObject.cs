using System.Globalization;
using System.Text;
using NetDicom.Network;

namespace NetDicom.Bench.Soak;

/// <summary>A small CT object that its number makes, bytes and UIDs: what is read back is compared with what the number says, and nothing has to be kept.</summary>
internal static class SoakObject
{
    private const string Root = "1.2.826.0.1.3680043.10.999.9";
    private const int PerSeries = 10, PerStudy = 100;

    public static string InstanceUid(int number) => string.Create(CultureInfo.InvariantCulture, $"{Root}.3.{number}");

    public static string SeriesUid(int number) => string.Create(CultureInfo.InvariantCulture, $"{Root}.2.{number / PerSeries}");

    public static string StudyUid(int number) => string.Create(CultureInfo.InvariantCulture, $"{Root}.1.{number / PerStudy}");

    /// <summary>The number of an instance UID; -1 if it is none of ours.</summary>
    public static int NumberOf(string uid) =>
        uid.StartsWith(Root + ".3.", StringComparison.Ordinal) && int.TryParse(uid.AsSpan(Root.Length + 3), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;

    /// <summary>The data set in Explicit VR Little Endian.</summary>
    public static byte[] DataSet(int number)
    {
        var random = new Random(number);
        byte[] pixels = new byte[128];
        random.NextBytes(pixels);
        var output = new MemoryStream();
        Text(output, 0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.2");
        Text(output, 0x0008, 0x0018, "UI", InstanceUid(number));
        Text(output, 0x0008, 0x0020, "DA", "20260102");
        Text(output, 0x0008, 0x0060, "CS", "CT");
        Text(output, 0x0010, 0x0010, "PN", $"Soak^{number / PerStudy}");
        Text(output, 0x0010, 0x0020, "LO", $"S{number / PerStudy}");
        Text(output, 0x0020, 0x000D, "UI", StudyUid(number));
        Text(output, 0x0020, 0x000E, "UI", SeriesUid(number));
        Text(output, 0x0020, 0x0013, "IS", number.ToString(CultureInfo.InvariantCulture));
        output.Write([0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'W', 0, 0, (byte)pixels.Length, 0, 0, 0]);
        output.Write(pixels);
        return output.ToArray();
    }

    public static StorageObject Create(int number) => StorageObject.FromStream(
        InstanceUid(number), new MemoryStream(DataSet(number)), SopClasses.CTImageStorage, new DicomUid(InstanceUid(number)), TransferSyntax.ExplicitVRLittleEndian);

    public static byte[] File(int number) =>
        [.. FileMetaInformation.Create(SopClasses.CTImageStorage, new DicomUid(InstanceUid(number)), TransferSyntax.ExplicitVRLittleEndian).GetBytes(), .. DataSet(number)];

    /// <summary>Whether a stored file holds the data set of its number, byte for byte.</summary>
    public static bool IsIntact(string path, out int number)
    {
        byte[] file = System.IO.File.ReadAllBytes(path);
        number = -1;
        if (FileMetaInformation.TryRead(file, out FileMetaInformation? meta, out int offset, isComplete: true) != FileMetaStatus.Found)
            return false;
        number = NumberOf(meta!.MediaStorageSopInstanceUid.ToString());
        return number >= 0 && file.AsSpan(offset).SequenceEqual(DataSet(number));
    }

    private static void Text(MemoryStream output, ushort group, ushort element, string vr, string text)
    {
        byte[] value = Encoding.ASCII.GetBytes(text.Length % 2 == 0 ? text : text + (vr == "UI" ? '\0' : ' '));
        output.Write([(byte)group, (byte)(group >> 8), (byte)element, (byte)(element >> 8), (byte)vr[0], (byte)vr[1], (byte)value.Length, (byte)(value.Length >> 8)]);
        output.Write(value);
    }
}
