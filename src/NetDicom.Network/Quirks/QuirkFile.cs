using System.Text.Json;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>A table of quirks as JSON: an object with one array <c>rules</c>, whose objects have a name, criteria, a reason and quirks.</summary>
internal static class QuirkFile
{
    private const string Rules = "rules";

    public static QuirkTable Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(WithoutMark(json), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(Rules, out JsonElement rules) || rules.ValueKind != JsonValueKind.Array || root.EnumerateObject().Count() != 1)
                throw new FormatException($"an object with one array '{Rules}' is wanted, and nothing else in it");
            return new QuirkTable([.. rules.EnumerateArray().Select(ReadRule)]);
        }
        catch (JsonException error)
        {
            throw new FormatException($"no JSON: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}", error);
        }
        catch (ArgumentException error)
        {
            throw new FormatException(error.Message.Split(" (")[0], error);
        }
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> json) => json.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? json[3..] : json;

    private static QuirkRule ReadRule(JsonElement element, int index)
    {
        string name = $"rule {index + 1}";
        if (element.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{name} is no object");
        var rule = new QuirkRule { Name = name, Quirks = PeerQuirks.None };
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (QuirkProperty.All.FirstOrDefault(p => p.Name == property.Name) is { } quirk)
            {
                rule = rule with
                {
                    Quirks = quirk.TrySet(rule.Quirks, property.Value) ?? throw new FormatException($"{name}: '{property.Name}' is one of {quirk.Values}"),
                };
                continue;
            }

            string text = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : "";
            rule = property.Name switch
            {
                "name" when text.Length > 0 => rule with { Name = text },
                "everyPeer" when property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False => rule with { EveryPeer = property.Value.GetBoolean() },
                "reason" => rule with { Reason = text },
                "aeTitle" when AETitle.TryParse(text, out AETitle title) => rule with { AETitle = title },
                "implementationClassUid" when DicomUid.TryParse(text, out DicomUid uid) => rule with { ImplementationClassUid = uid },
                "implementationVersionName" when text.Length > 0 => rule with { ImplementationVersionName = text },
                "name" or "everyPeer" or "aeTitle" or "implementationClassUid" or "implementationVersionName" => throw new FormatException($"{name}: '{property.Name}' has no value that it could have"),
                _ => throw new FormatException(
                    $"{name}: '{property.Name}' is not known; there are name, reason, everyPeer, aeTitle, implementationClassUid, implementationVersionName, {string.Join(", ", QuirkProperty.All.Select(p => p.Name))}"),
            };
        }

        return rule.NamesPeers
            ? rule
            : throw new FormatException($"{rule.Name} names no peer: give aeTitle, implementationClassUid or implementationVersionName, or everyPeer");
    }
}
