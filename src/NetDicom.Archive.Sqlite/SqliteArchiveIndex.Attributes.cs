using System.Globalization;
using Microsoft.Data.Sqlite;

namespace NetDicom.Archive.Sqlite;

// Which attributes every instance was indexed with: what an owner adds later older instances lack, and what is taken out newer ones.
public sealed partial class SqliteArchiveIndex
{
    /// <summary>Attributes that are configured and that some instances were indexed without: those have them when the index has been made anew.</summary>
    public IReadOnlyList<DicomTag> AddedAttributes { get; private set; } = [];

    /// <summary>Attributes that are no longer configured (at their level) and that some instances were indexed with: those have them until the index has been made anew.</summary>
    public IReadOnlyList<DicomTag> RemovedAttributes { get; private set; } = [];

    /// <summary>Whether attributes were added since the index was made: the older instances have them when it has been made anew.</summary>
    public bool HasNewAttributes => AddedAttributes.Count > 0;

    private string[] Configured => [.. Enum.GetValues<ArchiveLevel>().SelectMany(level => Attributes.Of(level).Select(tag => TextOf(level, tag)))];

    /// <summary>Notes what instances are indexed with from now on. Three sets: what all have, what only some have, and what all have keys of.</summary>
    private void NoteAttributes(SqliteConnection writer)
    {
        string keyed = string.Join(',', _keyed.Select(tag => tag.Value));
        if ((long)Scalar(writer, "SELECT NOT EXISTS (SELECT 1 FROM patient)")! == 1)
        {
            Note(writer, "attributes", Configured);
            Note(writer, "attributes_of_some", []);
            Note(writer, "keyed", _keyed.Select(tag => Text(tag.Value)));
            return;
        }

        (HashSet<string> all, HashSet<string> some) = ReadSets(writer);
        HashSet<string> had = [.. all], configured = [.. Configured];
        all.IntersectWith(configured);
        some.UnionWith(had);
        some.UnionWith(configured);
        some.ExceptWith(all);
        // What is taken out has no keys from now on: should it come back, a condition on it would hide what came in between.
        HashSet<string> keys = [.. (Read(writer, "keyed") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];
        keys.IntersectWith(keyed.Split(','));
        Note(writer, "attributes", all);
        Note(writer, "attributes_of_some", some);
        Note(writer, "keyed", keys);
    }

    private void ReadAttributes(SqliteConnection connection)
    {
        // A condition on an attribute that older instances have no key for would hide them.
        HashSet<string> keys = [.. (Read(connection, "keyed") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];
        _keyed.RemoveWhere(tag => !keys.Contains(Text(tag.Value)));
        (HashSet<string> all, HashSet<string> some) = ReadSets(connection);
        HashSet<string> configured = [.. Configured];
        AddedAttributes = [.. configured.Except(all).Select(TagOf).Order()];
        RemovedAttributes = [.. all.Union(some).Except(configured).Select(TagOf).Order()];
    }

    private (HashSet<string> All, HashSet<string> Some) ReadSets(SqliteConnection connection)
    {
        string[] some = (Read(connection, "attributes_of_some") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (Read(connection, "attributes") is { } stored)
            return ([.. stored.Split(',', StringSplitOptions.RemoveEmptyEntries)], [.. some]);
        // An index of before they were noted: it had keys of those that an owner added.
        HashSet<string> keys = [.. (Read(connection, "keyed") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];
        HashSet<DicomTag> lacking = [.. Attributes.Extra.Where(tag => !keys.Contains(Text(tag.Value)))];
        HashSet<string> all = [.. Configured.Where(text => !lacking.Contains(TagOf(text)))];
        // Those it had and that are no longer configured: of which level they were is not known.
        HashSet<string> gone = [.. keys.Where(key => Attributes.LevelOf(Parse(key)) is null).Select(key => TextOf(ArchiveLevel.Series, Parse(key)))];
        return (all, gone);
    }

    private static string? Read(SqliteConnection connection, string key) => (string?)Scalar(connection, $"SELECT value FROM meta WHERE key = '{key}'");

    private static void Note(SqliteConnection writer, string key, IEnumerable<string> values)
    {
        string text = string.Join(',', values.Order(StringComparer.Ordinal));
        if (Read(writer, key) != text)
            Execute(writer, $"INSERT INTO meta VALUES ('{key}', '{text}') ON CONFLICT DO UPDATE SET value = excluded.value");
    }

    private static string TextOf(ArchiveLevel level, DicomTag tag) => string.Create(CultureInfo.InvariantCulture, $"{(int)level}:{tag.Value}");

    private static DicomTag TagOf(string text) => Parse(text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..]);

    private static DicomTag Parse(string text) => new(uint.Parse(text, CultureInfo.InvariantCulture));

    private static string Text(uint value) => value.ToString(CultureInfo.InvariantCulture);
}
