using System.Buffers;
using NetDicom.Protocol;

namespace NetDicom.Bench;

/// <summary>
/// The hot paths of the protocol layer: shared by the benchmarks, which take the time, and by the tests (ProtocolAllocationTests), which hold the allocations below a bound.
/// </summary>
public sealed class ProtocolOperations
{
    /// <summary>P-DATA-TF PDUs in one turn of <see cref="PdusIn"/>, <see cref="PdusOut"/> and <see cref="PdvAssembly"/>.</summary>
    public const int PdusPerTurn = 64;

    private const int FragmentLength = 16 * 1024;
    private const byte ContextId = 1;

    private readonly byte[] _stream = new byte[PdusPerTurn * (PDataWriter.PDataHeaderLength + FragmentLength)];
    private readonly byte[] _message;
    private readonly byte[] _request;
    private readonly PduReader _pdusIn = new(), _assemblyIn = new(), _commandIn = new();
    private readonly PdvAssembler _assembly = new(), _commands = new();
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private readonly CStoreRequest _storeRequest = new()
    {
        MessageId = 7, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("1.2.826.0.1.3680043.10.999.7.1.12345"),
    };

    private readonly CStoreResponse _storeResponse = new()
    {
        MessageIdBeingRespondedTo = 7, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("1.2.826.0.1.3680043.10.999.7.1.12345"), Status = DimseStatus.Success,
    };

    /// <summary>Makes the bytes that are read.</summary>
    public ProtocolOperations()
    {
        PdusOut();
        byte[] command = Bytes(_storeRequest);
        _message = new byte[PDataWriter.PDataHeaderLength + command.Length];
        PDataWriter.WritePDataHeader(_message, (uint)command.Length, ContextId, isCommand: true, isLast: true);
        command.CopyTo(_message, PDataWriter.PDataHeaderLength);
        var request = new ArrayBufferWriter<byte>();
        Negotiation.BuildRequest(
            AETitle.Parse("BENCH"),
            AETitle.Parse("BENCH_SCU"),
            [.. new[] { SopClasses.Verification, SopClasses.CTImageStorage, SopClasses.MRImageStorage, SopClasses.UltrasoundImageStorage }
                .Select(syntax => new PresentationContext(syntax, [TransferSyntax.ExplicitVRLittleEndian.Uid, TransferSyntax.ImplicitVRLittleEndian.Uid]))],
            new UserInformation { MaximumLength = 262_144, ImplementationClassUid = new DicomUid("1.2.3") }).Write(request);
        _request = request.WrittenSpan.ToArray();
    }

    /// <summary>Reads <see cref="PdusPerTurn"/> P-DATA-TF of 16 KiB; answers with their bytes.</summary>
    public long PdusIn()
    {
        long bytes = 0;
        var input = new ReadOnlySequence<byte>(_stream);
        PduToken token;
        while ((token = _pdusIn.Read(ref input)) != PduToken.NeedMoreData)
        {
            if (token == PduToken.PdvFragment)
                bytes += _pdusIn.Fragment.Length;
        }

        return bytes;
    }

    /// <summary>Writes the headers of <see cref="PdusPerTurn"/> P-DATA-TF before fragments that are there; answers with the length of all.</summary>
    public int PdusOut()
    {
        int at = 0;
        for (int i = 0; i < PdusPerTurn; i++)
        {
            PDataWriter.WritePDataHeader(_stream.AsSpan(at), FragmentLength, ContextId, isCommand: false, isLast: i == PdusPerTurn - 1);
            at += PDataWriter.PDataHeaderLength + FragmentLength;
        }

        return at;
    }

    /// <summary>A C-STORE-RQ and a data set of <see cref="PdusPerTurn"/> PDVs made one message; answers with the bytes of the data set.</summary>
    public long PdvAssembly()
    {
        long bytes = 0;
        Assemble(_message, ref bytes);
        Assemble(_stream, ref bytes);
        return bytes;
    }

    /// <summary>A C-STORE-RQ read and checked as the dispatcher does, without the texts that a handler may ask for; answers with its Message ID.</summary>
    public int CommandIn()
    {
        var input = new ReadOnlySequence<byte>(_message);
        while (_commandIn.Read(ref input) != PduToken.PdvFragment)
        {
        }

        _commands.Accept(_commandIn);
        // The data set that the command announces, empty: then the next command may come.
        _commands.Accept(ContextId, isCommand: false, isLast: true, ReadOnlySequence<byte>.Empty, isEndOfPdv: true);
        CommandSet command = _commands.Command;
        return command.FindViolation() is null && !command.AffectedSopClassUid.IsNone ? command.MessageId : -1;
    }

    /// <summary>A C-STORE-RSP written; answers with its length.</summary>
    public int CommandOut()
    {
        _output.ResetWrittenCount();
        return _storeResponse.Write(_output);
    }

    /// <summary>An A-ASSOCIATE-RQ with four contexts read; answers with their number.</summary>
    public int AssociateIn()
    {
        var reader = new PduReader();
        var input = new ReadOnlySequence<byte>(_request);
        reader.Read(ref input);
        return ((AAssociateRQ)reader.Pdu).PresentationContexts.Count;
    }

    private void Assemble(byte[] stream, ref long bytes)
    {
        var input = new ReadOnlySequence<byte>(stream);
        PduToken token;
        while ((token = _assemblyIn.Read(ref input)) != PduToken.NeedMoreData)
        {
            if (token == PduToken.PdvFragment && _assembly.Accept(_assemblyIn) == MessageToken.DataSetFragment)
                bytes += _assemblyIn.Fragment.Length;
        }
    }

    private static byte[] Bytes(DimseMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        message.Write(output);
        return output.WrittenSpan.ToArray();
    }
}
