using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests.Support;

/// <summary>Command sets put together byte by byte from the rows of eng/standard/dimse-commands.tsv (PS3.7 sections 9.3 and 10.3): nothing of our own writer is used.</summary>
internal static class RawCommand
{
    public sealed record Row(string Message, ushort Field, DicomTag Tag, string Keyword, string VR, string Type, string Fixed, string DataSet);

    public static IReadOnlyList<Row> Rows { get; } = Read();

    public static IEnumerable<string> Messages => Rows.Select(row => row.Message).Distinct();

    /// <summary>The P-DATA-TF with the command set of a message: each mandatory element, and the others that <paramref name="values"/> has, by keyword.</summary>
    public static byte[] Pdu(byte contextId, string message, IReadOnlyDictionary<string, object> values, bool hasDataSet)
    {
        var body = new List<byte>();
        foreach (Row row in Rows.Where(row => row.Message == message && row.Keyword != "CommandGroupLength").OrderBy(row => row.Tag.Value))
        {
            object? value = row.Keyword switch
            {
                "CommandField" => row.Field,
                "CommandDataSetType" => hasDataSet ? (ushort)0x0001 : (ushort)0x0101,
                _ => values.GetValueOrDefault(row.Keyword),
            };
            if (value is null && row.Type == "M")
                throw new InvalidOperationException($"{message} needs {row.Keyword}");
            if (value is not null)
                body.AddRange(Element(row.Tag, Encode(row.VR, value)));
        }

        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, body.Count);
        byte[] command = [.. Element(new DicomTag(0, 0), length), .. body];
        byte[] pdu = new byte[12 + command.Length];
        pdu[0] = 4;
        BinaryPrimitives.WriteInt32BigEndian(pdu.AsSpan(2), command.Length + 6);
        BinaryPrimitives.WriteInt32BigEndian(pdu.AsSpan(6), command.Length + 2);
        pdu[10] = contextId;
        pdu[11] = 3;
        command.CopyTo(pdu, 12);
        return pdu;
    }

    /// <summary>Fails unless a command set has each mandatory element of its message, and none that the message does not have.</summary>
    public static void AssertInOrder(string message, CommandSet command)
    {
        Row[] rows = [.. Rows.Where(row => row.Message == message)];
        Assert.Equal(rows[0].Field, (ushort)command.Command);
        foreach (Row row in rows.Where(row => row.Type == "M"))
            Assert.True(command.Contains(row.Tag), $"{message} lacks {row.Keyword}");
        Assert.All(command.Tags, tag => Assert.Contains(rows, row => row.Tag == tag));
        Assert.Equal(command.Tags.OrderBy(tag => tag.Value), command.Tags);
    }

    private static byte[] Element(DicomTag tag, byte[] value) =>
        [(byte)tag.Group, (byte)(tag.Group >> 8), (byte)tag.Element, (byte)(tag.Element >> 8), (byte)value.Length, (byte)(value.Length >> 8), 0, 0, .. value];

    private static byte[] Encode(string vr, object value) => (vr, value) switch
    {
        ("US", ushort number) => [(byte)number, (byte)(number >> 8)],
        ("UI", string uid) => Encoding.ASCII.GetBytes(uid.Length % 2 == 0 ? uid : uid + "\0"),
        ("AE" or "LO", string text) => Encoding.ASCII.GetBytes(text.Length % 2 == 0 ? text : text + " "),
        ("AT", DicomTag[] tags) => [.. tags.SelectMany(tag => new[] { (byte)tag.Group, (byte)(tag.Group >> 8), (byte)tag.Element, (byte)(tag.Element >> 8) })],
        _ => throw new InvalidOperationException($"{value} as {vr}"),
    };

    private static List<Row> Read()
    {
        using Stream stream = typeof(RawCommand).Assembly.GetManifestResourceStream("dimse-commands.tsv")!;
        using var reader = new StreamReader(stream);
        var rows = new List<Row>();
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            string[] columns = line.Split('\t');
            uint tag = uint.Parse(columns[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            rows.Add(new Row(columns[0], ushort.Parse(columns[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), new DicomTag((ushort)(tag >> 16), (ushort)tag), columns[3], columns[4], columns[6], columns[7], columns[8]));
        }

        return rows;
    }
}
