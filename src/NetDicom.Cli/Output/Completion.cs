using System.CommandLine;
using System.CommandLine.Completions;
using System.Text;
using NetDicom.Cli.Commands;

namespace NetDicom.Cli.Output;

/// <summary>Scripts that complete words of the command line: <c>netdicom completion bash</c>. Made from the tools' own options; nothing is started to complete a word.</summary>
internal static class Completion
{
    /// <summary>The shells there are scripts for.</summary>
    public static readonly string[] Shells = ["bash", "zsh", "powershell"];

    /// <param name="shell">One of <see cref="Shells"/>.</param>
    /// <param name="tools">Every tool.</param>
    /// <param name="words">First words that are no tools.</param>
    public static string Script(string shell, IReadOnlyList<Tool> tools, IReadOnlyList<string> words) => shell switch
    {
        "bash" => Bash(tools, words),
        "zsh" => "#compdef netdicom\nautoload -U +X bashcompinit && bashcompinit\n" + Bash(tools, words),
        _ => PowerShell(tools, words),
    };

    /// <summary>The words that an option takes, where they are few; empty: anything, a file perhaps.</summary>
    public static string[] Choices(Option option) => option.ValueType == typeof(bool) ? [] : [.. option.GetCompletions(CompletionContext.Empty).Select(c => c.Label)];

    private static string Bash(IReadOnlyList<Tool> tools, IReadOnlyList<string> words)
    {
        var script = new StringBuilder();
        script.Append("""
            # Completion for netdicom, made by "netdicom completion". bash: source it, or put it into /etc/bash_completion.d; zsh: put it where compinit looks, as _netdicom.
            _netdicom() {
                local cur=${COMP_WORDS[COMP_CWORD]} prev= tool=${COMP_WORDS[1]-} options= choices=
                ((COMP_CWORD > 0)) && prev=${COMP_WORDS[COMP_CWORD-1]}
                COMPREPLY=()
                if ((COMP_CWORD == 1)); then

            """);
        script.Append("        COMPREPLY=($(compgen -W '").AppendJoin(' ', tools.Select(t => t.Name).Concat(words)).Append("' -- \"$cur\"))\n        return\n    fi\n    case $tool in\n");
        foreach (Tool tool in tools)
        {
            script.Append("    ").Append(tool.Name).Append(")\n        options='").AppendJoin(' ', Names(tool)).Append("'\n        case $prev in\n");
            foreach (Option option in tool.Command.Options)
            {
                if (Choices(option) is { Length: > 0 } choices)
                    script.Append("        ").AppendJoin('|', option.Aliases.Append(option.Name)).Append(") choices='").AppendJoin(' ', choices).Append("' ;;\n");
            }

            script.Append("        esac ;;\n");
        }

        script.Append("    help) choices='").AppendJoin(' ', tools.Select(t => t.Name).Concat(HelpTopics.All.Select(t => t.Name))).Append(" --man' ;;\n");
        script.Append("    completion) choices='").AppendJoin(' ', Shells).Append("' ;;\n    esac\n");
        script.Append("""
                if [[ -n $choices ]]; then
                    COMPREPLY=($(compgen -W "$choices" -- "$cur"))
                elif [[ $cur == [-+]* ]]; then
                    COMPREPLY=($(compgen -W "$options" -- "$cur"))
                else
                    COMPREPLY=($(compgen -f -- "$cur"))
                fi
            }
            complete -o filenames -F _netdicom netdicom

            """);
        return script.ToString();
    }

    private static string PowerShell(IReadOnlyList<Tool> tools, IReadOnlyList<string> words)
    {
        var script = new StringBuilder();
        script.Append("# Completion for netdicom, made by \"netdicom completion powershell\": add it to your profile.\n");
        script.Append("Register-ArgumentCompleter -Native -CommandName netdicom -ScriptBlock {\n    param($word, $line, $cursor)\n");
        script.Append("    $options = @{\n");
        foreach (Tool tool in tools)
            script.Append("        '").Append(tool.Name).Append("' = @(").AppendJoin(", ", Names(tool).Select(Quoted)).Append(")\n");
        script.Append("    }\n    $choices = @{\n");
        foreach (Tool tool in tools)
        {
            foreach (Option option in tool.Command.Options)
            {
                if (Choices(option) is not { Length: > 0 } choices)
                    continue;
                foreach (string name in option.Aliases.Append(option.Name))
                    script.Append("        ").Append(Quoted($"{tool.Name} {name}")).Append(" = @(").AppendJoin(", ", choices.Select(Quoted)).Append(")\n");
            }
        }

        script.Append("    }\n    $first = @(").AppendJoin(", ", tools.Select(t => t.Name).Concat(words).Select(Quoted)).Append(")\n");
        script.Append("""
                $all = @($line.CommandElements | ForEach-Object { $_.ToString() })
                $done = if ($word -eq '') { $all.Count } else { $all.Count - 1 }
                $found = if ($done -le 1) { $first }
                    elseif ($choices.ContainsKey("$($all[1]) $($all[$done - 1])")) { $choices["$($all[1]) $($all[$done - 1])"] }
                    elseif ($word.StartsWith('-') -and $options.ContainsKey($all[1])) { $options[$all[1]] }
                    else { @() }
                $found | Where-Object { $_.StartsWith($word) } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }

            """);
        return script.ToString();
    }

    private static IEnumerable<string> Names(Tool tool) => tool.Command.Options.SelectMany(o => o.Aliases.Append(o.Name)).Distinct().Order(StringComparer.Ordinal);

    private static string Quoted(string text) => $"'{text}'";
}
