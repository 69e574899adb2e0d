using System.Globalization;
using System.Text;

namespace NetDicom.Protocol;

/// <summary>One status as PS3.7 annex C or a service class of PS3.4 lists it.</summary>
/// <param name="ServiceClass">The service class, "General" for PS3.7 annex C, "Code classes" for the ranges of all services.</param>
/// <param name="Service">The DIMSE service, some with the action type: "N-ACTION type 1 Change State"; "any" for all.</param>
/// <param name="Code">The code; digits that may be anything are 0.</param>
/// <param name="Mask">Which bits of a status count: FF00H for A7xx.</param>
/// <param name="Category">What kind of outcome it is.</param>
/// <param name="Meaning">Some words.</param>
/// <param name="RelatedFields">Command elements that the response may carry besides, such as Offending Element (0000,0901).</param>
/// <param name="Source">Part and table.</param>
public sealed record StatusDefinition(
    string ServiceClass, string Service, ushort Code, ushort Mask, DimseStatusCategory Category, string Meaning, IReadOnlyList<DicomTag> RelatedFields, string Source)
{
    // The order of the generated table's Category.
    private static readonly DimseStatusCategory[] _categories =
        [DimseStatusCategory.Success, DimseStatusCategory.Pending, DimseStatusCategory.Warning, DimseStatusCategory.Failure, DimseStatusCategory.Cancel];

    private static StatusDefinition[]? _all;

    /// <summary>Every status of the standard.</summary>
    public static IReadOnlyList<StatusDefinition> All => _all ??= Read();

    /// <summary>Whether a status is this one, or in its range.</summary>
    public bool Covers(DimseStatus status) => (status.Code & Mask) == Code;

    /// <summary>
    /// The statuses that a service class lists for a DIMSE service. Others may come all the same: codes of its own within Axxx, Bxxx and Cxxx are a provider's right (PS3.7 annex C), and
    /// their category is that of their range.
    /// </summary>
    /// <param name="serviceClass">As PS3.4 names it, for instance "Query/Retrieve".</param>
    /// <param name="service">The DIMSE service, for instance "C-FIND".</param>
    public static IEnumerable<StatusDefinition> For(string serviceClass, string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return All.Where(one => one.ServiceClass == serviceClass && (one.Service == service || one.Service == "any" || one.Service.StartsWith(service + " ", StringComparison.Ordinal)));
    }

    private static StatusDefinition[] Read()
    {
        var all = new StatusDefinition[StatusTable.Count];
        for (int i = 0; i < all.Length; i++)
        {
            StatusTable.Row row = StatusTable.At(i);
            all[i] = new StatusDefinition(Text(row.Scope), Text(row.Dimse), row.Code, row.Mask, _categories[row.Category], Text(row.Meaning), Tags(Text(row.RelatedFields)), Text(row.Source));
        }

        return all;
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    // Command elements are printed (0000,eeee) among words.
    private static DicomTag[] Tags(string text)
    {
        var tags = new List<DicomTag>();
        for (int at = text.IndexOf("(0000,", StringComparison.Ordinal); at >= 0; at = text.IndexOf("(0000,", at + 1, StringComparison.Ordinal))
        {
            if (at + 11 <= text.Length && ushort.TryParse(text.AsSpan(at + 6, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort element))
                tags.Add(new DicomTag(0, element));
        }

        return [.. tags];
    }
}
