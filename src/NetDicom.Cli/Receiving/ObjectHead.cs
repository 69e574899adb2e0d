using System.IO.Compression;
using NetDicom.Network;

namespace NetDicom.Cli.Receiving;

/// <summary>The first bytes of a data set on its way in, read as far as the study and series UIDs, and those UIDs.</summary>
internal sealed record ObjectHead(ReadOnlyMemory<byte> Bytes, DicomUid Study, DicomUid Series)
{
    // (0020,000E) stands before all bulk data in any real object; what comes later is not looked for.
    private const int Most = 1024 * 1024;

    private static readonly DicomTag[] s_tags = [new(0x0020, 0x000D), new(0x0020, 0x000E)];

    /// <summary>Takes pieces until the UIDs are known, or known to be absent. The rest of the data set is still to be read.</summary>
    public static async Task<ObjectHead> ReadAsync(StoreRequest request, CancellationToken cancellationToken)
    {
        var head = new MemoryStream();
        while (true)
        {
            ReadOnlyMemory<byte> piece = await request.ReadAsync(cancellationToken);
            head.Write(piece.Span);
            bool isEnd = piece.IsEmpty;
            if (TryFind(head.GetBuffer().AsSpan(0, (int)head.Length), isEnd, request.TransferSyntax, out DicomUid study, out DicomUid series) || isEnd || head.Length >= Most)
                return new ObjectHead(head.GetBuffer().AsMemory(0, (int)head.Length), study, series);
        }
    }

    /// <summary>Finds the UIDs in the first bytes of a data set.</summary>
    /// <returns>False when more bytes are needed.</returns>
    internal static bool TryFind(ReadOnlySpan<byte> head, bool isComplete, TransferSyntax syntax, out DicomUid study, out DicomUid series)
    {
        if (syntax.IsDeflated)
        {
            head = Inflate(head);
            syntax = TransferSyntax.ExplicitVRLittleEndian;
        }

        Span<Range> values = stackalloc Range[s_tags.Length];
        DataSetHeadStatus status = DataSetHead.TryFind(head, isComplete, syntax, s_tags, values);
        if (status == DataSetHeadStatus.NeedMoreBytes)
        {
            study = series = default;
            return false;
        }

        // A UID that is none, or wrong, is not made part of a path.
        _ = DicomUid.TryParse(head[values[0]], out study);
        _ = DicomUid.TryParse(head[values[1]], out series);
        return true;
    }

    // As much as the bytes that are here give, and no more than is looked at: a deflate bomb stays small.
    private static byte[] Inflate(ReadOnlySpan<byte> deflated)
    {
        using var source = new MemoryStream(deflated.ToArray());
        using var inflater = new DeflateStream(source, CompressionMode.Decompress);
        byte[] inflated = new byte[Most];
        int length = 0;
        try
        {
            while (length < inflated.Length && inflater.Read(inflated, length, inflated.Length - length) is var read and > 0)
                length += read;
        }
        catch (InvalidDataException)
        {
            // Cut in the middle, or broken: what came before it counts.
        }

        return inflated[..length];
    }
}
