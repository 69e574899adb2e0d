using System.IO.Pipelines;

namespace NetDicom.Network;

/// <summary>
/// An object re-encoded on its way out, for a peer that did not accept its transfer syntax: among the uncompressed ones only, so pixel values never change.
/// The conversion runs beside the sending, a bounded number of bytes ahead of it.
/// </summary>
internal sealed class ConvertedStorageObject : OpenedStorageObject
{
    private readonly OpenedStorageObject _source;
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 1024 * 1024, resumeWriterThreshold: 512 * 1024, minimumSegmentSize: 64 * 1024));
    private readonly CancellationTokenSource _stop = new();
    private readonly Stream _converted;
    private readonly byte[] _ahead = new byte[1];
    private bool _hasAhead;
    private bool _atEnd;

    private ConvertedStorageObject(OpenedStorageObject source, TransferSyntax target)
    {
        _source = source;
        _converted = _pipe.Reader.AsStream();
        _ = ConvertAsync(target);
    }

    public override bool IsAtEnd => _atEnd;

    public override long? Remaining => null;

    /// <summary>Converts <paramref name="source"/>, which is disposed with the result.</summary>
    /// <exception cref="DicomDataException">It cannot be converted. A source that can be read again is tried to its end first: half a message could not be taken back.</exception>
    public static async ValueTask<ConvertedStorageObject> CreateAsync(OpenedStorageObject source, TransferSyntax target, CancellationToken cancellationToken)
    {
        if (source.CanRewind)
        {
            using var trial = new OpenedStorageObjectStream(source);
            await DataSetTranscoder.TranscodeAsync(trial, source.TransferSyntax, Stream.Null, target, null, cancellationToken).ConfigureAwait(false);
            source.Rewind();
        }

        return new ConvertedStorageObject(source, target) { SopClassUid = source.SopClassUid, SopInstanceUid = source.SopInstanceUid, TransferSyntax = target };
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // As for a stream: the last fragment has to say that it is the last one, so one byte is read ahead.
        int done = 0;
        if (_hasAhead)
        {
            buffer.Span[0] = _ahead[0];
            _hasAhead = false;
            done = 1;
        }

        done += await _converted.ReadAtLeastAsync(buffer[done..], buffer.Length - done, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        _hasAhead = done == buffer.Length && await _converted.ReadAsync(_ahead, cancellationToken).ConfigureAwait(false) == 1;
        _atEnd = !_hasAhead;
        return done;
    }

    public override void Dispose()
    {
        _stop.Cancel();
        _pipe.Reader.Complete();
    }

    private async Task ConvertAsync(TransferSyntax target)
    {
        Exception? failure = null;
        try
        {
            using var input = new OpenedStorageObjectStream(_source);
            Stream output = _pipe.Writer.AsStream(leaveOpen: true);
            await DataSetTranscoder.TranscodeAsync(input, _source.TransferSyntax, output, target, null, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // The reader of the pipe gets it.
            failure = error;
        }

        await _pipe.Writer.CompleteAsync(failure).ConfigureAwait(false);
        _source.Dispose();
    }
}
