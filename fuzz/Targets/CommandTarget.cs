using System.Buffers;
using NetDicom.Fuzz.Corpus;
using NetDicom.Fuzz.Mutation;
using NetDicom.Protocol;

namespace NetDicom.Fuzz.Targets;

/// <summary>Command sets (PS3.7 section 6.3): every element asked for, and what is a message written and read again as the same.</summary>
internal sealed class CommandTarget : FuzzTarget
{
    public override string Name => "command";

    public override IReadOnlyList<byte[]> Seeds { get; } = Conversations.CommandSets;

    public override byte[] Mutate(byte[] seed, byte[] donor, Random random) => random.Next(4) == 0
        ? base.Mutate(seed, donor, random)
        : TreeMutator.Mutate(ElementTree.Parse(seed, isExplicit: false, isBigEndian: false), ElementTree.Parse(donor, isExplicit: false, isBigEndian: false), random);

    public override void Run(byte[] input)
    {
        try
        {
            CommandSet? command = null;
            Bounded(input.Length, 16 * 1024, 8, () => command = CommandSet.Decode(new ReadOnlySequence<byte>(input)));
            Ask(command!);
            if (command!.FindViolation() is null)
                Again(DimseMessage.Read(command));
        }
        catch (PduViolationException)
        {
        }
    }

    private static void Ask(CommandSet command)
    {
        foreach (DicomTag tag in command.Tags)
        {
            command.TryGetUInt16(tag, out _);
            command.GetUid(tag);
            command.GetAETitle(tag);
            command.GetText(tag);
            command.GetTags(tag);
        }

        FuzzFailure.Unless(command.Copy().ToString() == command.ToString(), "a copy of a command set is another one");
        _ = (command.Status.ToString(), command.Command, command.HasDataSet, command.Priority, command.AffectedSopClassUid, command.RequestedSopInstanceUid);
    }

    private static void Again(DimseMessage message)
    {
        byte[]? once = Write(message);
        if (once is null)
            return;
        CommandSet read = CommandSet.Decode(new ReadOnlySequence<byte>(once));
        FuzzFailure.Unless(read.FindViolation() is null, $"a {message.Command} that was written lacks something: {read.FindViolation()}");
        FuzzFailure.Unless(Write(DimseMessage.Read(read)) is { } again && again.AsSpan().SequenceEqual(once), $"a {message.Command} written, read and written is another one");
    }

    private static byte[]? Write(DimseMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        try
        {
            message.Write(output);
            return output.WrittenSpan.ToArray();
        }
        catch (InvalidOperationException)
        {
            // Documented: a UID or title that is none where the message needs one.
            return null;
        }
    }
}
