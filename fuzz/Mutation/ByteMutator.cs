namespace NetDicom.Fuzz.Mutation;

/// <summary>Changes bytes without knowing what they mean.</summary>
internal static class ByteMutator
{
    private static readonly long[] s_numbers = [0, 1, 2, 3, 4, 6, 7, 8, 16, 63, 64, 65, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x10000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF];

    public static byte[] Mutate(byte[] bytes, Random random)
    {
        var list = new List<byte>(bytes);
        for (int i = random.Next(1, 6); i > 0; i--)
            Change(list, random);
        return [.. list];
    }

    /// <summary>The front of one and the back of the other.</summary>
    public static byte[] Splice(byte[] one, byte[] other, Random random) => [.. one[..random.Next(one.Length + 1)], .. other[random.Next(other.Length + 1)..]];

    private static void Change(List<byte> list, Random random)
    {
        if (list.Count == 0)
        {
            list.Add((byte)random.Next(256));
            return;
        }

        int at = random.Next(list.Count);
        switch (random.Next(8))
        {
            case 0:
                list[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                list[at] = (byte)random.Next(256);
                break;
            case 2:
                SetNumber(list, at, random);
                break;
            case 3:
                list.RemoveRange(at, random.Next(Math.Min(16, list.Count - at) + 1));
                break;
            case 4:
                byte[] more = new byte[random.Next(1, 16)];
                random.NextBytes(more);
                list.InsertRange(at, more);
                break;
            case 5:
                list.InsertRange(random.Next(list.Count + 1), list.GetRange(at, random.Next(Math.Min(64, list.Count - at) + 1)));
                break;
            case 6:
                list.RemoveRange(at, list.Count - at);
                break;
            default:
                int other = random.Next(list.Count);
                (list[at], list[other]) = (list[other], list[at]);
                break;
        }
    }

    private static void SetNumber(List<byte> list, int at, Random random)
    {
        long number = s_numbers[random.Next(s_numbers.Length)];
        int size = random.Next(3) switch { 0 => 1, 1 => 2, _ => 4 };
        bool bigEndian = random.Next(2) == 0;
        for (int i = 0; i < size && at + i < list.Count; i++)
            list[at + i] = (byte)(number >> (8 * (bigEndian ? size - 1 - i : i)));
    }
}
