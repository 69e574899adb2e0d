using System.IO.Pipelines;
using NetDicom.Archive;
using NetDicom.Network;

namespace NetDicom.Cli.Archiving;

/// <summary>
/// An instance of the archive as Composite Instance Retrieve Without Bulk Data sends it (PS3.4 annex Z): read and written anew when its turn comes, in Explicit VR Little Endian, which needs
/// no pixel data to be decoded since there are none.
/// </summary>
internal sealed class WithoutBulkData : Stream
{
    private readonly string _path;
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 1024 * 1024, resumeWriterThreshold: 512 * 1024));
    private readonly CancellationTokenSource _stop = new();
    private Stream? _reader;
    private bool _isDisposed;

    private WithoutBulkData(string path) => _path = path;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The object to send for an instance.</summary>
    public static StorageObject Of(IndexedInstance instance, string path) =>
        StorageObject.FromStream(path, new WithoutBulkData(path), instance.SopClassUid, instance.SopInstanceUid, TransferSyntax.ExplicitVRLittleEndian);

    /// <summary>
    /// Takes out the attributes of PS3.4 table Z.1-1, at the top level, and Waveform Data from the items of Waveform Sequence (section Z.1.3). The pixel data of an icon stay.
    /// </summary>
    public static void Strip(DicomDataSet set)
    {
        set.RemoveAll(element => IsBulk(element.Tag));
        foreach (DicomDataSet waveform in set.GetSequence(DicomTags.WaveformSequence) ?? [])
            waveform.Remove(DicomTags.WaveformData);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_reader is null)
        {
            _reader = _pipe.Reader.AsStream();
            _ = WriteAsync();
        }

        return await _reader.ReadAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read with ReadAsync");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _stop.Cancel();
            _pipe.Reader.Complete();
        }

        base.Dispose(disposing);
    }

    private static bool IsBulk(DicomTag tag) =>
        tag == DicomTags.PixelData || tag == DicomTags.FloatPixelData || tag == DicomTags.DoubleFloatPixelData || tag == DicomTags.PixelDataProviderURL || tag == DicomTags.SpectroscopyData
        || tag == DicomTags.EncapsulatedDocument
        // Repeating groups: 6000 to 60FF overlays, 5000 to 50FF curves and their sound.
        || (tag.Group >> 8 == 0x60 && tag.Element == 0x3000) || (tag.Group >> 8 == 0x50 && tag.Element is 0x3000 or 0x200C);

    private async Task WriteAsync()
    {
        Exception? failure = null;
        try
        {
            await using DicomFile file = await DicomFile.OpenAsync(_path, cancellationToken: _stop.Token);
            Strip(file.DataSet);
            await file.DataSet.WriteAsync(_pipe.Writer.AsStream(leaveOpen: true), TransferSyntax.ExplicitVRLittleEndian, cancellationToken: _stop.Token);
        }
        catch (Exception error)
        {
            // The reader of the pipe gets it, and the object is one that failed.
            failure = error;
        }

        await _pipe.Writer.CompleteAsync(failure);
    }
}
