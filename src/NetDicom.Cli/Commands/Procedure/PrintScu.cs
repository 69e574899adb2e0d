using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Cli.Printing;
using NetDicom.Cli.Procedures;
using NetDicom.Cli.Sending;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands.Procedure;

/// <summary>Basic Print Management as a client (PS3.4 annex H).</summary>
internal sealed class PrintScu : Tool
{
    public const string Description = "print images on a DICOM printer, in gray or in colour (basic print management)";

    private readonly Argument<string[]> _words = Words.Argument("peer path…", "addr port, or AET@host:port; then image files and folders, placed in this order; none: the printer is asked how it is");
    private readonly PathOptions _paths;
    private readonly Option<bool> _color = new("--color") { Description = "basic colour print management (default: grayscale)" };
    private readonly Option<(double Center, double Width)?> _window = new("--window")
    {
        Description = "grayscale window, centre and width (default: the image's own, or all its values)",
        HelpName = "CENTER,WIDTH",
        CustomParser = result =>
        {
            string[] parts = result.Tokens[0].Value.Split(',');
            if (parts.Length == 2 && double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double center)
                && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double width) && width >= 1)
                return (center, width);
            result.AddError($"'{result.Tokens[0].Value}' for --window is not CENTER,WIDTH with a width of at least 1, such as 40,400");
            return null;
        },
    };

    private readonly Option<int> _frame = Values.Count("--frame", [], "frame of multi-frame images (default: 1)", 1, 1, int.MaxValue);
    private readonly FilmOptions _film;
    private readonly ScuOptions _scu;
    private readonly RequestedSyntaxOptions _syntax;
    private int _unreadable;

    public PrintScu() : base("printscu", Description)
    {
        Command.Arguments.Add(_words);
        _paths = new PathOptions(Command, withStdin: false);
        foreach (Option option in (Option[])[_color, _window, _frame])
            Command.Options.Add(option);
        _film = new FilmOptions(Command);
        _scu = new ScuOptions(Command, Name);
        _syntax = new RequestedSyntaxOptions(Command);
    }

    public override string Usage => "printscu [options] addr port [path…]";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("printscu PRINTER@printer.example:104 image.dcm --window 40,400", "one image on one film"),
        ("printscu 127.0.0.1 11112 series --format STANDARD\\3,4 --film-size 14INX17IN --copies 2", "twelve images a film"),
        ("printscu 127.0.0.1 11112", "asks the printer for its status"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        PeerAddress peer = PeerAddress.TakeFrom(arguments.GetValue(_words) ?? [], out IReadOnlyList<string> paths);
        bool color = arguments.GetValue(_color);
        var order = new PrintOrder(color, _film.Session(arguments), _film.Film(arguments), _film.Polarity(arguments));
        var connection = new ScuConnection(_scu, arguments, peer, console);
        var report = new RequestReport(console, Name, "Print: any");
        DicomUid meta = color ? SopClasses.BasicColorPrintManagementMeta : SopClasses.BasicGrayscalePrintManagementMeta;
        int films = 0, images = 0;
        int code = await ScuRun.RunAsync(connection, _syntax.Contexts(arguments, meta), [], async association =>
        {
            var job = new PrintRun(association, order, report, console);
            try
            {
                await job.CheckPrinterAsync(isAll: paths.Count == 0);
                if (paths.Count > 0)
                    await job.PrintAsync(ImagesAsync(paths, arguments, console));
            }
            finally
            {
                (films, images) = (job.Films, job.Images);
            }

            return report.ExitCode;
        }, console);
        if (paths.Count > 0)
            console.Print($"{films} films with {images} images printed");
        if (code == ExitCode.Success && _unreadable > 0)
            code = ExitCode.InputNotRead;
        console.Json?.Write("summary", json =>
        {
            json.WriteString("tool", Name);
            json.WriteNumber("films", films);
            json.WriteNumber("images", images);
            json.WriteNumber("unreadable", _unreadable);
            json.WriteNumber("failed", report.Failed);
            json.WriteNumber("exitCode", code);
        });
        return code;
    }

    private async IAsyncEnumerable<DicomDataSet> ImagesAsync(IReadOnlyList<string> paths, ParseResult arguments, ToolConsole console, [EnumeratorCancellation] CancellationToken stop = default)
    {
        foreach (ScannedPath path in _paths.Scan(arguments, paths))
        {
            DicomDataSet? image = null;
            string? problem = path.Problem;
            if (problem is null)
            {
                try
                {
                    await using DicomFile file = await DicomFile.OpenAsync(path.Path, null, stop);
                    image = PrintImage.Create(file.DataSet, arguments.GetValue(_color), arguments.GetValue(_frame), arguments.GetValue(_window));
                }
                catch (Exception e) when (e is DicomException or IOException or UnauthorizedAccessException)
                {
                    problem = $"Cannot read input file {path.Path}: {e.Message}";
                }
            }

            if (image is null)
            {
                _unreadable++;
                console.Log.Error(problem!);
                continue;
            }

            yield return image;
        }
    }
}
