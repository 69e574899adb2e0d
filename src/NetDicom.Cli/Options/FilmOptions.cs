using System.CommandLine;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Options;

/// <summary>What a film is to be like (PS3.3 sections C.13.1 and C.13.3). What is not given is left to the printer.</summary>
internal sealed class FilmOptions
{
    private readonly Option<int> _copies = Values.Count("--copies", [], "copies of each film (default: 1)", 1, 1, 999);
    private readonly Option<string?> _priority = Word("--priority", "HIGH, MED or LOW (default: the printer's)", "HIGH", "MED", "LOW");
    private readonly Option<string?> _medium = Text("--medium", "PAPER, CLEAR FILM, BLUE FILM and so on (default: the printer's)", "WORD");
    private readonly Option<string?> _destination = Text("--destination", "MAGAZINE, PROCESSOR, BIN_1 and so on (default: the printer's)", "WORD");
    private readonly Option<string?> _label = Text("--label", "label of the film session (default: none)", "TEXT");
    private readonly Option<string> _format = new("--format")
    {
        Description = "image display format: STANDARD\\columns,rows, such as STANDARD\\2,3, or another that the printer knows (default: STANDARD\\1,1)",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "STANDARD\\1,1",
    };

    private readonly Option<string?> _size = Text("--film-size", "8INX10IN, 14INX17IN, A4 and so on (default: the printer's)", "SIZE");
    private readonly Option<string?> _orientation = Word("--orientation", "PORTRAIT or LANDSCAPE (default: the printer's)", "PORTRAIT", "LANDSCAPE");
    private readonly Option<string?> _magnification = Word("--magnification", "REPLICATE, BILINEAR, CUBIC or NONE (default: the printer's)", "REPLICATE", "BILINEAR", "CUBIC", "NONE");
    private readonly Option<string?> _border = Text("--border-density", "BLACK, WHITE or hundredths of optical density (default: the printer's)", "DENSITY");
    private readonly Option<string?> _polarity = Word("--polarity", "NORMAL or REVERSE (default: NORMAL)", "NORMAL", "REVERSE");

    public FilmOptions(Command command)
    {
        foreach (Option option in (Option[])[_copies, _priority, _medium, _destination, _label, _format, _size, _orientation, _magnification, _border, _polarity])
            command.Options.Add(option);
    }

    /// <summary>NORMAL or REVERSE; null: not said.</summary>
    public string? Polarity(ParseResult arguments) => arguments.GetValue(_polarity);

    /// <summary>The attributes of the film session.</summary>
    public DicomDataSet Session(ParseResult arguments)
    {
        var session = new DicomDataSet { { DicomTags.NumberOfCopies, (long)arguments.GetValue(_copies) } };
        Put(session, DicomTags.PrintPriority, arguments.GetValue(_priority));
        Put(session, DicomTags.MediumType, arguments.GetValue(_medium));
        Put(session, DicomTags.FilmDestination, arguments.GetValue(_destination));
        Put(session, DicomTags.FilmSessionLabel, arguments.GetValue(_label));
        return session;
    }

    /// <summary>The attributes of a film box, but for the session it belongs to.</summary>
    /// <exception cref="UsageException">The format is none.</exception>
    public DicomDataSet Film(ParseResult arguments)
    {
        // ST: a backslash does not divide values.
        string format = arguments.GetValue(_format)!;
        if (format.Length == 0)
            throw new UsageException("--format is empty; STANDARD\\1,1 is one image a film");
        var film = new DicomDataSet { { DicomTags.ImageDisplayFormat, format } };
        Put(film, DicomTags.FilmSizeID, arguments.GetValue(_size));
        Put(film, DicomTags.FilmOrientation, arguments.GetValue(_orientation));
        Put(film, DicomTags.MagnificationType, arguments.GetValue(_magnification));
        Put(film, DicomTags.BorderDensity, arguments.GetValue(_border));
        return film;
    }

    private static void Put(DicomDataSet set, DicomTag tag, string? value)
    {
        if (value is not null)
            set.Set(tag, value);
    }

    private static Option<string?> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    private static Option<string?> Word(string name, string description, params string[] words)
    {
        Option<string?> option = Text(name, description, "WORD");
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}
