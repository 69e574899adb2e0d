using System.Globalization;

namespace NetDicom.TestSupport;

/// <summary>
/// The seed of tests that draw by lot. It is the same in every run, so that a test turns red by a change and not by the lot; the environment variable NETDICOM_SEED gives another one, a number or
/// <c>fresh</c>. What fails names it.
/// </summary>
internal static class Seed
{
    public const string Variable = "NETDICOM_SEED";

    public static int Value { get; } = Environment.GetEnvironmentVariable(Variable) switch
    {
        "fresh" => Random.Shared.Next(),
        { } text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seed) => seed,
        _ => 4711,
    };
}
