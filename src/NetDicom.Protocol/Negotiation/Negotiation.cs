namespace NetDicom.Protocol;

/// <summary>What an acceptor answers to the presentation contexts and roles of a request.</summary>
/// <param name="Results">One result for each proposed context, in the order proposed: for the A-ASSOCIATE-AC.</param>
/// <param name="RoleReplies">The role selections (54H) of the answer.</param>
/// <param name="Contexts">The same seen from the acceptor: the roles are its own.</param>
public sealed record NegotiationResult(
    IReadOnlyList<PresentationContextResultItem> Results,
    IReadOnlyList<RoleSelection> RoleReplies,
    IReadOnlyList<NegotiatedContext> Contexts);

/// <summary>Negotiation of presentation contexts and roles (PS3.8 sections 7.1.1.13 and 9.3.2.2, PS3.7 annex D.3.3.4), both sides, as functions.</summary>
public static class Negotiation
{
    /// <summary>Most contexts in a request: there are no more odd ids.</summary>
    public const int MaxContexts = 128;

    /// <summary>The acceptor's side.</summary>
    /// <remarks>
    /// Abstract syntax unknown or no UID: 3. Known, but none of the transfer syntaxes: 4. An even or zero id, which must not be sent but leaves no doubt what is meant: 2.
    /// A role reply goes to each abstract syntax that was accepted, for which roles were validly proposed, and for which the policy names roles.
    /// </remarks>
    /// <exception cref="PduViolationException">Two contexts have the same id, so that no answer could say which is meant.</exception>
    public static NegotiationResult NegotiateContexts(AAssociateRQ request, AcceptorPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(policy);
        int count = request.PresentationContexts.Count;
        var results = new List<PresentationContextResultItem>(count);
        var replies = new List<RoleSelection>();
        var contexts = new List<NegotiatedContext>(count);
        Span<bool> seen = stackalloc bool[byte.MaxValue + 1];
        foreach (PresentationContextProposal proposal in request.PresentationContexts)
        {
            if (seen[proposal.Id])
                throw new PduViolationException(AbortReason.InvalidPduParameterValue, $"presentation context id {proposal.Id} is proposed twice (PS3.8 9.3.2.2)");
            seen[proposal.Id] = true;
            (PresentationContextResult result, DicomUid transferSyntax) = Judge(proposal, request.UserInformation, policy);
            bool accepted = result == PresentationContextResult.Acceptance;
            RequestorRoles roles = accepted ? ReplyRoles(proposal.AbstractSyntax, request.UserInformation, policy, replies) : default;

            // A refused context names one syntax all the same: some peers read the item without looking at the result.
            DicomUid named = accepted || proposal.TransferSyntaxes.Count == 0 ? transferSyntax : proposal.TransferSyntaxes[0];
            results.Add(new PresentationContextResultItem(proposal.Id, result, named));
            contexts.Add(new NegotiatedContext(proposal.Id, proposal.AbstractSyntax, transferSyntax, result, ScuRole: roles.Scp, ScpRole: roles.Scu));
        }

        return new NegotiationResult(results, replies, contexts);
    }

    /// <summary>A request for <paramref name="contexts"/>, with ids 1, 3, 5 … in their order and the role selections they ask for behind those of <paramref name="userInformation"/>.</summary>
    /// <exception cref="ArgumentException">
    /// No context or more than 128; one without abstract or transfer syntax; two of one abstract syntax that ask for different roles; a title missing.
    /// </exception>
    public static AAssociateRQ BuildRequest(AETitle calledAETitle, AETitle callingAETitle, IReadOnlyList<PresentationContext> contexts, UserInformation userInformation)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        ArgumentNullException.ThrowIfNull(userInformation);
        var proposals = new List<PresentationContextProposal>(contexts.Count);
        var roles = new List<RoleSelection>(userInformation.RoleSelections);
        for (int i = 0; i < contexts.Count; i++)
        {
            PresentationContext context = contexts[i];
            proposals.Add(new PresentationContextProposal(unchecked((byte)((2 * i) + 1)), context.AbstractSyntax, context.TransferSyntaxes));
            if (context.HasRoles)
                AddRole(roles, new RoleSelection(context.AbstractSyntax, context.ScuRole ?? false, context.ScpRole ?? false));
        }

