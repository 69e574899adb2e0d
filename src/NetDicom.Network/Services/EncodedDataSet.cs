using System.IO.Pipelines;

namespace NetDicom.Network;

/// <summary>A data set as the bytes of a message. A small one is encoded at once; one with large values runs beside the sending, a bounded number of bytes ahead of it.</summary>
internal static class EncodedDataSet
{
    /// <summary>Up to this a data set is encoded in one go: queries and lists of attributes, but not images.</summary>
    private const int MaxAtOnce = 1024 * 1024;

    /// <summary>Encodes <paramref name="dataSet"/>, or begins to.</summary>
    /// <exception cref="DicomDataException">It cannot be written in the transfer syntax or its character set.</exception>
    public static OpenedStorageObject Open(DicomDataSet dataSet, TransferSyntax syntax) =>
        IsSmall(dataSet) ? Of(dataSet.ToArray(syntax), syntax) : new Running(dataSet, syntax) { SopClassUid = default, SopInstanceUid = default, TransferSyntax = syntax };

    /// <summary>A data set that is encoded already.</summary>
    public static OpenedStorageObject Of(byte[] bytes, TransferSyntax syntax) => new Whole(bytes) { SopClassUid = default, SopInstanceUid = default, TransferSyntax = syntax };

    private static bool IsSmall(DicomDataSet dataSet)
    {
        long length = 0;
        return Add(dataSet, ref length);

        static bool Add(DicomDataSet set, ref long length)
        {
            foreach (DicomElement element in set)
            {
                if (element.Items is { } items)
                {
                    foreach (DicomDataSet item in items)
                    {
                        if (!Add(item, ref length))
                            return false;
                    }
                }
                else if ((length += element.Length) > MaxAtOnce)
                {
                    return false;
                }
            }

            return true;
        }
    }

    private sealed class Whole(byte[] bytes) : OpenedStorageObject
    {
        private int _position;

        public override bool IsAtEnd => _position == bytes.Length;

        public override long? Remaining => bytes.Length - _position;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            int count = Math.Min(buffer.Length, bytes.Length - _position);
            bytes.AsMemory(_position, count).CopyTo(buffer);
            _position += count;
            return new ValueTask<int>(count);
        }

        public override void Dispose()
        {
        }
    }

    private sealed class Running : OpenedStorageObject
    {
        private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 1024 * 1024, resumeWriterThreshold: 512 * 1024, minimumSegmentSize: 64 * 1024));
        private readonly CancellationTokenSource _stop = new();
        private readonly OpenedStorageObject _encoded;

        public Running(DicomDataSet dataSet, TransferSyntax syntax)
        {
            _encoded = new StreamStorageObject("data set", _pipe.Reader.AsStream(), new DicomUid("1.2"), new DicomUid("1.2"), syntax).Open();
            _ = EncodeAsync(dataSet, syntax);
        }

        public override bool IsAtEnd => _encoded.IsAtEnd;

        public override long? Remaining => null;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => _encoded.ReadAsync(buffer, cancellationToken);

        public override void Dispose()
        {
            _stop.Cancel();
            _encoded.Dispose();
        }

        private async Task EncodeAsync(DicomDataSet dataSet, TransferSyntax syntax)
        {
            Exception? failure = null;
            try
            {
                await dataSet.WriteAsync(_pipe.Writer.AsStream(leaveOpen: true), syntax, null, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                // The reader of the pipe gets it.
                failure = error;
            }

            await _pipe.Writer.CompleteAsync(failure).ConfigureAwait(false);
        }
    }
}
