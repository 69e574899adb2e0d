using NetDicom.Protocol;

namespace NetDicom.Network;

public sealed partial class PrintSession
{
    private RuleResult CreateSession(DicomUid uid, DicomDataSet attributes)
    {
        // PS3.4 H.4.1.2.1.3: one at a time on an association.
        if (_session is not null)
            return RuleResult.Of(_sessionUid == uid ? DimseStatus.DuplicateSopInstance : DimseStatus.ProcessingFailure, "there is a film session on this association");
        RuleResult result = PrintRules.CheckFilmSession(attributes, _options);
        if (!result.IsDone)
            return result;
        (_sessionUid, _session) = (uid, attributes.Clone());
        return result;
    }

    private RuleResult CreateFilmBox(DicomUid uid, DicomDataSet attributes)
    {
        if (_session is null)
            return RuleResult.Of(DimseStatus.InvalidAttributeValue, "there is no film session", DicomTags.ReferencedFilmSessionSequence);
        RuleResult result = PrintRules.CheckFilmBoxCreate(attributes, _sessionUid, _options, out int imageBoxes);
        if (!result.IsDone)
            return result;
        if (_films.Exists(film => film.Uid == uid))
            return RuleResult.Of(DimseStatus.DuplicateSopInstance, "there is such a film box");
        if (!_options.SupportsSessionPrint && _films.Exists(film => !film.IsPrinted))
            return RuleResult.Of(0xC616, "a film box is not printed and sessions are not");
        if (_films.Count >= _options.MaxFilmBoxes)
            return RuleResult.Of(DimseStatus.ResourceLimitation, "no room for another film box");
        if (LutOf(attributes) is { } missing)
            return missing;
        var film = new FilmBox(uid, result.Attributes!);
        for (int i = 1; i <= imageBoxes; i++)
            film.Images.Add((DicomUid.Generate(), new DicomDataSet().Set(DicomTags.ImageBoxPosition, (long)i)));
        int annotations = attributes.GetStringOrDefault(DicomTags.AnnotationDisplayFormatID) is { } format ? Math.Clamp(_options.AnnotationBoxes?.Invoke(format) ?? 0, 0, _options.MaxImageBoxes) : 0;
        for (int i = 1; i <= annotations; i++)
            film.Annotations.Add((DicomUid.Generate(), new DicomDataSet().Set(DicomTags.AnnotationPosition, (long)i)));
        // PS3.4 H.4.2.2.1.3: image boxes in the order of their positions.
        film.Attributes.Set(DicomTags.ReferencedImageBoxSequence, [.. film.Images.Select(image => new SopReference(ImageBoxClass, image.Uid).ToItem())]);
        if (annotations > 0)
            film.Attributes.Set(DicomTags.ReferencedBasicAnnotationBoxSequence, [.. film.Annotations.Select(box => new SopReference(SopClasses.BasicAnnotationBox, box.Uid).ToItem())]);
        _films.Add(film);
        return result with { Attributes = film.Attributes.Clone() };
    }

    private RuleResult CreateLut(DicomUid uid, DicomDataSet attributes)
    {
        RuleResult result = PrintRules.CheckPresentationLut(attributes);
        if (!result.IsDone)
            return result;
        if (_luts.Count >= _options.MaxFilmBoxes)
            return RuleResult.Of(DimseStatus.ResourceLimitation, "no room for another presentation LUT");
        return _luts.TryAdd(uid, attributes.Clone()) ? result : RuleResult.Of(DimseStatus.DuplicateSopInstance, "there is such a presentation LUT");
    }

    private RuleResult SetSession(DicomUid uid, DicomDataSet changes)
    {
        if (_session is null || uid != _sessionUid)
            return RuleResult.Of(DimseStatus.NoSuchSopInstance, "no such film session");
        RuleResult result = PrintRules.CheckFilmSession(changes, _options);
        if (result.IsDone)
            _session = AttributeLists.Merge(_session, changes);
        return result;
    }

    private RuleResult SetFilmBox(DicomUid uid, DicomDataSet changes)
    {
        // PS3.4 H.4.2.2.2.3: only the film box created last.
        if (_films.Count == 0 || _films[^1].Uid != uid)
            return RuleResult.Of(DimseStatus.NoSuchSopInstance, "no such film box, or no longer the last");
        RuleResult result = PrintRules.CheckFilmBoxSet(changes, _options);
        if (!result.IsDone)
            return result;
        if (LutOf(changes) is { } missing)
            return missing;
        _films[^1].Attributes = AttributeLists.Merge(_films[^1].Attributes, result.Attributes!);
        return result with { Attributes = result.Status.IsWarning ? result.Attributes : null };
    }

    private RuleResult SetImageBox(DicomUid uid, DicomDataSet changes)
    {
        int index = _films.Count == 0 ? -1 : _films[^1].Images.FindIndex(image => image.Uid == uid);
        if (index < 0)
            return RuleResult.Of(DimseStatus.NoSuchSopInstance, "no such image box, or its film is no longer the last");
        RuleResult result = PrintRules.CheckImageBox(changes, _options);
        if (!result.IsDone)
            return result;
        if (!changes.TryGetInt32(DicomTags.ImageBoxPosition, out int position) || position != index + 1)
            return RuleResult.Of(DimseStatus.InvalidAttributeValue, "not the position of this image box", DicomTags.ImageBoxPosition);
        if (LutOf(changes) is { } missing)
            return missing;
        DicomDataSet present = _films[^1].Images[index].Attributes;
        long bytes = _pixelBytes - PixelsOf(present) + PixelsOf(changes);
        if (bytes > _options.MaxPixelBytes)
            return RuleResult.Of(0xC605, "not enough memory for the image");
        _pixelBytes = bytes;
        _films[^1].Images[index] = (uid, AttributeLists.Merge(present, result.Attributes!));
        return result with { Attributes = null };
    }

    private RuleResult SetAnnotation(DicomUid uid, DicomDataSet changes)
    {
        int index = _films.Count == 0 ? -1 : _films[^1].Annotations.FindIndex(box => box.Uid == uid);
        if (index < 0)
            return RuleResult.Of(DimseStatus.NoSuchSopInstance, "no such annotation box, or its film is no longer the last");
        RuleResult result = ServiceRules.CheckSet(SopClasses.BasicAnnotationBox, changes);
        if (!result.IsDone)
            return result;
        if (changes.GetInt32OrDefault(DicomTags.AnnotationPosition) != index + 1)
            return RuleResult.Of(DimseStatus.InvalidAttributeValue, "not the position of this annotation box", DicomTags.AnnotationPosition);
        _films[^1].Annotations[index] = (uid, AttributeLists.Merge(_films[^1].Annotations[index].Attributes, changes));
        return result;
    }

    /// <summary>What is wrong with the presentation LUT that is referred to, if one is.</summary>
    private RuleResult? LutOf(DicomDataSet attributes) =>
        attributes.GetSequence(DicomTags.ReferencedPresentationLUTSequence) is not { Count: > 0 } references
        || references[0].TryGetUid(DicomTags.ReferencedSOPInstanceUID, out DicomUid uid) && _luts.ContainsKey(uid)
            ? null
            : RuleResult.Of(DimseStatus.InvalidAttributeValue, "no such presentation LUT", DicomTags.ReferencedPresentationLUTSequence);
}