        return BuildRequest(calledAETitle, callingAETitle, proposals, new UserInformation
        {
            MaximumLength = userInformation.MaximumLength,
            ImplementationClassUid = userInformation.ImplementationClassUid,
            ImplementationVersionName = userInformation.ImplementationVersionName,
            AsynchronousOperationsWindow = userInformation.AsynchronousOperationsWindow,
            RoleSelections = roles,
            SopClassExtendedNegotiations = userInformation.SopClassExtendedNegotiations,
            SopClassCommonExtendedNegotiations = userInformation.SopClassCommonExtendedNegotiations,
            UserIdentity = userInformation.UserIdentity,
        });
    }

    /// <summary>A request with ids of the caller's choice.</summary>
    /// <exception cref="ArgumentException">As above, or an id that is even or used twice.</exception>
    public static AAssociateRQ BuildRequest(AETitle calledAETitle, AETitle callingAETitle, IReadOnlyList<PresentationContextProposal> proposals, UserInformation userInformation)
    {
        ArgumentNullException.ThrowIfNull(proposals);
        ArgumentNullException.ThrowIfNull(userInformation);
        if (calledAETitle.IsNone || callingAETitle.IsNone)
            throw new ArgumentException("a request needs a called and a calling AE title (PS3.8 9.3.2)", calledAETitle.IsNone ? nameof(calledAETitle) : nameof(callingAETitle));
        if (proposals.Count is 0 or > MaxContexts)
            throw new ArgumentException($"{proposals.Count} presentation contexts: 1 to {MaxContexts} can be proposed, one for each odd id (PS3.8 9.3.2.2){(proposals.Count == 0 ? "" : "; propose fewer, or divide them among several associations")}", nameof(proposals));
        Span<bool> seen = stackalloc bool[byte.MaxValue + 1];
        foreach (PresentationContextProposal proposal in proposals)
        {
            if ((proposal.Id & 1) == 0)
                throw new ArgumentException($"presentation context id {proposal.Id} is not odd (PS3.8 9.3.2.2)", nameof(proposals));
            if (seen[proposal.Id])
                throw new ArgumentException($"presentation context id {proposal.Id} is used twice (PS3.8 9.3.2.2)", nameof(proposals));
            seen[proposal.Id] = true;
            if (proposal.AbstractSyntax.IsNone)
                throw new ArgumentException($"presentation context {proposal.Id} has no abstract syntax (PS3.8 9.3.2.2)", nameof(proposals));
            if (proposal.TransferSyntaxes.Count == 0)
                throw new ArgumentException($"presentation context {proposal.Id} ({proposal.AbstractSyntax}) has no transfer syntax (PS3.8 9.3.2.2)", nameof(proposals));
        }

        return new AAssociateRQ
        {
            CalledAETitle = calledAETitle,
            CallingAETitle = callingAETitle,
            PresentationContexts = proposals,
            UserInformation = userInformation,
        };
    }

    /// <summary>The requestor's side: reads an answer against its request.</summary>
    /// <returns>
    /// One entry for each proposed context in its order, then one for each answer to an id that was not proposed. A context without an answer is not accepted. One that was
    /// accepted cannot be used if it was answered twice, or with a syntax that was not proposed, or was not proposed itself: <see cref="NegotiatedContext.Problem"/> says so.
    /// </returns>
    /// <param name="request">What was sent.</param>
    /// <param name="answer">What came back.</param>
    /// <param name="refusalMeansDefault">See <see cref="RequestorRoles.Of"/>.</param>
    /// <param name="silenceMeansAgreed">See <see cref="RequestorRoles.Of"/>.</param>
    public static IReadOnlyList<NegotiatedContext> ReadAnswer(AAssociateRQ request, AAssociateAC answer, bool refusalMeansDefault = false, bool silenceMeansAgreed = false)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(answer);
        var contexts = new List<NegotiatedContext>(request.PresentationContexts.Count);
        foreach (PresentationContextProposal proposal in request.PresentationContexts)
        {
            RequestorRoles roles = RequestorRoles.Of(
                FindRoles(request.UserInformation, proposal.AbstractSyntax), FindRoles(answer.UserInformation, proposal.AbstractSyntax), refusalMeansDefault, silenceMeansAgreed);
            contexts.Add(ReadAnswer(proposal, answer, roles));
        }

        foreach (PresentationContextResultItem item in answer.PresentationContexts)
        {
            if (!request.PresentationContexts.Any(p => p.Id == item.Id))
                contexts.Add(new NegotiatedContext(item.Id, default, default, item.Result, false, false, "answered, but not proposed"));
        }

        return contexts;
    }

    private static NegotiatedContext ReadAnswer(PresentationContextProposal proposal, AAssociateAC answer, RequestorRoles roles)
    {
        PresentationContextResultItem? found = null;
        string? problem = null;
        foreach (PresentationContextResultItem item in answer.PresentationContexts)
        {
            if (item.Id != proposal.Id)
                continue;
            if (found is not null)
                problem = "answered twice";
            found ??= item;
        }

        if (found is null)
            return new NegotiatedContext(proposal.Id, proposal.AbstractSyntax, default, PresentationContextResult.NoReason, false, false, "not answered");
        if (found.Result == PresentationContextResult.Acceptance && (found.TransferSyntax.IsNone || !proposal.TransferSyntaxes.Contains(found.TransferSyntax)))
            problem ??= found.TransferSyntax.IsNone ? "accepted without one transfer syntax" : $"accepted with transfer syntax {found.TransferSyntax}, which was not proposed";
        bool usable = found.Result == PresentationContextResult.Acceptance && problem is null;
        return new NegotiatedContext(
            proposal.Id, proposal.AbstractSyntax, usable ? found.TransferSyntax : default, found.Result, usable && roles.Scu, usable && roles.Scp, problem);
    }

    private static (PresentationContextResult Result, DicomUid TransferSyntax) Judge(PresentationContextProposal proposal, UserInformation information, AcceptorPolicy policy)
    {
        if ((proposal.Id & 1) == 0 && !(policy.AcceptEvenIds && proposal.Id != 0))
            return (PresentationContextResult.NoReason, default);
        if (proposal.AbstractSyntax.IsNone)
            return (PresentationContextResult.AbstractSyntaxNotSupported, default);
        IReadOnlyList<DicomUid>? supported = policy.Find(proposal.AbstractSyntax)?.TransferSyntaxes;
        if (supported is null)
        {
            if (policy.AcceptUnknownStorage?.Invoke(proposal.AbstractSyntax, DeclaredServiceClass(information, proposal.AbstractSyntax)) != true)
                return (PresentationContextResult.AbstractSyntaxNotSupported, default);
            supported = policy.UnknownStorageTransferSyntaxes.Count > 0 ? policy.UnknownStorageTransferSyntaxes : proposal.TransferSyntaxes;
        }

        (IReadOnlyList<DicomUid> order, IReadOnlyList<DicomUid> others) = policy.Preference == TransferSyntaxPreference.Acceptor
            ? (supported, proposal.TransferSyntaxes)
            : (proposal.TransferSyntaxes, supported);
        foreach (DicomUid transferSyntax in order)
        {
            if (!transferSyntax.IsNone && others.Contains(transferSyntax))
                return (PresentationContextResult.Acceptance, transferSyntax);
        }

        return (PresentationContextResult.TransferSyntaxesNotSupported, default);
    }

    /// <summary>The roles on an accepted context; its reply is added to <paramref name="replies"/> once for each abstract syntax.</summary>
    private static RequestorRoles ReplyRoles(DicomUid abstractSyntax, UserInformation information, AcceptorPolicy policy, List<RoleSelection> replies)
    {
        RoleSelection? proposed = FindRoles(information, abstractSyntax);
        if (policy.AssumeRoles && proposed is null && policy.Find(abstractSyntax) is { HasRoles: true } assumed)
            return new RequestorRoles(assumed.ScuRole != false, assumed.ScpRole == true);
        if (proposed is not ({ Scu: true } or { Scp: true }) || policy.Find(abstractSyntax) is not { HasRoles: true } supported)
            return RequestorRoles.Default;
        var reply = new RoleSelection(abstractSyntax, proposed.Value.Scu && supported.ScuRole == true, proposed.Value.Scp && supported.ScpRole == true);
        if (!replies.Contains(reply))
            replies.Add(reply);
        return RequestorRoles.Of(proposed, reply);
    }

    private static RoleSelection? FindRoles(UserInformation information, DicomUid sopClass)
    {
        foreach (RoleSelection role in information.RoleSelections)
        {
            if (role.SopClassUid == sopClass && !sopClass.IsNone)
                return role;
        }

        return null;
    }

    private static DicomUid DeclaredServiceClass(UserInformation information, DicomUid sopClass)
    {
        foreach (SopClassCommonExtendedNegotiation negotiation in information.SopClassCommonExtendedNegotiations)
        {
            if (negotiation.SopClassUid == sopClass)
                return negotiation.ServiceClassUid;
        }

        return default;
    }

    private static void AddRole(List<RoleSelection> roles, RoleSelection role)
    {
        foreach (RoleSelection other in roles)
        {
            if (other.SopClassUid != role.SopClassUid)
                continue;
            if (other != role)
                throw new ArgumentException($"{role.SopClassUid} asks for two different pairs of roles; one item holds for all its contexts (PS3.7 D.3.3.4)", nameof(role));
            return;
        }

        roles.Add(role);
    }
}
