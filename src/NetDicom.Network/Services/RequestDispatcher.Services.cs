using NetDicom.Protocol;

namespace NetDicom.Network;

// All services but C-STORE and C-ECHO: the checks before a handler is called, and the calls.
internal sealed partial class RequestDispatcher
{
    private async Task AnswerServiceAsync(ServiceInvocation invocation)
    {
        CommandSet command = invocation.Command;
        if (Refuse(invocation) is { } refusal)
        {
            engine.Log.RequestRefused(command.Command, command.MessageId, refusal.Comment);
            engine.Log.Responding(command.Command, command.MessageId, refusal.Status);
            await invocation.SendAsync(DimseResponse.To(command, refusal.Status, refusal.Status.IsFailure ? refusal.Comment : null)).ConfigureAwait(false);
            return;
        }

        engine.Log.ReceivedRequest(NameOf(command.Command), command.MessageId);
        await CallAsync(invocation).ConfigureAwait(false);
    }

    /// <summary>What a request is answered with that does not come to a handler; null for one that does.</summary>
    private (DimseStatus Status, string Comment)? Refuse(ServiceInvocation invocation)
    {
        CommandSet command = invocation.Command;
        NegotiatedContext context = invocation.Context;
        bool isComposite = ServiceFailure.IsComposite(command.Command);
        DimseStatus unknownClass = isComposite ? DimseStatus.SopClassNotSupported : DimseStatus.NoSuchSopClass;
        DicomUid sopClass = SopClassOf(command);
        if (invocation.IsOverdue)
            return (TooMuch(command.Command), "too many requests at a time");
        if (command.FindViolation() is { } violation)
            return (DimseStatus.MistypedArgument, violation);
        if (command.Command == CommandField.CMoveRequest && command.MoveDestination.IsNone)
            return (DimseStatus.MoveDestinationUnknown, "Move Destination is not an AE title");
        if (invocation.IsDuplicate)
            return (DimseStatus.DuplicateInvocation, "the Message ID is in use");
        if (sopClass.IsNone || !(isComposite ? sopClass == context.AbstractSyntax : SopClassFit.Fits(context.AbstractSyntax, sopClass)))
            return (unknownClass, "SOP Class does not fit the presentation context");
        // Events go from the SCP to the SCU, all else from the SCU to the SCP (PS3.7 annex D.3.3.4).
        bool isEvent = command.Command == CommandField.NEventReportRequest;
        if (!(isEvent ? context.ScuRole : context.ScpRole))
            return (unknownClass, $"the {(isEvent ? "SCU" : "SCP")} role was not negotiated");
        switch (Support(command.Command, sopClass))
        {
            case ServiceSupport.NotAtAll:
                return (DimseStatus.UnrecognizedOperation, "the service is not supported");
            case ServiceSupport.OtherClasses:
                return (unknownClass, "the service is not supported for the SOP Class");
        }

        if (!isComposite && InstanceOf(command).IsNone && (command.Command != CommandField.NCreateRequest || command.Contains(CommandTags.AffectedSopInstanceUid) && HasValue(command)))
            return (DimseStatus.InvalidSopInstance, "the SOP Instance UID is not a UID");
        if (invocation.IsDataSetTooLong)
            return (TooMuch(command.Command), "the data set is too long");
        if (invocation.IsCancelRequested)
            return (DimseStatus.Cancel, "cancelled before it began");
        return Read(invocation, isComposite);
    }

    private (DimseStatus Status, string Comment)? Read(ServiceInvocation invocation, bool isComposite)
    {
        if (invocation.Encoded is not { } encoded)
            return null;
        try
        {
            invocation.DataSet = ReceivedDataSet.Read(encoded, invocation.TransferSyntax, handlers.Options.MaxDataSetLength);
            return null;
        }
        catch (DicomDataException error)
        {
            // What a peer sends is no fault of ours, and no handler has seen it.
            engine.Log.DataSetUnreadable(invocation.Command.Command, invocation.Command.MessageId, error.Message);
            return (isComposite ? DimseStatus.CannotUnderstand : DimseStatus.ProcessingFailure, "the data set cannot be read");
        }
    }

    private enum ServiceSupport
    {
        NotAtAll,
        OtherClasses,
        Supported,
    }

