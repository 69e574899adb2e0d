using System.Runtime.CompilerServices;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Messages out of the upper layer's fragments: whole command sets, and data sets in pieces as they arrive.</summary>
internal sealed class MessageReader
{
    private readonly UpperLayer _upperLayer;
    private readonly IReadOnlyList<NegotiatedContext> _contexts;
    private readonly PdvAssembler _assembler = new();

    public MessageReader(UpperLayer upperLayer, IReadOnlyList<NegotiatedContext> contexts)
    {
        _upperLayer = upperLayer;
        _contexts = contexts;
        _assembler.RestrictTo(contexts);
    }

    /// <summary>The command set at hand; the next message fills it anew.</summary>
    public CommandSet Command => _assembler.Command;

    /// <summary>The presentation context of the message at hand.</summary>
    public NegotiatedContext Context
    {
        get
        {
            foreach (NegotiatedContext context in _contexts)
            {
                if (context.Id == _assembler.ContextId && context.IsAccepted)
                    return context;
            }

            throw new InvalidOperationException("a message on a context that was not accepted");
        }
    }

    public bool IsDataSetComplete => _assembler.IsMessageComplete;

    /// <summary>Bytes have arrived of a message that is not complete.</summary>
    public bool MidMessage => _assembler.MidMessage;

    /// <summary>Reads on to the end of the next command set (<see cref="UlToken.Fragment"/>), or to what ends the association.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UlToken> ReadCommandAsync()
    {
        while (true)
        {
            UlToken token = await _upperLayer.ReadAsync().ConfigureAwait(false);
            if (token != UlToken.Fragment)
            {
                if (token is UlToken.ReleaseIndication or UlToken.ReleaseResponseDue && _assembler.MidMessage)
                    await RefuseReleaseAsync().ConfigureAwait(false);
                return token;
            }

            if (await AssembleAsync().ConfigureAwait(false) == MessageToken.Command)
                return token;
        }
    }

    /// <summary>The next piece of the open data set; <see cref="IsDataSetComplete"/> says whether it was the last. Valid until the next read.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadOnlyMemory<byte>> ReadDataAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            UlToken token = await _upperLayer.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (token != UlToken.Fragment)
            {
                if (token is UlToken.ReleaseIndication or UlToken.ReleaseResponseDue)
                    await RefuseReleaseAsync().ConfigureAwait(false);
                throw _upperLayer.Ended!.ToException();
            }

            if (await AssembleAsync().ConfigureAwait(false) == MessageToken.DataSetFragment)
                return _upperLayer.Fragment.First;
        }
    }

    /// <summary>Takes the whole data set of the message at hand into memory.</summary>
    /// <returns>Null if it is longer than <paramref name="limit"/> bytes; it is passed over then, and nothing of it is kept.</returns>
    public async ValueTask<ReadOnlyMemory<byte>?> CollectAsync(long limit)
    {
        byte[] buffer = [];
        int length = 0;
        bool tooLong = false;
        do
        {
            ReadOnlyMemory<byte> piece = await ReadDataAsync(CancellationToken.None).ConfigureAwait(false);
            tooLong |= piece.Length > limit - length;
            if (tooLong)
            {
                buffer = [];
                continue;
            }

            // Grows with what has come, never with what was announced.
            if (buffer.Length - length < piece.Length)
                Array.Resize(ref buffer, IsDataSetComplete ? length + piece.Length : Math.Max(length + piece.Length, (int)Math.Min(2L * buffer.Length, Array.MaxLength)));
            piece.CopyTo(buffer.AsMemory(length));
            length += piece.Length;
        }
        while (!IsDataSetComplete);
        if (tooLong)
            return null;
        return buffer.AsMemory(0, length);
    }

    private ValueTask<MessageToken> AssembleAsync()
    {
        try
        {
            return new ValueTask<MessageToken>(_upperLayer.Assemble(_assembler));
        }
        catch (PduViolationException violation)
        {
            return ViolateAsync(violation);
        }
    }

    private async ValueTask<MessageToken> ViolateAsync(PduViolationException violation)
    {
        await _upperLayer.ViolateAsync(violation).ConfigureAwait(false);
        return MessageToken.NeedMoreData;
    }

    // A release with half a message on the way can only be answered after the other half, which the peer has just said will not come.
    private async ValueTask RefuseReleaseAsync() =>
        await _upperLayer.ViolateAsync(new PduViolationException(AbortReason.UnexpectedPdu, "A-RELEASE-RQ in mid message (PS3.8 section 7.2)")).ConfigureAwait(false);
}
