namespace NetDicom.Archive;

/// <summary>Compares the values of an element with those of a key.</summary>
internal abstract class ValueMatcher
{
    /// <summary>Whether the element, which is not empty, fits. If it has several values any one is enough (PS3.4 section C.2.2.3).</summary>
    public virtual bool IsMatch(DicomElement element)
    {
        foreach (string value in element.GetStrings())
        {
            if (IsMatch(value))
                return true;
        }

        return false;
    }

    /// <summary>Whether one value fits.</summary>
    public abstract bool IsMatch(string value);
}

/// <summary>Any of these texts, exactly (PS3.4 sections C.2.2.2.1 and C.2.2.2.2) but for how characters are composed: é is one text, whoever wrote it.</summary>
internal sealed class TextMatcher(IEnumerable<string> values) : ValueMatcher
{
    private readonly HashSet<string> _values = new(values.Select(TextComposition.Compose), StringComparer.Ordinal);

    public override bool IsMatch(string value) => _values.Contains(TextComposition.Compose(value));
}

/// <summary>Any of these numbers: 1, 01 and 1.0 are the same. What is no number is compared as text.</summary>
internal sealed class NumberMatcher : ValueMatcher
{
    private readonly HashSet<decimal> _numbers = [];
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    public NumberMatcher(DicomElement key)
    {
        for (int i = 0; i < key.ValueCount; i++)
        {
            if (key.TryGetDecimal(i, out decimal number))
                _numbers.Add(number);
            else if (key.TryGetString(i, out string text))
                _texts.Add(text);
        }
    }

    public override bool IsMatch(DicomElement element)
    {
        for (int i = 0; i < element.ValueCount; i++)
        {
            if (element.TryGetDecimal(i, out decimal number) ? _numbers.Contains(number) : element.TryGetString(i, out string text) && _texts.Contains(text))
                return true;
        }

        return false;
    }

    public override bool IsMatch(string value) => _texts.Contains(value);
}

/// <summary>The same bytes: VRs that are neither text nor numbers.</summary>
internal sealed class BytesMatcher(DicomElement key) : ValueMatcher
{
    public override bool IsMatch(DicomElement element) =>
        element.Items is null && element.Fragments is null && element.Length == key.Length && element.GetBytes().Span.SequenceEqual(key.GetBytes().Span);

    public override bool IsMatch(string value) => false;
}

/// <summary>Any of several matchers.</summary>
internal sealed class AnyMatcher(ValueMatcher[] matchers) : ValueMatcher
{
    public override bool IsMatch(string value) => Array.Exists(matchers, matcher => matcher.IsMatch(value));
}

/// <summary>Each matcher finds its value somewhere among those of the element (PS3.4 section C.2.2.2.8).</summary>
internal sealed class EachMatcher(ValueMatcher[] matchers) : ValueMatcher
{
    public override bool IsMatch(DicomElement element) => Array.TrueForAll(matchers, matcher => matcher.IsMatch(element));

    public override bool IsMatch(string value) => matchers.Length == 1 && matchers[0].IsMatch(value);
}
