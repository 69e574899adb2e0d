using System.Globalization;
using System.Text;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>A-ASSOCIATE-RQ, A-ASSOCIATE-AC and command sets as text for people, at debug level. Of a user identity only the type and the lengths are shown.</summary>
internal static class AssociationText
{
    public static string Of(AAssociateRQ request)
    {
        StringBuilder text = Begin("A-ASSOCIATE-RQ", request);
        foreach (PresentationContextProposal context in request.PresentationContexts)
        {
            Line(text, $"  context {context.Id}: {Uids.NameOf(context.AbstractSyntax)}{Roles(request.UserInformation, context.AbstractSyntax)}");
            foreach (DicomUid syntax in context.TransferSyntaxes)
                Line(text, $"    {Uids.NameOf(syntax)}");
        }

        return End(text, request.UserInformation);
    }

    public static string Of(AAssociateAC answer)
    {
        StringBuilder text = Begin("A-ASSOCIATE-AC", answer);
        foreach (PresentationContextResultItem context in answer.PresentationContexts)
            Line(text, $"  context {context.Id}: {context.Result}{(context.Result == PresentationContextResult.Acceptance ? $", {Uids.NameOf(context.TransferSyntax)}" : "")}");
        foreach (RoleSelection role in answer.UserInformation.RoleSelections)
            Line(text, $"  roles of {Uids.NameOf(role.SopClassUid)}: {Roles(role)}");
        return End(text, answer.UserInformation);
    }

    /// <summary>The elements of a command set by keyword (PS3.7 annex E). There are no patient data in it, but the UID of an instance.</summary>
    public static string Of(CommandSet command)
    {
        var text = new StringBuilder();
        text.Append(CommandNames.Of(command.Command)).Append(((ushort)command.Command & 0x8000) == 0 ? "-RQ" : "-RSP");
        if (!command.AffectedSopClassUid.IsNone)
            Line(text.AppendLine(), $"  Affected SOP Class UID: {Uids.NameOf(command.AffectedSopClassUid)}", last: true);
        if (command.GetUid(CommandTags.RequestedSopClassUid) is { IsNone: false } requested)
            Line(text.AppendLine(), $"  Requested SOP Class UID: {Uids.NameOf(requested)}", last: true);
        Number(text, command, CommandTags.MessageId, "Message ID");
        Number(text, command, CommandTags.MessageIdBeingRespondedTo, "Message ID Being Responded To");
        if (!command.AffectedSopInstanceUid.IsNone)
            Line(text.AppendLine(), $"  Affected SOP Instance UID: {command.AffectedSopInstanceUid}", last: true);
        if (command.GetUid(CommandTags.RequestedSopInstanceUid) is { IsNone: false } instance)
            Line(text.AppendLine(), $"  Requested SOP Instance UID: {instance}", last: true);
        Number(text, command, CommandTags.EventTypeId, "Event Type ID");
        Number(text, command, CommandTags.ActionTypeId, "Action Type ID");
        if (command.GetAETitle(CommandTags.MoveDestination) is { IsNone: false } destination)
            Line(text.AppendLine(), $"  Move Destination: {destination}", last: true);
        Number(text, command, CommandTags.NumberOfRemainingSuboperations, "Remaining");
        Number(text, command, CommandTags.NumberOfCompletedSuboperations, "Completed");
        Number(text, command, CommandTags.NumberOfFailedSuboperations, "Failed");
        Number(text, command, CommandTags.NumberOfWarningSuboperations, "Warning");
        if (command.Contains(CommandTags.Status))
            Line(text.AppendLine(), $"  Status: {command.Status}", last: true);
        Line(text.AppendLine(), $"  Data set: {(command.HasDataSet ? "yes" : "no")}", last: true);
        return text.ToString();
    }

    private static StringBuilder Begin(string name, AAssociatePdu pdu)
    {
        var text = new StringBuilder();
        Line(text, $"{name}: {pdu.CallingAETitle} to {pdu.CalledAETitle}");
        return text;
    }

    private static string End(StringBuilder text, UserInformation user)
    {
        Line(text, $"  max PDU {(user.MaximumLength is { } length ? length.ToString(CultureInfo.InvariantCulture) : "not given")}, implementation {Text(user.ImplementationClassUid)} {user.ImplementationVersionName}");
        if (user.AsynchronousOperationsWindow is { } window)
            Line(text, $"  asynchronous operations window: invoked {window.Invoked}, performed {window.Performed}");
        foreach (SopClassExtendedNegotiation item in user.SopClassExtendedNegotiations)
            Line(text, $"  extended negotiation of {Uids.NameOf(item.SopClassUid)}: {Convert.ToHexString(item.ServiceClassApplicationInformation.Span[..Math.Min(32, item.ServiceClassApplicationInformation.Length)])}");
        foreach (SopClassCommonExtendedNegotiation item in user.SopClassCommonExtendedNegotiations)
            Line(text, $"  common extended negotiation of {Uids.NameOf(item.SopClassUid)}: service class {Uids.NameOf(item.ServiceClassUid)}");
        if (user.UserIdentity is { } identity)
            Line(text, $"  user identity: {identity.Type}, {identity.PrimaryField.Length} and {identity.SecondaryField.Length} bytes{(identity.PositiveResponseRequested ? ", response asked for" : "")}");
        if (user.UserIdentityResponse is { } response)
            Line(text, $"  user identity accepted, response of {response.ServerResponse.Length} bytes");
        return text.ToString().TrimEnd();
    }

    private static string Roles(UserInformation user, DicomUid sopClass)
    {
        foreach (RoleSelection role in user.RoleSelections)
        {
            if (role.SopClassUid == sopClass)
                return $" ({Roles(role)})";
        }

        return "";
    }

    private static string Roles(RoleSelection role) => (role.Scu, role.Scp) switch
    {
        (true, true) => "SCU and SCP",
        (true, false) => "SCU",
        (false, true) => "SCP",
        _ => "no role",
    };

    private static string Text(DicomUid uid) => uid.IsNone ? "not given" : uid.ToString();

    private static void Number(StringBuilder text, CommandSet command, DicomTag tag, string name)
    {
        if (command.TryGetUInt16(tag, out ushort value))
            Line(text.AppendLine(), $"  {name}: {value}", last: true);
    }

    private static void Line(StringBuilder text, FormattableString line, bool last = false)
    {
        text.Append(line.ToString(CultureInfo.InvariantCulture));
        if (!last)
            text.AppendLine();
    }
}
