using System.Globalization;

namespace NetDicom.Fuzz;

/// <summary>The command line.</summary>
internal sealed record FuzzOptions
{
    public const string Usage = """
        usage: dotnet run -c Release --project fuzz -- [options]
          --duration SECONDS  how long (default 30)
          --seed N            the same inputs again (default: a fresh one, which is printed)
          --only TARGET       pdu, command, dataset, deflated, file, json or server; may be repeated (default: all)
          --turn N            that one input of --seed and --only
          --jobs N            threads (default 1)
          --output FOLDER     where findings go (default artifacts/fuzz)
          --replay FILE       runs an input that was found; may be repeated
          --minimize FILE     makes a found input smaller and writes it back
        Exit code: 0 nothing found, 1 something found, 2 usage.
        """;

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    public int Seed { get; init; } = Random.Shared.Next();

    public IReadOnlyList<string> Targets { get; init; } = [.. FuzzTargets.Names];

    public long Turn { get; init; } = -1;

    public int Jobs { get; init; } = 1;

    public string Output { get; init; } = Path.Combine("artifacts", "fuzz");

    public IReadOnlyList<string> Replay { get; init; } = [];

    public string? Minimize { get; init; }

    public static FuzzOptions? Parse(string[] arguments)
    {
        var options = new FuzzOptions();
        var only = new List<string>();
        var replay = new List<string>();
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length)
                return null;
            string value = arguments[i + 1];
            bool isNumber = long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number);
            switch (arguments[i])
            {
                case "--duration" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds):
                    options = options with { Duration = TimeSpan.FromSeconds(seconds) };
                    break;
                case "--seed" when isNumber:
                    options = options with { Seed = (int)number };
                    break;
                case "--turn" when isNumber:
                    options = options with { Turn = number };
                    break;
                case "--jobs" when isNumber && number is > 0 and <= CrashNotes.Count:
                    options = options with { Jobs = (int)number };
                    break;
                case "--only" when FuzzTargets.Names.Contains(value):
                    only.Add(value);
                    break;
                case "--output":
                    options = options with { Output = value };
                    break;
                case "--replay":
                    replay.Add(value);
                    break;
                case "--minimize":
                    options = options with { Minimize = value };
                    break;
                default:
                    return null;
            }
        }

        if (options.Turn >= 0 && only.Count == 0)
            return null;
        return options with { Targets = only.Count > 0 ? only : options.Targets, Replay = replay };
    }
}
