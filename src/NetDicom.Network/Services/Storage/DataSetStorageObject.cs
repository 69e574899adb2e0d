namespace NetDicom.Network;

/// <summary>A data set in memory; it is encoded each time it is sent.</summary>
internal sealed class DataSetStorageObject(DicomDataSet dataSet, DicomUid sopClassUid, DicomUid sopInstanceUid, TransferSyntax transferSyntax) : StorageObject(sopInstanceUid.ToString())
{
    internal override StorageIdentity KnownIdentity => new(sopClassUid, sopInstanceUid, transferSyntax);

    internal override OpenedStorageObject Open() => new Opened(EncodedDataSet.Open(dataSet, transferSyntax)) { SopClassUid = sopClassUid, SopInstanceUid = sopInstanceUid, TransferSyntax = transferSyntax };

    internal override (StorageObject Object, StorageIdentity Identity) Examine() => (this, KnownIdentity);

    // The bytes of a message have no identity: an object has.
    private sealed class Opened(OpenedStorageObject encoded) : OpenedStorageObject
    {
        public override bool IsAtEnd => encoded.IsAtEnd;

        public override long? Remaining => encoded.Remaining;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => encoded.ReadAsync(buffer, cancellationToken);

        public override void Dispose() => encoded.Dispose();
    }
}
