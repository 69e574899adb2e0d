using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>RT machine verifications in memory (PS3.4 annex DD), for tests and small uses. Safe for several threads; what goes in and out is copied.</summary>
/// <param name="findPlan">What is known of an RT plan by its SOP Instance UID; null if it is not there.</param>
/// <param name="verify">
/// Compares the parameters of a verification with its plan, and may take its time and ask an operator. Its token fires when the user's association has ended.
/// </param>
/// <param name="maxVerifications">Most verifications at a time; one more is answered C223H. Default 1: a machine treats one patient.</param>
public sealed class MachineVerificationStore(
    Func<DicomUid, MachineVerificationPlan?> findPlan, Func<DicomDataSet, CancellationToken, ValueTask<MachineVerificationOutcome>> verify, int maxVerifications = 1) : IMachineVerificationStore
{
    private sealed class Verification(DicomUid sopClass, DicomDataSet attributes, MachineVerificationPlan plan, int fractionGroup)
    {
        public DicomUid SopClass { get; } = sopClass;

        public DicomDataSet Attributes { get; set; } = attributes;

        public MachineVerificationPlan Plan { get; } = plan;

        public int FractionGroup { get; } = fractionGroup;

        public bool IsVerifying { get; set; }
    }

    private readonly Lock _gate = new();
    private readonly Dictionary<DicomUid, Verification> _verifications = [];

    /// <summary>Judges the devices and accessories that an N-SET names: C225H for one that is not supported, C226H for one that is not in the beam. Must not throw. Null: all are taken.</summary>
    public Func<DicomDataSet, MachineVerificationPlan, RuleResult>? CheckAccessories { get; init; }

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _verifications.Count;
        }
    }

    /// <summary>Their SOP Instance UIDs.</summary>
    public IReadOnlyList<DicomUid> InstanceUids
    {
        get
        {
            lock (_gate)
                return [.. _verifications.Keys];
        }
    }

    /// <summary>N-CREATE: the rules of <see cref="MachineVerificationRules.CheckCreate"/>; 0111H for a UID in use. A UID is made where none was given.</summary>
    public RuleResult Create(DicomUid sopClassUid, DicomUid instanceUid, DicomDataSet attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        DicomUid uid = instanceUid.IsNone ? DicomUid.Generate() : instanceUid;
        lock (_gate)
        {
            if (_verifications.ContainsKey(uid))
                return RuleResult.Of(DimseStatus.DuplicateSopInstance, "there is such a verification");
            MachineVerificationPlan? plan = null;
            RuleResult result = MachineVerificationRules.CheckCreate(sopClassUid, attributes, of => plan = findPlan(of), _verifications.Count >= maxVerifications);
            if (!result.IsDone)
                return result;
            var verification = new Verification(sopClassUid, attributes.Clone(), plan!, MachineVerificationRules.FractionGroup(attributes, plan!)!.Value);
            // Nothing is verified before it was asked for.
            MachineVerificationOutcome.Failed.ApplyTo(verification.Attributes);
            _verifications.Add(uid, verification);
            return RuleResult.Success with { InstanceUid = uid };
        }
    }

    /// <summary>N-SET: the rules of <see cref="MachineVerificationRules.CheckSet"/>; what was verified before is not any more. 0110H while it is being verified.</summary>
    public RuleResult Set(DicomUid sopClassUid, DicomUid instanceUid, DicomDataSet changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        lock (_gate)
        {
            if (Find(sopClassUid, instanceUid, DimseStatus.NoSuchSopInstance, out Verification? verification) is { } unknown)
                return unknown;
            if (verification!.IsVerifying)
                return RuleResult.Of(DimseStatus.ProcessingFailure, "it is being verified");
            RuleResult result = MachineVerificationRules.CheckSet(sopClassUid, changes, verification.Plan, verification.FractionGroup);
            if (result.IsDone && CheckAccessories is { } check)
                result = check(changes, verification.Plan);
            if (!result.IsDone)
                return result;
            verification.Attributes = AttributeLists.Merge(verification.Attributes, changes);
            MachineVerificationOutcome.Failed.ApplyTo(verification.Attributes);
            return result with { Attributes = null };
        }
    }

    /// <summary>N-GET: C112H for one that is not there.</summary>
    public RuleResult Get(DicomUid sopClassUid, DicomUid instanceUid, IReadOnlyList<DicomTag> attributeIdentifierList)
    {
        lock (_gate)
            return Find(sopClassUid, instanceUid, s_notFound, out Verification? verification) ?? MachineVerificationRules.Get(sopClassUid, verification!.Attributes, attributeIdentifierList);
    }

    /// <summary>N-DELETE: 0112H for one that is not there.</summary>
    public RuleResult Delete(DicomUid sopClassUid, DicomUid instanceUid)
    {
        lock (_gate)
        {
            if (Find(sopClassUid, instanceUid, DimseStatus.NoSuchSopInstance, out _) is { } unknown)
                return unknown;
            _verifications.Remove(instanceUid);
            return RuleResult.Success;
        }
    }

    /// <summary>
    /// Takes one away for its owner; false if it is not there. A user that has gone without N-DELETE leaves its verification behind, and the machine stays busy (C223H) until somebody does this.
    /// </summary>
    public bool Remove(DicomUid instanceUid)
    {
        lock (_gate)
            return _verifications.Remove(instanceUid);
    }

    /// <summary>N-ACTION 1: C112H for one that is not there, 0110H while it is being verified. <see cref="VerifyAsync"/> has to follow.</summary>
    public RuleResult Begin(DicomUid sopClassUid, DicomUid instanceUid)
    {
        lock (_gate)
        {
            if (Find(sopClassUid, instanceUid, s_notFound, out Verification? verification) is { } unknown)
                return unknown;
            if (verification!.IsVerifying)
                return RuleResult.Of(DimseStatus.ProcessingFailure, "it is being verified");
            verification.IsVerifying = true;
            return RuleResult.Success;
        }
    }

    /// <summary>Verifies what <see cref="Begin"/> began, and keeps the outcome for N-GET.</summary>
    public async ValueTask<TreatmentVerificationStatus> VerifyAsync(DicomUid sopClassUid, DicomUid instanceUid, CancellationToken cancellationToken = default)
    {
        Verification? verification;
        DicomDataSet attributes;
        lock (_gate)
        {
            // Deleted meanwhile: there is nothing that could be treated by it.
            if (!_verifications.TryGetValue(instanceUid, out verification) || !verification.IsVerifying)
                return TreatmentVerificationStatus.NotVerified;
            attributes = verification.Attributes.Clone();
        }

        MachineVerificationOutcome outcome = MachineVerificationOutcome.Failed;
        try
        {
            outcome = await verify(attributes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                outcome.ApplyTo(verification.Attributes);
                verification.IsVerifying = false;
                // Deleted while it was verified, and perhaps made anew: what was verified is not what is there.
                if (!ReferenceEquals(_verifications.GetValueOrDefault(instanceUid), verification))
                    outcome = MachineVerificationOutcome.Failed;
            }
        }

        return outcome.Status;
    }

    ValueTask<RuleResult> IMachineVerificationStore.CreateAsync(DicomUid sopClassUid, DicomUid instanceUid, DicomDataSet attributes, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Create(sopClassUid, instanceUid, attributes));

    ValueTask<RuleResult> IMachineVerificationStore.SetAsync(DicomUid sopClassUid, DicomUid instanceUid, DicomDataSet changes, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Set(sopClassUid, instanceUid, changes));

    ValueTask<RuleResult> IMachineVerificationStore.GetAsync(DicomUid sopClassUid, DicomUid instanceUid, IReadOnlyList<DicomTag> attributeIdentifierList, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Get(sopClassUid, instanceUid, attributeIdentifierList));

    ValueTask<RuleResult> IMachineVerificationStore.DeleteAsync(DicomUid sopClassUid, DicomUid instanceUid, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Delete(sopClassUid, instanceUid));

    ValueTask<RuleResult> IMachineVerificationStore.BeginAsync(DicomUid sopClassUid, DicomUid instanceUid, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Begin(sopClassUid, instanceUid));

    /// <summary>PS3.4 tables DD.3.2.2.3-1 and DD.3.2.3-2 have a code of their own for N-GET and N-ACTION.</summary>
    private static readonly DimseStatus s_notFound = new(0xC112);

    private RuleResult? Find(DicomUid sopClassUid, DicomUid instanceUid, DimseStatus unknown, out Verification? verification) =>
        !_verifications.TryGetValue(instanceUid, out verification) ? RuleResult.Of(unknown, "no such machine verification")
        : verification.SopClass != sopClassUid ? RuleResult.Of(DimseStatus.ClassInstanceConflict, "the verification is of the other class")
        : null;
}
