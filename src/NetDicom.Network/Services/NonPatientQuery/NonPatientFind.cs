using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>A C-FIND as a provider's owner sees it: checked, and made ready for matching.</summary>
/// <param name="Model">The information model.</param>
/// <param name="Identifier">The keys, by <see cref="NonPatientRules.Prepare"/>.</param>
/// <param name="Agreed">What extended negotiation agreed on for this class (PS3.4 section K.5): nothing, unless the server's <see cref="DicomServerOptions.OnNegotiate"/> answered an offer.</param>
/// <param name="Association">The association it came on.</param>
public sealed record NonPatientFind(NonPatientModel Model, DicomDataSet Identifier, WorklistExtendedNegotiation Agreed, Association Association);
