using System.Globalization;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands;

/// <summary>A status as programs read it.</summary>
internal static class StatusText
{
    /// <summary>Four hexadecimal digits, such as <c>A700</c>.</summary>
    public static string Code(DimseStatus status) => status.Code.ToString("X4", CultureInfo.InvariantCulture);
}
