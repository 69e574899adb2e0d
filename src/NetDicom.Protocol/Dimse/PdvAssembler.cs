using System.Buffers;

namespace NetDicom.Protocol;

/// <summary>What <see cref="PdvAssembler.Accept(PduReader)"/> made of a piece of a PDV.</summary>
public enum MessageToken
{
    /// <summary>Nothing to hand on yet: the command set is not complete.</summary>
    NeedMoreData,

    /// <summary>The command set is complete: <see cref="PdvAssembler.Command"/>. Its data set follows if <see cref="PdvAssembler.IsMessageComplete"/> is false.</summary>
    Command,

    /// <summary>A piece of the data set: the fragment that was given, to be handed on as it is. It is the last one if <see cref="PdvAssembler.IsMessageComplete"/>.</summary>
    DataSetFragment,
}

/// <summary>
/// Makes messages out of PDVs (PS3.8 annex E, PS3.7 section 6.3): collects command sets, hands data sets on as they arrive, and refuses what is out of order.
/// </summary>
/// <remarks>
/// One message after the other, a command set first, then its data set, all on one presentation context. Order broken is
/// <see cref="AbortReason.UnexpectedPduParameter"/>; a context that was not accepted, a command set too long or undecodable is
/// <see cref="AbortReason.InvalidPduParameterValue"/>. PDVs of two messages in one PDU, forbidden by PS3.8 annex E.2, are taken: they can do no harm.
/// </remarks>
/// <param name="maxCommandSetLength">Longest command set taken, in bytes. Default 65,536: only a list of tags makes one longer than some 500.</param>
public sealed class PdvAssembler(uint maxCommandSetLength = 64 * 1024)
{
    private readonly CommandSet _command = new();
    private bool[]? _accepted;
    private Expecting _expecting;

    private enum Expecting
    {
        Message,
        RestOfCommand,
        DataSet,
    }

    /// <summary>After <see cref="MessageToken.Command"/>: the command set. It is filled anew by the next message: <see cref="CommandSet.Copy"/> for keeping.</summary>
    public CommandSet Command => _command;

    /// <summary>The presentation context of the message at hand.</summary>
    public byte ContextId { get; private set; }

    /// <summary>Whether the last token ended its message.</summary>
    public bool IsMessageComplete { get; private set; }

    /// <summary>A message is begun and not complete: a release now is a release in mid-message.</summary>
    public bool MidMessage => _expecting != Expecting.Message;

    /// <summary>Takes messages on the accepted ones of <paramref name="contexts"/> only. Until this is called any id is taken.</summary>
    public void RestrictTo(IReadOnlyList<NegotiatedContext> contexts)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        _accepted = new bool[byte.MaxValue + 1];
        foreach (NegotiatedContext context in contexts)
            _accepted[context.Id] |= context.IsAccepted;
    }

    /// <summary>Takes the fragment that <paramref name="reader"/> has at hand after <see cref="PduToken.PdvFragment"/>.</summary>
    /// <exception cref="PduViolationException">The fragment may not come now, or its command set is refused.</exception>
    public MessageToken Accept(PduReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return Accept(reader.ContextId, reader.IsCommand, reader.IsLast, reader.Fragment, reader.IsEndOfPdv);
    }

    /// <summary>Takes a piece of a PDV.</summary>
    /// <param name="contextId">The presentation context id of the PDV.</param>
    /// <param name="isCommand">Bit 0 of its message control header.</param>
    /// <param name="isLast">Bit 1 of its message control header.</param>
    /// <param name="fragment">The bytes at hand.</param>
    /// <param name="isEndOfPdv">Whether they complete the PDV.</param>
    /// <exception cref="PduViolationException">The fragment may not come now, or its command set is refused.</exception>
    public MessageToken Accept(byte contextId, bool isCommand, bool isLast, in ReadOnlySequence<byte> fragment, bool isEndOfPdv)
    {
        CheckOrder(contextId, isCommand);
        bool ends = isLast && isEndOfPdv;
        if (!isCommand)
        {
            IsMessageComplete = ends;
            if (ends)
                _expecting = Expecting.Message;
            return MessageToken.DataSetFragment;
        }

        if (fragment.Length > maxCommandSetLength - _command.Length)
            throw new PduViolationException(AbortReason.InvalidPduParameterValue, $"a command set of more than {maxCommandSetLength} bytes");
        _command.Append(fragment);
        IsMessageComplete = false;
        if (!ends)
            return MessageToken.NeedMoreData;
        _command.Index();
        _expecting = _command.HasDataSet ? Expecting.DataSet : Expecting.Message;
        IsMessageComplete = !_command.HasDataSet;
        return MessageToken.Command;
    }

    private void CheckOrder(byte contextId, bool isCommand)
    {
        if (_expecting == Expecting.Message)
        {
            if (!isCommand)
                throw Unexpected($"a data set fragment on context {contextId} without a command set that announced it");
            if (_accepted is not null && !_accepted[contextId])
                throw new PduViolationException(AbortReason.InvalidPduParameterValue, $"a PDV on context {contextId}, which was not accepted (PS3.8 9.3.5.1)");
            _command.Clear();
            ContextId = contextId;
            _expecting = Expecting.RestOfCommand;
            return;
        }

        if (contextId != ContextId)
            throw Unexpected($"a PDV on context {contextId} within a message on context {ContextId}");
        if (isCommand != (_expecting == Expecting.RestOfCommand))
            throw Unexpected(isCommand ? "a command fragment within a data set" : "a data set fragment within a command set");
    }

    private static PduViolationException Unexpected(string what) => new(AbortReason.UnexpectedPduParameter, $"{what} (PS3.8 annex E.2)");
}
