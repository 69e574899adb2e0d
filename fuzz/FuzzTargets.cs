using NetDicom.Fuzz.Targets;

namespace NetDicom.Fuzz;

/// <summary>Every target by name.</summary>
internal static class FuzzTargets
{
    private static readonly Dictionary<string, Func<FuzzTarget>> s_targets = new()
    {
        ["pdu"] = () => new PduTarget(),
        ["command"] = () => new CommandTarget(),
        ["dataset"] = () => new DataSetTarget(),
        ["deflated"] = () => new DeflatedTarget(),
        ["file"] = () => new FileTarget(),
        ["json"] = () => new JsonTarget(),
        ["server"] = () => new ServerTarget(),
    };

    public static IReadOnlyCollection<string> Names => s_targets.Keys;

    public static FuzzTarget Create(string name) => s_targets[name]();
}
