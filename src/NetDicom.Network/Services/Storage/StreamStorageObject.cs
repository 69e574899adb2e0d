namespace NetDicom.Network;

/// <summary>A data set that comes from a stream, whose length need not be known.</summary>
internal sealed class StreamStorageObject(string name, Stream dataSet, DicomUid sopClassUid, DicomUid sopInstanceUid, TransferSyntax transferSyntax) : StorageObject(name)
{
    private bool _opened;

    internal override StorageIdentity KnownIdentity => new(sopClassUid, sopInstanceUid, transferSyntax);

    internal override OpenedStorageObject Open()
    {
        if (_opened)
            throw new InvalidOperationException("a stream can be sent once only");
        _opened = true;
        return new Opened(dataSet) { SopClassUid = sopClassUid, SopInstanceUid = sopInstanceUid, TransferSyntax = transferSyntax };
    }

    internal override (StorageObject Object, StorageIdentity Identity) Examine() => (this, KnownIdentity);

    private sealed class Opened(Stream dataSet) : OpenedStorageObject
    {
        // The last fragment must say that it is the last one (PS3.8 annex E.2), and an empty one must not be sent: one byte is read ahead.
        private readonly byte[] _ahead = new byte[1];
        private bool _hasAhead;
        private bool _atEnd;

        public override bool IsAtEnd => _atEnd;

        public override long? Remaining => null;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            int done = 0;
            if (_hasAhead)
            {
                buffer.Span[0] = _ahead[0];
                _hasAhead = false;
                done = 1;
            }

            done += await dataSet.ReadAtLeastAsync(buffer[done..], buffer.Length - done, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            _hasAhead = done == buffer.Length && await dataSet.ReadAsync(_ahead, cancellationToken).ConfigureAwait(false) == 1;
            _atEnd = !_hasAhead;
            return done;
        }

        public override void Dispose() => dataSet.Dispose();
    }
}