    private ServiceSupport Support(CommandField command, DicomUid sopClass)
    {
        return command switch
        {
            CommandField.CFindRequest => Of(handlers.Find),
            CommandField.CGetRequest => Of(handlers.Get),
            CommandField.CMoveRequest => Of(handlers.Move),
            CommandField.NEventReportRequest => Of(handlers.NEventReport),
            CommandField.NGetRequest => Of(handlers.NGet),
            CommandField.NSetRequest => Of(handlers.NSet),
            CommandField.NActionRequest => Of(handlers.NAction),
            CommandField.NCreateRequest => Of(handlers.NCreate),
            _ => Of(handlers.NDelete),
        };

        ServiceSupport Of<THandler>(HandlerTable<THandler> table) where THandler : class =>
            table.Find(sopClass) is not null ? ServiceSupport.Supported : table.IsEmpty ? ServiceSupport.NotAtAll : ServiceSupport.OtherClasses;
    }

    // Refuse has found the handlers that are asked for here.
    private Task CallAsync(ServiceInvocation invocation)
    {
        DicomUid sopClass = SopClassOf(invocation.Command);
        CancellationToken token = invocation.Token;
        return invocation.Command.Command switch
        {
            CommandField.CFindRequest => FindService.AnswerAsync(invocation, handlers.Find.Find(sopClass)!),
            CommandField.CGetRequest => RetrieveService.AnswerGetAsync(invocation, handlers.Get.Find(sopClass)!),
            CommandField.CMoveRequest => RetrieveService.AnswerMoveAsync(invocation, handlers.Move.Find(sopClass)!),
            CommandField.NEventReportRequest => NormalizedService.AnswerAsync(invocation, () => handlers.NEventReport.Find(sopClass)!(new NEventReportIndication(invocation), token)),
            CommandField.NGetRequest => NormalizedService.AnswerAsync(invocation, () => handlers.NGet.Find(sopClass)!(new NGetIndication(invocation), token)),
            CommandField.NSetRequest => NormalizedService.AnswerAsync(invocation, () => handlers.NSet.Find(sopClass)!(new NSetIndication(invocation), token)),
            CommandField.NActionRequest => NormalizedService.AnswerAsync(invocation, () => handlers.NAction.Find(sopClass)!(new NActionIndication(invocation), token)),
            CommandField.NCreateRequest => NormalizedService.AnswerAsync(invocation, () => handlers.NCreate.Find(sopClass)!(new NCreateIndication(invocation), token)),
            _ => NormalizedService.AnswerAsync(invocation, () => handlers.NDelete.Find(sopClass)!(new NDeleteIndication(invocation), token)),
        };
    }

    // PS3.7 section 10.3: the class and instance of N-GET, N-SET, N-ACTION and N-DELETE are "requested", those of the others "affected".
    private static bool IsAffected(CommandField command) => ServiceFailure.IsComposite(command) || command is CommandField.NEventReportRequest or CommandField.NCreateRequest;

    private static DicomUid SopClassOf(CommandSet command) => IsAffected(command.Command) ? command.AffectedSopClassUid : command.RequestedSopClassUid;

    private static DicomUid InstanceOf(CommandSet command) => IsAffected(command.Command) ? command.AffectedSopInstanceUid : command.RequestedSopInstanceUid;

    private static bool HasValue(CommandSet command) =>
        command.TryGetValue(CommandTags.AffectedSopInstanceUid, out ReadOnlySpan<byte> value) && !value.Trim("\0 "u8).IsEmpty;

    // PS3.4 tables C.4-1 to C.4-3; PS3.7 annex C.5.
    private static DimseStatus TooMuch(CommandField command) => command switch
    {
        CommandField.CFindRequest => DimseStatus.OutOfResources,
        CommandField.CGetRequest or CommandField.CMoveRequest => new DimseStatus(0xA701),
        _ => DimseStatus.ResourceLimitation,
    };

    private static string NameOf(CommandField command) => command switch
    {
        CommandField.CFindRequest => "Find",
        CommandField.CGetRequest => "Get",
        CommandField.CMoveRequest => "Move",
        CommandField.NEventReportRequest => "N-EVENT-REPORT",
        CommandField.NGetRequest => "N-GET",
        CommandField.NSetRequest => "N-SET",
        CommandField.NActionRequest => "N-ACTION",
        CommandField.NCreateRequest => "N-CREATE",
        _ => "N-DELETE",
    };
}
