using System.Buffers;
using NetDicom.TestSupport;

namespace NetDicom.Protocol.Tests;

public class PdvFragmenterTests
{
    [Fact]
    public void A_command_that_fits_is_one_PDU_with_one_PDV()
    {
        byte[] command = Wire.Written(output => Echo().Write(output));
        byte[] written = Wire.Written(output => Assert.Equal(command.Length, PdvFragmenter.WriteCommand(output, Echo(), 5, command.Length)));
        Assert.Equal(Wire.Pdu(4, Wire.Pdv(5, 3, command)), written);
    }

    [Fact]
    public void A_command_longer_than_the_limit_is_cut()
    {
        byte[] command = Wire.Written(output => Echo().Write(output));
        byte[] written = Wire.Written(output => PdvFragmenter.WriteCommand(output, Echo(), 5, command.Length - 2));
        Assert.Equal([.. Wire.Pdu(4, Wire.Pdv(5, 1, command[..^2])), .. Wire.Pdu(4, Wire.Pdv(5, 3, command[^2..]))], written);
    }

    /// <summary>Maximum lengths 0 to 300, and the two ends meet: no PDU is over the limit, and the message comes out whole.</summary>
    [Fact]
    public void Within_every_maximum_length_a_message_arrives_whole()
    {
        byte[] data = [.. Enumerable.Range(0, 777).Select(i => (byte)i), 0];
        for (uint maximum = 0; maximum <= 300; maximum++)
        {
            if (!PDataWriter.IsUsableMaximumLength(maximum))
                continue;
            int fragment = PDataWriter.MaxFragmentLength(maximum, 256);
            byte[] written = Wire.Written(output =>
            {
                PdvFragmenter.WriteCommand(output, Store(), 1, fragment);
                PdvFragmenter.Write(output, data, 1, isCommand: false, fragment);
            });
            (CommandSet command, byte[] received) = Receive(new ReadOnlySequence<byte>(written), maximum);
            Assert.Null(command.FindViolation());
            Assert.Equal(data, received);
        }
    }

    [Fact]
    public void Random_messages_cut_at_random_arrive_whole()
    {
        int seed = Seed.Value;
        var random = new Random(seed);
        for (int run = 0; run < 2_000; run++)
        {
            byte[] data = new byte[2 * random.Next(0, 400)];
            random.NextBytes(data);
            int fragment = 2 * random.Next(1, 200);
            byte[] written = Wire.Written(output =>
            {
                PdvFragmenter.WriteCommand(output, Store(), 1, fragment);
                int half = data.Length / 2;
                PdvFragmenter.Write(output, data.AsSpan(0, half), 1, isCommand: false, fragment, isLast: false);
                PdvFragmenter.Write(output, data.AsSpan(half), 1, isCommand: false, fragment);
            });
            (CommandSet command, byte[] received) = Receive(TestSupport.Splits.Of(written, random.Next(1, 50)), 0);
            Assert.True(command.FindViolation() is null && data.AsSpan().SequenceEqual(received), $"seed {seed}, run {run}");
        }
    }

    [Fact]
    public void An_empty_data_set_is_one_PDV_without_content_and_an_empty_piece_nothing()
    {
        Assert.Equal(Wire.Pdu(4, Wire.Pdv(3, 2)), Wire.Written(output => PdvFragmenter.Write(output, [], 3, isCommand: false, 100)));
        Assert.Empty(Wire.Written(output => PdvFragmenter.Write(output, [], 3, isCommand: false, 100, isLast: false)));
    }

    [Fact]
    public void A_fragment_of_less_than_two_bytes_is_a_wrong_argument() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Wire.Written(output => PdvFragmenter.WriteCommand(output, Echo(), 1, 1)));

    private static CEchoRequest Echo() => new() { MessageId = 1, AffectedSopClassUid = new DicomUid("1.2.840.10008.1.1") };

    private static CStoreRequest Store() => new() { MessageId = 1, AffectedSopClassUid = new DicomUid("1.2.3"), AffectedSopInstanceUid = new DicomUid("1.2.3.4") };

    private static (CommandSet Command, byte[] Data) Receive(ReadOnlySequence<byte> bytes, uint maximum)
    {
        var reader = new PduReader { MaxPDataLength = maximum };
        var assembler = new PdvAssembler();
        var data = new List<byte>();
        PduToken token;
        bool complete = false;
        while ((token = reader.Read(ref bytes)) != PduToken.NeedMoreData)
        {
            if (token != PduToken.PdvFragment)
                continue;
            Assert.False(complete);
            if (assembler.Accept(reader) == MessageToken.DataSetFragment)
                data.AddRange(reader.Fragment.ToArray());
            complete = assembler.IsMessageComplete;
        }

        Assert.True(complete);
        Assert.True(bytes.IsEmpty);
        return (assembler.Command, [.. data]);
    }
}
