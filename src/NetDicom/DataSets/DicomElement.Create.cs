using System.Buffers.Binary;
using System.Globalization;

namespace NetDicom;

public sealed partial class DicomElement
{
    /// <summary>An element without a value.</summary>
    public static DicomElement CreateEmpty(DicomTag tag, DicomVR vr) => vr == DicomVR.SQ
        ? new DicomElement(tag, vr, new DicomSequence())
        : new DicomElement(tag, vr, ReadOnlyMemory<byte>.Empty);

    /// <summary>An element of text values; numbers and tags are read from their text where the VR is binary.</summary>
    /// <exception cref="ArgumentException">The VR holds no such values, or a text is no such number.</exception>
    public static DicomElement Create(DicomTag tag, DicomVR vr, params ReadOnlySpan<string> values)
    {
        if (values.IsEmpty || values.Length == 1 && string.IsNullOrEmpty(values[0]))
            return CreateEmpty(tag, vr);
        if (vr.IsText)
            return new DicomElement(tag, vr, string.Join('\\', values));
        if (vr == DicomVR.FL || vr == DicomVR.FD || vr == DicomVR.OF || vr == DicomVR.OD)
        {
            var numbers = new double[values.Length];
            for (int i = 0; i < numbers.Length; i++)
            {
                if (!double.TryParse(values[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                    throw Wrong(tag, vr, values[i]);
            }

            return Create(tag, vr, numbers);
        }

        if (vr == DicomVR.AT)
        {
            var tags = new DicomTag[values.Length];
            for (int i = 0; i < tags.Length; i++)
            {
                if (!DicomTag.TryParse(values[i], out tags[i]))
                    throw Wrong(tag, vr, values[i]);
            }

            return Create(tag, vr, tags);
        }

        byte[] bytes = new byte[values.Length * Size(tag, vr)];
        for (int i = 0; i < values.Length; i++)
        {
            if (!Int128.TryParse(values[i].AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out Int128 number))
                throw Wrong(tag, vr, values[i]);
            Write(tag, vr, number, bytes.AsSpan(i * vr.ValueSize, vr.ValueSize));
        }

        return new DicomElement(tag, vr, (ReadOnlyMemory<byte>)bytes);
    }

    /// <summary>An element of integers; as text where the VR is IS, DS or other text.</summary>
    /// <exception cref="ArgumentException">The VR holds no integers, or a number is outside its range.</exception>
    public static DicomElement Create(DicomTag tag, DicomVR vr, params ReadOnlySpan<long> values)
    {
        if (vr.IsText)
            return new DicomElement(tag, vr, Join(values));
        if (vr == DicomVR.FL || vr == DicomVR.FD || vr == DicomVR.OF || vr == DicomVR.OD)
        {
            var numbers = new double[values.Length];
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = values[i];
            return Create(tag, vr, numbers);
        }

        byte[] bytes = new byte[values.Length * Size(tag, vr)];
        for (int i = 0; i < values.Length; i++)
            Write(tag, vr, values[i], bytes.AsSpan(i * vr.ValueSize, vr.ValueSize));
        return new DicomElement(tag, vr, (ReadOnlyMemory<byte>)bytes);
    }

    /// <summary>An element of floating point numbers; as text of 16 characters at most where the VR is DS.</summary>
    /// <exception cref="ArgumentException">The VR holds no such numbers.</exception>
    public static DicomElement Create(DicomTag tag, DicomVR vr, params ReadOnlySpan<double> values)
    {
        if (vr.IsText)
            return new DicomElement(tag, vr, Join(values));
        bool isSingle = vr == DicomVR.FL || vr == DicomVR.OF;
        if (!isSingle && vr != DicomVR.FD && vr != DicomVR.OD)
            throw new ArgumentException($"{tag}: VR {vr} holds no floating point numbers (PS3.5 table 6.2-1)", nameof(vr));
        byte[] bytes = new byte[values.Length * vr.ValueSize];
        for (int i = 0; i < values.Length; i++)
        {
            if (isSingle)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), (float)values[i]);
            else
                BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8 * i), values[i]);
        }

