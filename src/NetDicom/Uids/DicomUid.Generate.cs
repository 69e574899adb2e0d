using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace NetDicom;

public readonly partial struct DicomUid
{
    /// <summary>A new UID: 2.25 and a random UUID as a decimal number (PS3.5 annex B.2).</summary>
    public static DicomUid Generate() => FromUuid(Guid.NewGuid());

    /// <summary>The UID of a UUID: 2.25 and its decimal number (PS3.5 annex B.2).</summary>
    public static DicomUid FromUuid(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        return FromChecked(string.Create(CultureInfo.InvariantCulture, $"2.25.{BinaryPrimitives.ReadUInt128BigEndian(bytes)}"));
    }

    /// <summary>A new UID under a root of one's own: the root and a random number that fills up to 64 characters.</summary>
    /// <exception cref="ArgumentException">The root is none, or leaves room for fewer than 20 digits: too few to be unique.</exception>
    public static DicomUid Generate(DicomUid root)
    {
        int room = Math.Min(39, MaxLength - root.Length - 1);
        if (root.IsNone || room < 20)
            throw new ArgumentException("The root must be a UID of 43 characters at most, to leave 20 for a number", nameof(root));
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        string number = BinaryPrimitives.ReadUInt128BigEndian(bytes).ToString(CultureInfo.InvariantCulture);
        // PS3.5 section 9.1: a component does not start with 0; the last digits are as random as the first.
        number = number[Math.Max(0, number.Length - room)..].TrimStart('0');
        return FromChecked($"{root}.{(number.Length == 0 ? "1" : number)}");
    }
}
