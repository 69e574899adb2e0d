using System.CommandLine;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Receiving;

namespace NetDicom.Cli.Options;

/// <summary>What is done with objects that come in: folder, layout, durability, programs. The same for storescp, getscu and movescu --store.</summary>
internal sealed class ReceivingOptions
{
    /// <summary>Options that take a program and its arguments.</summary>
    public static readonly IReadOnlySet<string> Vectors = new HashSet<string> { "--on-stored", "--on-study" };

    private readonly Option<string> _folder = new("--output-directory", "-od")
    {
        Description = "folder for what is received; made when it is missing (default: .)",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => ".",
    };

    private readonly Option<bool> _ignore = new("--ignore") { Description = "answer success and keep nothing" };
    private readonly Option<string> _layout = new("--layout")
    {
        Description = "flat: CT.1.2.3; study: {StudyInstanceUID}/{SeriesInstanceUID}/{SOPInstanceUID}.dcm; or a template of such placeholders, also {SOPClassUID} and {Prefix} (default: flat)",
        HelpName = "LAYOUT",
        DefaultValueFactory = _ => "flat",
    };

    private readonly Option<string> _existing = new("--existing")
    {
        Description = "when the file is there already: replace it, keep it (and answer success), or keep both, the new one with a number (default: replace)",
        HelpName = "WHAT",
        DefaultValueFactory = _ => "replace",
    };

    private readonly Option<string> _durability = new("--durability")
    {
        Description = "before the peer is answered: none, nothing is flushed; file, the file is; full, its name in the folder too (default: none)",
        HelpName = "HOW",
        DefaultValueFactory = _ => "none",
    };

    private readonly Option<string[]> _onStored = new("--on-stored")
    {
        Description = "run a program after each object; its arguments go on to a lone ; or one of our own long options. Placeholders: {path}, {sopClassUid}, {sopInstanceUid}, {transferSyntaxUid}, "
            + "{callingAeTitle}, {calledAeTitle}; in the environment too, as NETDICOM_PATH, NETDICOM_SOP_CLASS_UID and so on. Never a shell",
        HelpName = "PROGRAM ARG…",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _onStudy = new("--on-study")
    {
        Description = "run a program when no more objects of a study come. Placeholders: {folder}, {studyInstanceUid}, {objects}",
        HelpName = "PROGRAM ARG…",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<TimeSpan> _studyQuiet = Values.Seconds("--study-quiet", [], "how long nothing of a study must come for --on-study", 10, zeroIsNone: false);

    public ReceivingOptions(Command command)
    {
        _existing.AcceptOnlyFromAmong("replace", "keep", "both");
        _durability.AcceptOnlyFromAmong("none", "file", "full");
        foreach (Option option in (Option[])[_folder, _ignore, _layout, _existing, _durability, _onStored, _onStudy, _studyQuiet])
            command.Options.Add(option);
        Exclusive.Add(command, _ignore, _onStored);
        Exclusive.Add(command, _ignore, _onStudy);
    }

    /// <summary>Whether any of them was given, by name; null: none.</summary>
    public string? Given(ParseResult arguments) => ((Option[])[_folder, _ignore, _layout, _existing, _durability, _onStored, _onStudy, _studyQuiet])
        .FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false })?.Name;

    /// <exception cref="UsageException">The folder cannot be written to, or an option is wrong.</exception>
    public StoreReceiverOptions Read(ParseResult arguments, FaultPlan? faults = null)
    {
        string folder = arguments.GetValue(_folder)!;
        ProgramCall? onStudy = ProgramCall.Parse("--on-study", arguments.GetValue(_onStudy), StoreReceiver.StudyPlaceholders);
        if (onStudy is null && arguments.GetResult(_studyQuiet) is { Implicit: false })
            throw new UsageException("--study-quiet is of use with --on-study only");
        return new StoreReceiverOptions
        {
            Folder = folder,
            Store = arguments.GetValue(_ignore) ? null : new InstanceStore(
                folder,
                InstanceLayout.Parse(arguments.GetValue(_layout)!),
                arguments.GetValue(_existing) switch { "keep" => ExistingChoice.Keep, "both" => ExistingChoice.Both, _ => ExistingChoice.Replace },
                arguments.GetValue(_durability) switch { "full" => Durability.Full, "file" => Durability.File, _ => Durability.None },
                needsStudy: onStudy is not null),
            OnStored = ProgramCall.Parse("--on-stored", arguments.GetValue(_onStored), StoreReceiver.ObjectPlaceholders),
            OnStudy = onStudy,
            StudyQuiet = arguments.GetValue(_studyQuiet),
            Faults = faults ?? new FaultPlan(),
        };
    }
}
