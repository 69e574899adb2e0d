using System.Buffers;
using System.Globalization;
using System.Text;

namespace NetDicom.Tests.Support;

/// <summary>What a reader says, written down: one line a token, chunks joined.</summary>
public static class Transcript
{
    public static string Of(byte[] data, TransferSyntax syntax, DataSetReaderOptions? options = null) =>
        Of(new ReadOnlySequence<byte>(data), syntax, options);

    /// <summary>Reads all of a sequence at once.</summary>
    public static string Of(ReadOnlySequence<byte> data, TransferSyntax syntax, DataSetReaderOptions? options = null)
    {
        var text = new StringBuilder();
        var reader = new DataSetReader(data, true, new DataSetReaderState(syntax, options));
        Write(ref reader, text);
        return End(reader, text);
    }

    /// <summary>Reads with a buffer that grows by <paramref name="step"/> bytes, a new reader each time.</summary>
    public static string InSteps(byte[] data, int step, TransferSyntax syntax, DataSetReaderOptions? options = null)
    {
        var text = new StringBuilder();
        var state = new DataSetReaderState(syntax, options);
        int from = 0, to = 0;
        while (true)
        {
            to = Math.Min(data.Length, to + step);
            var reader = new DataSetReader(data.AsSpan(from, to - from), to == data.Length, state);
            Write(ref reader, text);
            from += (int)reader.BytesConsumed;
            state = reader.CurrentState;
            if (reader.Token == DataSetToken.End)
                return End(reader, text);
            Assert.NotEqual(data.Length, to);
        }
    }

    private static void Write(ref DataSetReader reader, StringBuilder text)
    {
        while (reader.Read())
        {
            if (reader.Token == DataSetToken.ValueChunk)
            {
                text.Append(Convert.ToHexString(reader.Chunk));
                continue;
            }

            if (text.Length > 0)
                text.Append('\n');
            text.Append(CultureInfo.InvariantCulture, $"{reader.TokenOffset}+{reader.HeaderLength} {reader.Depth} {reader.Token} {reader.Tag} {reader.VR} ");
            text.Append(reader.HasUndefinedLength ? "undefined " : $"{reader.Length} ");
        }
    }

    private static string End(DataSetReader reader, StringBuilder text) =>
        text.Append(CultureInfo.InvariantCulture, $"\n{reader.TokenOffset} {reader.Token} {reader.Deviations}").ToString();
}
