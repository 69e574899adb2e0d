namespace NetDicom.Protocol;

/// <summary>The roles a requestor may take on the contexts with one abstract syntax; the acceptor takes the other end of each.</summary>
/// <param name="Scu">The requestor may be the SCU, the acceptor the SCP.</param>
/// <param name="Scp">The requestor may be the SCP, the acceptor the SCU.</param>
public readonly record struct RequestorRoles(bool Scu, bool Scp)
{
    /// <summary>What holds without role selection (PS3.7 annex D.3.3.4).</summary>
    public static RequestorRoles Default { get; } = new(true, false);

    /// <summary>What comes of a proposal and its reply (PS3.7 annex D.3.3.4).</summary>
    /// <param name="proposed">The item of the request; null without one. (0,0) is no valid proposal and counts as none.</param>
    /// <param name="reply">The item of the answer; null without one. A 1 for a role that was not proposed is ignored.</param>
    /// <param name="refusalMeansDefault">Read a reply of (0,0) to (1,1) as the default roles, as some peers mean it; otherwise it refuses both.</param>
    /// <param name="silenceMeansAgreed">Read no reply as consent to what was proposed, as peers mean it that do not know role selection but take the other role; otherwise the default holds.</param>
    public static RequestorRoles Of(RoleSelection? proposed, RoleSelection? reply, bool refusalMeansDefault = false, bool silenceMeansAgreed = false)
    {
        if (silenceMeansAgreed && reply is null && proposed is { } agreed and ({ Scu: true } or { Scp: true }))
            return new RequestorRoles(agreed.Scu, agreed.Scp);
        if (proposed is not ({ Scu: true } or { Scp: true }) || reply is not { } answer)
            return Default;
        var offer = proposed.Value;
        if (refusalMeansDefault && offer is { Scu: true, Scp: true } && answer is { Scu: false, Scp: false })
            return Default;
        return new RequestorRoles(offer.Scu && answer.Scu, offer.Scp && answer.Scp);
    }
}
