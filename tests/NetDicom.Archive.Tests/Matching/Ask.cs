namespace NetDicom.Archive.Tests;

/// <summary>One key against one value.</summary>
internal static class Ask
{
    public static bool Match(DicomTag tag, string key, string stored, MatchingOptions? options = null) =>
        AttributeQuery.Compile(Set(tag, key), options).IsMatch(Set(tag, stored));

    /// <summary>A data set of one element; backslashes part its values.</summary>
    public static DicomDataSet Set(DicomTag tag, string values) =>
        values.Length == 0 ? new DicomDataSet().Set(tag, Array.Empty<string>()) : new DicomDataSet().Set(tag, values.Split('\\'));

    public static DicomDataSet Of(params ReadOnlySpan<(DicomTag Tag, string Value)> elements)
    {
        var set = new DicomDataSet();
        foreach ((DicomTag tag, string value) in elements)
            set.Set(tag, value.Length == 0 ? [] : [value]);
        return set;
    }

    public static KeyMatching KindOf(DicomTag tag, string key, MatchingOptions? options = null) => AttributeQuery.Compile(Set(tag, key), options).Keys[0].Matching;
}
