using System.Globalization;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands;

/// <summary>A status as programs read it.</summary>
internal static class StatusText
{
    /// <summary>Four hexadecimal digits, such as <c>A700</c>.</summary>
    public static string Code(DimseStatus status) => status.Code.ToString("X4", CultureInfo.InvariantCulture);

    /// <summary>A status for people: code, kind, what it means to the service, and what the peer says besides: <c>0xA900 Failure (Identifier does not match SOP Class): no such level</c>.</summary>
    /// <param name="status">The status.</param>
    /// <param name="response">The message that brought it.</param>
    /// <param name="serviceClass">The service class as PS3.4 names it; null: the usual one of the message.</param>
    /// <param name="comment">Error Comment.</param>
    /// <param name="offending">Offending Element, or the attributes that an attribute list error names.</param>
    public static string Describe(DimseStatus status, CommandField response, string? serviceClass = null, string? comment = null, IReadOnlyList<DicomTag>? offending = null)
    {
        // The codes of PS3.7 annex C (0xxx) mean the same to every service; those of the services (Axxx, Bxxx, Cxxx) what the service says.
        string text = status.Code >= 0xA000 && DimseStatusMeaning.Find(status, response, serviceClass) is { } meaning ? $"0x{Code(status)} {status.Category} ({meaning})" : status.ToString();
        if (comment is not null)
            text += $": {comment}";
        return offending is { Count: > 0 } ? $"{text}; about {string.Join(", ", offending)}" : text;
    }
}
