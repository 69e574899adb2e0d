using System.Numerics;
using System.Text;

namespace NetDicom.Protocol;

/// <summary>What a status means to a service: the same code says different things in PS3.7 annex C and in each service class of PS3.4.</summary>
public static class DimseStatusMeaning
{
    /// <summary>The meaning of <paramref name="status"/> in a response to or of <paramref name="command"/>, for instance "data set does not match the SOP class".</summary>
    /// <param name="status">The status.</param>
    /// <param name="command">The message, request or response.</param>
    /// <param name="serviceClass">
    /// The service class as PS3.4 names it, for instance "Basic Worklist". Without one, or where it does not list the code: Storage for C-STORE, Query/Retrieve for
    /// C-FIND, C-GET and C-MOVE; then what PS3.7 says for the command, then for the class of the code.
    /// </param>
    /// <returns>Some words, or null for a code in none of the tables.</returns>
    public static string? Find(DimseStatus status, CommandField command, string? serviceClass = null)
    {
        string? service = CommandDefinition.Find(command)?.Service;
        StatusTable.Row? best = null;
        int bestRank = 0;
        for (int i = 0; i < StatusTable.Count; i++)
        {
            StatusTable.Row row = StatusTable.At(i);
            if ((status.Code & row.Mask) != row.Code)
                continue;
            int rank = Rank(row, service, serviceClass);
            if (rank > bestRank)
                (best, bestRank) = (row, rank);
        }

        return best is { } found ? Encoding.UTF8.GetString(found.Meaning) : null;
    }

    /// <summary>How near a row is to the question; 0 for not at all. Within a scope, a code counts for more than a range.</summary>
    private static int Rank(in StatusTable.Row row, string? service, string? serviceClass)
    {
        int exactness = BitOperations.PopCount(row.Mask);
        if (Is(row.Scope, "Code classes"))
            return 1 + exactness;
        if (service is null || !IsService(row.Dimse, service))
            return 0;
        if (serviceClass is not null && Is(row.Scope, serviceClass))
            return 400 + exactness;
        if (service is "C-STORE" ? Is(row.Scope, "Storage") : Is(row.Scope, "Query/Retrieve"))
            return 300 + exactness;
        return Is(row.Scope, "General") ? 200 + exactness : 0;
    }

    // Some rows name the action type too: "N-ACTION type 1 Change State".
    private static bool IsService(ReadOnlySpan<byte> row, string service) =>
        Is(row, service) || row.Length > service.Length && row[service.Length] == (byte)' ' && Is(row[..service.Length], service);

    private static bool Is(ReadOnlySpan<byte> utf8, string text) => Ascii.Equals(utf8, text);
}
