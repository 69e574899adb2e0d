using System.Globalization;
using System.Text;

namespace NetDicom;

/// <summary>
/// The way to an element: a tag, or items of sequences and then a tag, such as <c>ScheduledProcedureStepSequence[0].Modality</c> or <c>(0040,0100)[0].(0008,0060)</c>.
/// </summary>
public readonly struct DicomTagPath : IEquatable<DicomTagPath>
{
    private readonly (DicomTag Sequence, int Item)[]? _items;

    /// <summary>An element of the outermost data set.</summary>
    public DicomTagPath(DicomTag tag) => Tag = tag;

    private DicomTagPath((DicomTag Sequence, int Item)[]? items, DicomTag tag)
    {
        _items = items;
        Tag = tag;
    }

    /// <summary>The last tag.</summary>
    public DicomTag Tag { get; }

    /// <summary>The sequences passed through, outermost first, with the number of the item, from 0.</summary>
    public ReadOnlySpan<(DicomTag Sequence, int Item)> Items => _items;

    /// <summary>A single tag is a path.</summary>
    public static implicit operator DicomTagPath(DicomTag tag) => new(tag);

    /// <summary>Reads a path as <see cref="Parse"/> does.</summary>
    public static implicit operator DicomTagPath(string text) => Parse(text);

    /// <summary>A single tag as a path.</summary>
    public static DicomTagPath FromDicomTag(DicomTag tag) => new(tag);

    /// <summary>A text as a path.</summary>
    public static DicomTagPath FromString(string text) => Parse(text);

    /// <summary>The path to <paramref name="tag"/> in the item numbered <paramref name="item"/>, from 0, of the sequence that this path leads to.</summary>
    public DicomTagPath Then(int item, DicomTag tag)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(item);
        return new DicomTagPath([.. _items ?? [], (Tag, item)], tag);
    }

    /// <summary>
    /// Reads keywords or tags joined by dots, each sequence with its item in brackets; an item left out is the first. Tags may be written (gggg,eeee), gggg,eeee or ggggeeee.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DicomTagPath path)
    {
        path = default;
        var items = new List<(DicomTag, int)>();
        while (true)
        {
            int dot = text.IndexOf('.');
            ReadOnlySpan<char> step = dot < 0 ? text : text[..dot];
            int item = 0;
            int bracket = step.IndexOf('[');
            if (bracket >= 0)
            {
                if (step[^1] != ']' || !int.TryParse(step[(bracket + 1)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out item))
                    return false;
                step = step[..bracket];
            }

            if (!TryTag(step, out DicomTag tag))
                return false;
            if (dot < 0)
            {
                if (bracket >= 0)
                    return false;
                path = new DicomTagPath(items.Count == 0 ? null : [.. items], tag);
                return true;
            }

            items.Add((tag, item));
            text = text[(dot + 1)..];
        }
    }

    /// <summary>Reads a path as <see cref="TryParse"/> does.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is no path.</exception>
    public static DicomTagPath Parse(ReadOnlySpan<char> text) => TryParse(text, out DicomTagPath path)
        ? path
        : throw new FormatException($"'{text}' is no path of tags: keywords or (gggg,eeee) joined by dots are wanted, items in brackets, such as ScheduledProcedureStepSequence[0].Modality");

    /// <inheritdoc/>
    public bool Equals(DicomTagPath other) => Tag == other.Tag && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DicomTagPath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach ((DicomTag sequence, int item) in Items)
            hash.Add((sequence, item));
        hash.Add(Tag);
        return hash.ToHashCode();
    }

    /// <summary>Same path.</summary>
    public static bool operator ==(DicomTagPath left, DicomTagPath right) => left.Equals(right);

    /// <summary>Another path.</summary>
    public static bool operator !=(DicomTagPath left, DicomTagPath right) => !left.Equals(right);

    /// <summary>Keywords where there are any, else tags: text that <see cref="Parse"/> reads.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach ((DicomTag sequence, int item) in Items)
            text.Append(Name(sequence)).Append(CultureInfo.InvariantCulture, $"[{item}].");
        return text.Append(Name(Tag)).ToString();
    }

    private static string Name(DicomTag tag) =>
        DicomDictionary.TryGet(tag, out DictionaryEntry entry) && entry.Keyword.Length > 0 && entry.TagMask == uint.MaxValue ? entry.Keyword : tag.ToString();

    private static bool TryTag(ReadOnlySpan<char> text, out DicomTag tag)
    {
        if (DicomTag.TryParse(text, out tag))
            return true;
        if (!DicomDictionary.TryGet(text, out DictionaryEntry entry) || entry.TagMask != uint.MaxValue)
            return false;
        tag = entry.Tag;
        return true;
    }
}
