namespace NetDicom.Network;

/// <summary>A procedure step with what there is on it: what <see cref="IUpsRecordStore"/> keeps as one piece.</summary>
/// <param name="InstanceUid">The step.</param>
/// <param name="Attributes">All of it, the transaction UID included.</param>
/// <param name="Subscriptions">By the AE title of the receiver; none is <see cref="UpsSubscription.None"/>.</param>
public sealed record UpsRecord(DicomUid InstanceUid, DicomDataSet Attributes, IReadOnlyDictionary<string, UpsSubscription> Subscriptions);

/// <summary>A global subscription (PS3.4 section CC.2.3).</summary>
/// <param name="ReceivingAE">AE title of the receiver, which has one at most.</param>
/// <param name="State">With deletion lock or without.</param>
/// <param name="Keys">The matching keys of a filtered one; null for one without a filter.</param>
public sealed record UpsGlobalSubscription(string ReceivingAE, UpsSubscription State, DicomDataSet? Keys);

/// <summary>
/// A durable memory for a <see cref="UpsStore"/>, so that steps and subscriptions survive its end: <see cref="UpsStoreOptions.Records"/>; <see cref="UpsFolder"/> is one. A request is answered when its
/// change is kept; where a method throws, nothing has changed and the request is answered 0110H. The store calls one method at a time, and nobody else is answered meanwhile: they must not take long.
/// </summary>
public interface IUpsRecordStore
{
    /// <summary>Keeps a step as it is now; an earlier record of it gives way, all at once.</summary>
    void SaveStep(UpsRecord record);

    /// <summary>Forgets a step; nothing happens for one that is not there.</summary>
    void RemoveStep(DicomUid instanceUid);

    /// <summary>Keeps a global subscription in place of the one that its receiver had.</summary>
    void SaveGlobalSubscription(UpsGlobalSubscription subscription);

    /// <summary>Forgets the one of a receiver; nothing happens where there is none.</summary>
    void RemoveGlobalSubscription(string receivingAE);

    /// <summary>Every step, in any order.</summary>
    IEnumerable<UpsRecord> LoadSteps();

    /// <summary>Every global subscription, in any order.</summary>
    IEnumerable<UpsGlobalSubscription> LoadGlobalSubscriptions();
}
