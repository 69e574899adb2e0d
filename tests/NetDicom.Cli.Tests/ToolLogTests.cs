using System.Text.Json;
using Microsoft.Extensions.Logging;
using NetDicom.Cli.Output;

namespace NetDicom.Cli.Tests;

public class ToolLogTests
{
    [Fact]
    public void A_line_starts_with_the_letter_of_its_level()
    {
        using var error = new StringWriter();
        using var log = new ToolLog(error, LogLevel.Trace, LogFormat.Text);
        log.Error("e");
        log.Warn("w");
        log.Info("i");
        log.Debug("d");
        Assert.Equal(["E: e", "W: w", "I: i", "D: d"], error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("Match 1\n  PatientName   Doe^J\n", "Match 1\n  PatientName   Doe^J\n")]
    [InlineData("a\r\nb\tc", "a\r\nb\tc")]
    [InlineData("N-SET 1.2.3: 0x0000, well\u001b[2J\rforged\u009b\u007f", "N-SET 1.2.3: 0x0000, well [2J forged  ")]
    public void Neither_can_it_do_so_on_standard_output(string text, string printed)
    {
        using var output = new MemoryStream();
        using var log = new ToolLog(TextWriter.Null, LogLevel.Error, LogFormat.Text);
        using var interruption = new Invocation.Interruption();
        using (var console = new Commands.ToolConsole(output, log, null, false, interruption))
            console.Print(text);
        Assert.Equal(printed + Environment.NewLine, System.Text.Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void Levels_below_the_lowest_are_left_out()
    {
        using var error = new StringWriter();
        using var log = new ToolLog(error, LogLevel.Error, LogFormat.Text);
        log.Warn("w");
        log.Info("i");
        Assert.Equal("", error.ToString());
    }

    [Fact]
    public void What_a_peer_sends_can_neither_break_a_line_nor_steer_the_terminal()
    {
        using var error = new StringWriter();
        using var log = new ToolLog(error, LogLevel.Error, LogFormat.Text);
        log.Error("comment: a\r\nI: forged\x1b[2J\x9b");
        Assert.Equal($"E: comment: a  I: forged [2J {Environment.NewLine}", error.ToString());
    }

    [Fact]
    public void As_JSON_a_line_is_an_object()
    {
        using var error = new StringWriter();
        using var log = new ToolLog(error, LogLevel.Error, LogFormat.Json);
        log.Error("a \"b\"\nc");
        JsonElement line = JsonDocument.Parse(error.ToString()).RootElement;
        Assert.Equal("error", line.GetProperty("level").GetString());
        Assert.Equal("a \"b\"\nc", line.GetProperty("message").GetString());
    }
}
