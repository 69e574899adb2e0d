using System.Text;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Receiving;

/// <summary>What a path may be made of: UIDs, which hold digits and dots only. Text of a peer never becomes part of a path.</summary>
internal sealed record InstanceIdentity(DicomUid SopClass, DicomUid SopInstance, DicomUid Study, DicomUid Series);

/// <summary>Where a received object goes (<c>--layout</c>).</summary>
internal sealed class InstanceLayout
{
    private const string StudyTemplate = "{StudyInstanceUID}/{SeriesInstanceUID}/{SOPInstanceUID}.dcm";
    private const string FlatTemplate = "{Prefix}.{SOPInstanceUID}";

    private static readonly string[] s_placeholders = ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID", "Prefix"];

    // Literal text and placeholder names in turn: the even ones are text.
    private readonly string[] _parts;

    private InstanceLayout(string[] parts) => _parts = parts;

    /// <summary>Whether the path needs what only the data set says.</summary>
    public bool NeedsStudy => _parts.Where((_, i) => i % 2 == 1).Any(p => p is "StudyInstanceUID" or "SeriesInstanceUID");

    /// <param name="text"><c>flat</c>, <c>study</c>, or a template with placeholders in braces.</param>
    /// <exception cref="UsageException">Not a layout, or one whose paths could leave the folder or collide.</exception>
    public static InstanceLayout Parse(string text)
    {
        string template = text switch { "flat" => FlatTemplate, "study" => StudyTemplate, _ => text };
        if (!template.Contains('{', StringComparison.Ordinal))
            throw new UsageException($"'{text}' for --layout is not flat, study or a template such as {StudyTemplate}");
        string[] parts = template.Split('{', '}');
        bool balanced = parts.Length % 2 == 1 && template.Count(c => c == '{') == template.Count(c => c == '}');
        if (!balanced || template.IndexOf('}', StringComparison.Ordinal) < template.IndexOf('{', StringComparison.Ordinal))
            throw new UsageException($"'{text}' for --layout: each {{ needs a }}");
        for (int i = 1; i < parts.Length; i += 2)
        {
            if (!s_placeholders.Contains(parts[i]))
                throw new UsageException($"'{{{parts[i]}}}' in --layout is not one of {string.Join(", ", s_placeholders.Select(p => $"{{{p}}}"))}");
        }

        if (!parts.Where((_, i) => i % 2 == 1).Contains("SOPInstanceUID"))
            throw new UsageException("--layout needs {SOPInstanceUID}, or objects would overwrite each other");
        // Placeholders are never empty and never "..", so the template alone decides whether a path stays within.
        if (Path.IsPathRooted(template) || template.Contains('\\', StringComparison.Ordinal) || template.Split('/').Any(s => s is "" or "." or ".."))
            throw new UsageException($"'{text}' for --layout must stay within the output folder: no leading slash, no empty part, no '..'");
        return new InstanceLayout(parts);
    }

    /// <summary>The path below the output folder.</summary>
    public string PathOf(InstanceIdentity identity)
    {
        var path = new StringBuilder();
        for (int i = 0; i < _parts.Length; i++)
        {
            path.Append(i % 2 == 0 ? _parts[i] : _parts[i] switch
            {
                "StudyInstanceUID" => Name(identity.Study),
                "SeriesInstanceUID" => Name(identity.Series),
                "SOPInstanceUID" => Name(identity.SopInstance),
                "SOPClassUID" => Name(identity.SopClass),
                _ => ModalityPrefix.Of(identity.SopClass),
            });
        }

        return path.ToString();
    }

    // Objects without a study are rare (a hanging protocol, a colour palette) but legal.
    private static string Name(DicomUid uid) => uid.IsNone ? "none" : uid.ToString();
}
