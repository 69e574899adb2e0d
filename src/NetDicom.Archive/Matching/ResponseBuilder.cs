using System.Text;

namespace NetDicom.Archive;

/// <summary>Makes response identifiers.</summary>
internal static class ResponseBuilder
{
    public static DicomDataSet Build(AttributeQuery query, ItemQuery root, DicomDataSet entity, QueryResponseOptions options)
    {
        var response = new DicomDataSet();
        var texts = new List<string>();
        // The set is named first: text put in afterwards has nothing to name by itself.
        List<DicomElement> elements = Elements(root, entity, texts);
        foreach (DicomTag tag in options.AlsoReturn)
        {
            if (!elements.Exists(element => element.Tag == tag))
                elements.Add(Copied(Found(entity, tag), tag, texts));
        }

        if (ChooseCharacterSet(texts, query.Identifier, entity, options) is { } characterSet)
            response.CharacterSet = characterSet;
        foreach (DicomElement element in elements)
            response.Set(element);
        if (query.Identifier.TryGetString(DicomTags.QueryRetrieveLevel, out string? level))
            response.Set(DicomTags.QueryRetrieveLevel, level);
        if (query.Identifier.TryGetString(DicomTags.QueryRetrieveView, out string? view))
            response.Set(DicomTags.QueryRetrieveView, view);
        if (TimeCondition.OffsetOf(entity) is not null && entity.TryGetString(DicomTags.TimezoneOffsetFromUTC, out string? offset))
            response.Set(DicomTags.TimezoneOffsetFromUTC, offset);
        if (options.RetrieveAETitles is { } titles)
            response.Set(DicomTags.RetrieveAETitle, [.. titles]);
        if (options.InstanceAvailability?.Invoke(entity) is { Length: > 0 } availability)
            response.Set(DicomTags.InstanceAvailability, availability);
        if (options.FileSet is { } fileSet)
            response.Set(DicomTags.StorageMediaFileSetID, fileSet.Id).Set(DicomTags.StorageMediaFileSetUID, fileSet.Uid);
        return response;
    }

    private static List<DicomElement> Elements(ItemQuery query, DicomDataSet entity, List<string> texts)
    {
        var elements = new List<DicomElement>(query.Keys.Count);
        foreach (QueryKey key in query.Keys)
        {
            if (key.Tag.IsPrivateCreator)
            {
                elements.Add(key.Element);
                continue;
            }

            if (!key.IsReturned)
                continue;
            DicomElement? found = key.Find(entity);
            if (key.VR == DicomVR.SQ)
                elements.Add(Sequence(key, found, texts));
            else
                elements.Add(Copied(found, key.Tag, texts, key.VR));
        }

        return elements;
    }

    // PS3.4 C.2.2.2.6: the matching items, with the requested attributes. No item in the request, or an empty one, asks for all of all items.
    private static DicomElement Sequence(QueryKey key, DicomElement? found, List<string> texts)
    {
        var items = new DicomSequence();
        foreach (DicomDataSet item in found?.Items ?? [])
        {
            if (key.Item is not { } asked)
            {
                DicomDataSet whole = item.Clone();
                Collect(whole, texts);
                items.Add(whole);
            }
            else if (asked.IsMatch(item))
            {
                var part = new DicomDataSet();
                foreach (DicomElement element in Elements(asked, item, texts))
                    part.Set(element);
                items.Add(part);
            }
        }

        return DicomElement.Create(key.Tag, items);
    }

    private static DicomElement Copied(DicomElement? found, DicomTag tag, List<string> texts, DicomVR vr = default)
    {
        if (found is null || found.Fragments is not null)
            return DicomElement.CreateEmpty(tag, !vr.IsNone ? vr : DicomDictionary.TryGet(tag, out DictionaryEntry entry) ? entry.VR : DicomVR.UN);
        if (found.Items is { } items)
        {
            var copy = new DicomSequence();
            foreach (DicomDataSet item in items)
            {
                DicomDataSet whole = item.Clone();
                Collect(whole, texts);
                copy.Add(whole);
            }

            return DicomElement.Create(tag, copy);
        }

        Collect(found, texts);
        // A private element stands in the block of the request's creator.
        return found.Tag == tag ? found : found.VR.IsText ? DicomElement.Create(tag, found.VR, [.. found.GetStrings()]) : DicomElement.Create(tag, found.VR, found.GetBytes());
    }

    private static DicomElement? Found(DicomDataSet entity, DicomTag tag) => entity.TryGet(tag, out DicomElement? element) ? element : null;

    private static void Collect(DicomDataSet set, List<string> texts)
    {
        foreach (DicomElement element in set)
        {
            foreach (DicomDataSet item in element.Items ?? [])
                Collect(item, texts);
            Collect(element, texts);
        }
    }

    private static void Collect(DicomElement element, List<string> texts)
    {
        if (element.VR.UsesSpecificCharacterSet && element.Items is null && element.GetText() is { Length: > 0 } text && !Ascii.IsValid(text))
            texts.Add(text);
    }

    // The request's set where it is enough, since that is what its sender reads; it need not be (PS3.4 C.4.1.1.3.2).
    private static SpecificCharacterSet? ChooseCharacterSet(List<string> texts, DicomDataSet request, DicomDataSet entity, QueryResponseOptions options)
    {
        if (texts.Count == 0)
            return null;
        foreach (SpecificCharacterSet set in (SpecificCharacterSet[])[request.CharacterSet, .. options.CharacterSets, entity.CharacterSet])
        {
            if (!set.IsDefault && !set.HasUnknownTerm && texts.TrueForAll(text => set.CanEncode(text)))
                return set;
        }

        return SpecificCharacterSet.Utf8;
    }
}