        return new DicomElement(tag, vr, (ReadOnlyMemory<byte>)bytes);
    }

    /// <summary>An element of tags (AT).</summary>
    /// <exception cref="ArgumentException">The VR is not AT.</exception>
    public static DicomElement Create(DicomTag tag, DicomVR vr, params ReadOnlySpan<DicomTag> values)
    {
        if (vr != DicomVR.AT)
            throw new ArgumentException($"{tag}: VR {vr} holds no tags", nameof(vr));
        byte[] bytes = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4 * i), values[i].Group);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4 * i + 2), values[i].Element);
        }

        return new DicomElement(tag, vr, (ReadOnlyMemory<byte>)bytes);
    }

    /// <summary>An element whose value field is <paramref name="bytes"/>, in little endian order; not copied, so not to be changed afterwards.</summary>
    /// <exception cref="ArgumentException">The VR is SQ.</exception>
    public static DicomElement Create(DicomTag tag, DicomVR vr, ReadOnlyMemory<byte> bytes)
    {
        if (vr == DicomVR.SQ)
            throw new ArgumentException($"{tag}: a sequence is made of items", nameof(vr));
        if (!vr.UsesSpecificCharacterSet)
            return new DicomElement(tag, vr, bytes);
        // Bytes of text are taken as UTF-8: the text is what is kept.
        return new DicomElement(tag, vr, SpecificCharacterSet.Utf8.Decode(bytes.Span, vr == DicomVR.PN).TrimEnd(' ', '\0'));
    }

    /// <summary>A sequence of these items.</summary>
    public static DicomElement Create(DicomTag tag, DicomSequence items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new DicomElement(tag, DicomVR.SQ, items);
    }

    /// <summary>Encapsulated pixel data.</summary>
    public static DicomElement Create(DicomTag tag, DicomFragments fragments)
    {
        ArgumentNullException.ThrowIfNull(fragments);
        return new DicomElement(tag, DicomVR.OB, fragments);
    }

    internal static DicomElement CreateText(DicomTag tag, DicomVR vr, string text) =>
        text.Length == 0 ? CreateEmpty(tag, vr) : new DicomElement(tag, vr, text);

    /// <summary>A number as DS: the exact text if it has 16 characters or fewer, else as many digits as fit (PS3.5 table 6.2-1).</summary>
    internal static string Format(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        for (int digits = 16; text.Length > 16 && digits > 0; digits--)
            text = value.ToString($"G{digits}", CultureInfo.InvariantCulture);
        return text;
    }

    private static string Join<T>(ReadOnlySpan<T> values) where T : IFormattable
    {
        var text = new string[values.Length];
        for (int i = 0; i < text.Length; i++)
            text[i] = values[i] is double number ? Format(number) : values[i].ToString(null, CultureInfo.InvariantCulture);
        return string.Join('\\', text);
    }

    private static int Size(DicomTag tag, DicomVR vr)
    {
        if (vr.ValueSize == 0 || vr == DicomVR.AT)
            throw new ArgumentException($"{tag}: VR {vr} holds no numbers (PS3.5 table 6.2-1)", nameof(vr));
        return vr.ValueSize;
    }

    private static void Write(DicomTag tag, DicomVR vr, Int128 value, Span<byte> bytes)
    {
        bool signed = vr == DicomVR.SS || vr == DicomVR.SL || vr == DicomVR.SV;
        int bits = 8 * bytes.Length;
        Int128 lowest = signed ? -(Int128.One << (bits - 1)) : 0;
        Int128 highest = (Int128.One << (signed ? bits - 1 : bits)) - 1;
        if (value < lowest || value > highest)
            throw new ArgumentException($"{tag}: {value} is outside the range of VR {vr}, {lowest} to {highest} (PS3.5 table 6.2-1)", nameof(value));
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(value >> (8 * i));
    }

    // Without the text: it may be a patient's, and exceptions are logged.
    private static ArgumentException Wrong(DicomTag tag, DicomVR vr, string text) =>
        new($"{tag}: a text of {text.Length} characters is no value of VR {vr} (PS3.5 table 6.2-1)");
}
