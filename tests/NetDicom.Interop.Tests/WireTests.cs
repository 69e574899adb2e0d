using System.Globalization;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>What we put on the wire, read by a third party: tshark's DICOM dissector.</summary>
public class WireTests
{
    [Theory]
    [InlineData("", "CT_small.dcm MR_small.dcm rtplan.dcm liver_1frame.dcm ExplVR_BigEnd.dcm JPEG2000.dcm")]
    [InlineData("-pdu 16384 --parallel 2", "CT_small.dcm MR_small.dcm rtplan.dcm liver_1frame.dcm ExplVR_BigEnd.dcm JPEG2000.dcm")]
    [InlineData("--all-contexts", "CT_small.dcm MR_small.dcm")]
    public async Task A_dissector_finds_no_malformed_packet_in_what_we_send_and_answer(string options, string files)
    {
        string tshark = Peers.Require("tshark", "tshark");
        using var folder = new TemporaryFolder();
        string capture = await CaptureAsync(folder, options, files);

        // A PDU that the dissector could take to pieces shows its type; one that it could not is marked malformed or not shown at all.
        string[][] packets = await FieldsAsync(tshark, capture, "dicom or _ws.malformed or _ws.short or tcp.analysis.lost_segment or tcp.analysis.retransmission or _ws.expert.severity == \"Error\"",
            "dicom.pdu.type", "dicom.assoc.item.type", "_ws.malformed", "_ws.short", "tcp.analysis.lost_segment", "tcp.analysis.retransmission", "_ws.expert.severity", "_ws.expert.message");
        IEnumerable<string> types = packets.SelectMany(packet => packet[0].Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(t => t.Replace("0x", "", StringComparison.Ordinal).TrimStart('0'));
        Assert.Equal(["1", "2", "4", "5", "6"], types.Distinct().Order());
        // Of what was shown nothing but PDUs: no field of damage, no expert's error (a severity of 00800000H).
        Assert.All(packets, packet => Assert.All(packet[2..6], Assert.Empty));
        Assert.All(packets, packet => Assert.False(packet[6].Split(',').Any(severity => severity is "8388608" or "0x00800000" or "Error"), packet[7]));
        // Every C-STORE has its request and its response.
        Assert.Contains("0x21", packets.SelectMany(packet => packet[1].Split(',')));
    }

    /// <summary>The dissector cannot inflate and takes deflated bytes for elements; that fragments are even (PS3.8 annex E.2) it can tell: this file ends on an odd byte.</summary>
    [Fact]
    public async Task A_deflated_data_set_of_odd_length_goes_out_in_even_fragments()
    {
        string tshark = Peers.Require("tshark", "tshark");
        using var folder = new TemporaryFolder();
        Assert.Equal(1, Part10.DataSet(await File.ReadAllBytesAsync(RealFiles.File("image_dfl.dcm"))).Length % 2);
        string capture = await CaptureAsync(folder, "", "image_dfl.dcm");
        string[][] packets = await FieldsAsync(tshark, capture, "dicom.pdu.type == 4 or _ws.expert", "dicom.pdu.type", "_ws.expert.message");
        Assert.Contains(packets, packet => packet[0].Length > 0);
        Assert.DoesNotContain(packets, packet => packet[1].Contains("Invalid PDV length", StringComparison.Ordinal));
    }

    // Our sender to our receiver, which announces a small PDU so that objects go out in several.
    private static async Task<string> CaptureAsync(TemporaryFolder folder, string options, string files)
    {
        string capture = folder.File("wire.pcap");
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Folder("in"), "-pdu", "32768");
        await using var proxy = new RecordingProxy(capture, int.Parse(server.Port, CultureInfo.InvariantCulture));
        Assert.Equal(0, (await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", proxy.Port)).ExitCode);
        Sent sent = await Sent.RunAsync([.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "127.0.0.1", proxy.Port, .. files.Split(' ').Select(RealFiles.File)]);
        Assert.True(sent.Stored.Count() == files.Split(' ').Length, sent.Ended.ToString());
        await proxy.FinishAsync();
        return capture;
    }

    // The packets that a filter lets through, each with these fields.
    private static async Task<string[][]> FieldsAsync(string tshark, string capture, string filter, params string[] fields)
    {
        Ended ended = await ChildProcess.RunAsync(tshark, ["-r", capture, "-Y", filter, "-T", "fields", .. fields.SelectMany(field => (string[])["-e", field])]);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        return [.. ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
    }
}
