using System.Text;

namespace NetDicom.Cli.Faults;

/// <summary>Reads a file of scenarios. No I/O, no clock: text in, scenarios out. docs/fault.md is its grammar.</summary>
internal static class ScenarioParser
{
    /// <summary>Most scenarios that the tables of one scenario may make.</summary>
    private const int MaxRows = 10_000;

    /// <param name="source">The file's name, for messages.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="ScenarioException">A line cannot be read.</exception>
    public static List<FaultScenario> Parse(string source, string text)
    {
        var scenarios = new List<FaultScenario>();
        Draft? draft = null;
        int number = 0;
        foreach (string raw in text.Split('\n'))
        {
            number++;
            string line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            string word = line.Split([' ', '\t'], 2)[0];
            string rest = line[word.Length..].Trim();
            if (word is "client" or "server")
            {
                scenarios.AddRange(draft?.Finish(source) ?? []);
                if (rest.Length == 0 || rest.Contains(' ', StringComparison.Ordinal))
                    throw new ScenarioException($"{source}:{number}: '{word}' begins a scenario: one word, its name, has to follow");
                draft = new Draft(rest, word == "client" ? FaultRole.Client : FaultRole.Server, number);
            }
            else if (draft is null)
            {
                throw new ScenarioException($"{source}:{number}: a scenario begins with 'client NAME' or 'server NAME'");
            }
            else
            {
                draft.Add(word, rest, line, number, source);
            }
        }

        scenarios.AddRange(draft?.Finish(source) ?? []);
        if (scenarios.Count == 0)
            throw new ScenarioException($"{source}: no scenario in it: one begins with 'client NAME' or 'server NAME'");
        if (scenarios.GroupBy(scenario => scenario.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ScenarioException($"{source}: there are two scenarios '{twice.Key}'");
        return scenarios;
    }

    /// <summary>The lines of a scenario while they are collected: its tables are filled in at its end.</summary>
    private sealed class Draft(string name, FaultRole role, int begin)
    {
        private readonly List<Table> _tables = [];
        private readonly List<(int Number, string Text)> _lines = [];
        private bool _inTable;

        public void Add(string word, string rest, string line, int number, string source)
        {
            if (word == "each")
            {
                _tables.Add(new Table([.. rest.Split('|', StringSplitOptions.TrimEntries)], []));
                _inTable = true;
            }
            else if (line[0] == '|')
            {
                if (!_inTable)
                    throw new ScenarioException($"{source}:{number}: a row stands below 'each'");
                string[] cells = line[1..].Split('|', StringSplitOptions.TrimEntries);
                Table table = _tables[^1];
                if (cells.Length != table.Columns.Length)
                    throw new ScenarioException($"{source}:{number}: {cells.Length} values where 'each' has {table.Columns.Length} columns");
                table.Rows.Add(cells);
            }
            else
            {
                _inTable = false;
                _lines.Add((number, line));
            }
        }

        public List<FaultScenario> Finish(string source)
        {
            if (_tables.Aggregate(1L, (product, table) => Math.Min(MaxRows + 1, product * table.Rows.Count)) is var rows && (rows == 0 || rows > MaxRows))
                throw new ScenarioException($"{source}:{begin}: the tables of '{name}' make {(rows == 0 ? "no scenario" : $"more than {MaxRows} scenarios")}");
            var filled = new List<FaultScenario>();
            Fill(0, []);
            return filled;

            void Fill(int table, List<(string Column, string Value)> values)
            {
                if (table < _tables.Count)
                {
                    foreach (string[] row in _tables[table].Rows)
                        Fill(table + 1, [.. values, .. _tables[table].Columns.Zip(row)]);
                    return;
                }

                filled.Add(new Reading(source, [.. _lines.Select(line => (line.Number, Replace(line.Text, values)))]).Scenario(Replace(name, values), role, begin));
            }
        }

        private static string Replace(string text, List<(string Column, string Value)> values)
        {
            foreach ((string column, string value) in values)
                text = text.Replace($"{{{column}}}", value, StringComparison.Ordinal);
            return text;
        }

        private sealed record Table(string[] Columns, List<string[]> Rows);
    }

    /// <summary>The statements of one scenario.</summary>
    private sealed class Reading(string source, List<(int Number, string Text)> lines)
    {
        private int _next;
        private string _about = "";
        private TimeSpan? _patience;

        public FaultScenario Scenario(string name, FaultRole role, int begin)
        {
            List<FaultStep> steps = Block(role, null);
            if (steps.Count == 0)
                throw new ScenarioException($"{source}:{begin}: '{name}' does nothing");
            var text = new StringBuilder($"{(role == FaultRole.Client ? "client" : "server")} {name}\n");
            foreach ((_, string line) in lines)
                text.Append("  ").Append(line).Append('\n');
            return new FaultScenario(name, role, _about, _patience, steps, text.ToString());
        }

        private List<FaultStep> Block(FaultRole role, int? open)
        {
            var steps = new List<FaultStep>();
            while (_next < lines.Count)
            {
                (int number, string text) = lines[_next++];
                try
                {
                    if (text.StartsWith("about ", StringComparison.Ordinal))
                    {
                        _about = text[6..].Trim();
                        continue;
                    }

                    var reader = new TokenReader(ScenarioToken.Split(text));
                    if (reader.IsAtEnd)
                        continue;
                    if (reader.TryTake("end"))
                    {
                        reader.ExpectEnd();
                        return open is null ? throw new FormatException("'end' without 'repeat'") : steps;
                    }

                    if (Statement(reader, number, role, text) is { } step)
                        steps.Add(step);
                }
                catch (FormatException e)
                {
                    throw new ScenarioException($"{source}:{number}: {e.Message}");
                }
            }

            return open is null ? steps : throw new ScenarioException($"{source}:{open}: 'repeat' without 'end'");
        }

        private FaultStep? Statement(TokenReader reader, int line, FaultRole role, string text)
        {
            string word = reader.Take("a statement").ToString();
            FaultStep? step = word switch
            {
                "patience" => Patience(reader),
                "connect" when role == FaultRole.Client => new ConnectStep(line),
                "hold" when role == FaultRole.Client => new HoldStep(line, (int)TokenReader.Number(reader.Take("a count").Text, "a count", 10_000), reader.IsAtEnd ? null : SendableParser.Read(reader)),
                "drop" when role == FaultRole.Client => new DropStep(line),
                "echo" when role == FaultRole.Client => new EchoStep(line),
                "next" when role == FaultRole.Server => new NextStep(line),
                "send" => new SendStep(line, SendableParser.Read(reader)),
                "abort" => new SendStep(line, SendableParser.Read(new TokenReader([new ScenarioToken(null, "A-ABORT", false), .. Rest(reader)]))),
                "trickle" => new TrickleStep(line, (int)Math.Max(1, TokenReader.Number(reader.Take("a size").Text, "a size", ByteTerm.MaxLength)), reader.TakeTime("a pause"), SendableParser.Read(reader)),
                "flood" => new FloodStep(line, SendableParser.Read(reader)),
                "delay" => new DelayStep(line, reader.TakeTime("a time")),
                "expect" or "await" => new ExpectStep(line, word == "await", FaultExpectation.ReadAll(reader), text),
                "close" => new EndStep(line, ConnectionEnding.Close),
                "shutdown" => new EndStep(line, ConnectionEnding.Shutdown),
                "reset" => new EndStep(line, ConnectionEnding.Reset),
                "repeat" => Repeat(reader, line, role),
                "connect" or "hold" or "drop" or "echo" => throw new FormatException($"'{word}' is for scenarios of a client: a server is connected to"),
                "next" => throw new FormatException("'next' is for scenarios of a server: a client says 'connect'"),
                _ => throw new FormatException($"'{word}' is no statement"),
            };
            reader.ExpectEnd();
            return step;
        }

        private FaultStep? Patience(TokenReader reader)
        {
            _patience = reader.TakeTime("a time");
            return null;
        }

        private RepeatStep Repeat(TokenReader reader, int line, FaultRole role)
        {
            int count = (int)TokenReader.Number(reader.Take("a count").Text, "a count", 1_000_000);
            reader.ExpectEnd();
            return new RepeatStep(line, count, Block(role, line));
        }

        private static List<ScenarioToken> Rest(TokenReader reader)
        {
            var rest = new List<ScenarioToken>();
            while (!reader.IsAtEnd)
                rest.Add(reader.Take("a word"));
            return rest;
        }
    }
}
