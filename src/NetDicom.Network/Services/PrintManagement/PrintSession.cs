using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// The print objects of one association (PS3.4 annex H): a film session, its film boxes, their image and annotation boxes, presentation LUTs. The end of the association ends them all;
/// jobs and the printer are the queue's. Safe for several threads.
/// </summary>
/// <param name="queue">The printer.</param>
/// <param name="originator">AE title of the user, for Originator (2100,0070).</param>
/// <param name="options">What the printer can do.</param>
public sealed partial class PrintSession(PrintQueue queue, string originator, PrintOptions? options = null)
{
    private sealed class FilmBox(DicomUid uid, DicomDataSet attributes)
    {
        public DicomUid Uid { get; } = uid;

        public DicomDataSet Attributes { get; set; } = attributes;

        public List<(DicomUid Uid, DicomDataSet Attributes)> Images { get; } = [];

        public List<(DicomUid Uid, DicomDataSet Attributes)> Annotations { get; } = [];

        public bool IsPrinted { get; set; }
    }

    private readonly Lock _gate = new();
    private readonly PrintOptions _options = options ?? new PrintOptions();
    private readonly List<FilmBox> _films = [];
    private readonly Dictionary<DicomUid, DicomDataSet> _luts = [];
    private DicomUid _sessionUid;
    private DicomDataSet? _session;
    private long _pixelBytes;

    private DicomUid ImageBoxClass => _options.IsColor ? SopClasses.BasicColorImageBox : SopClasses.BasicGrayscaleImageBox;

    private DicomTag ImageSequence => _options.IsColor ? DicomTags.BasicColorImageSequence : DicomTags.BasicGrayscaleImageSequence;

    /// <summary>N-CREATE of a film session, film box or presentation LUT; 0118H for other classes.</summary>
    public RuleResult Create(DicomUid sopClassUid, DicomUid instanceUid, DicomDataSet attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        DicomUid uid = instanceUid.IsNone ? DicomUid.Generate() : instanceUid;
        lock (_gate)
        {
            RuleResult result = sopClassUid == SopClasses.BasicFilmSession ? CreateSession(uid, attributes)
                : sopClassUid == SopClasses.BasicFilmBox ? CreateFilmBox(uid, attributes)
                : sopClassUid == SopClasses.PresentationLUT ? CreateLut(uid, attributes)
                : RuleResult.Of(DimseStatus.NoSuchSopClass, "nothing of this class can be created");
            return result.IsDone ? result with { InstanceUid = uid } : result;
        }
    }

    /// <summary>N-SET of a film session, the last film box, or an image or annotation box on it; 0112H for what is not there.</summary>
    public RuleResult Set(DicomUid sopClassUid, DicomUid instanceUid, DicomDataSet changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        lock (_gate)
        {
            if (sopClassUid == SopClasses.BasicFilmSession)
                return SetSession(instanceUid, changes);
            if (sopClassUid == SopClasses.BasicFilmBox)
                return SetFilmBox(instanceUid, changes);
            if (sopClassUid == ImageBoxClass)
                return SetImageBox(instanceUid, changes);
            return sopClassUid == SopClasses.BasicAnnotationBox ? SetAnnotation(instanceUid, changes) : RuleResult.Of(DimseStatus.NoSuchSopClass, "nothing of this class can be set");
        }
    }

    /// <summary>N-GET of the printer or a job.</summary>
    public RuleResult Get(DicomUid sopClassUid, DicomUid instanceUid, IReadOnlyList<DicomTag> attributeIdentifierList) =>
        sopClassUid == SopClasses.Printer ? queue.GetPrinter(instanceUid, attributeIdentifierList)
        : sopClassUid == SopClasses.PrintJob ? queue.GetJob(instanceUid, attributeIdentifierList)
        : RuleResult.Of(DimseStatus.NoSuchSopClass, "nothing of this class can be read");

    /// <summary>N-DELETE of the film session (with all below it), the last film box (with its image boxes), or a presentation LUT that nothing refers to.</summary>
    public RuleResult Delete(DicomUid sopClassUid, DicomUid instanceUid)
    {
        lock (_gate)
        {
            if (sopClassUid == SopClasses.BasicFilmSession && _session is not null && instanceUid == _sessionUid)
            {
                EndSession();
                return RuleResult.Success;
            }

            if (sopClassUid == SopClasses.BasicFilmBox && _films.Count > 0 && _films[^1].Uid == instanceUid)
            {
                foreach ((_, DicomDataSet image) in _films[^1].Images)
                    _pixelBytes -= PixelsOf(image);
                _films.RemoveAt(_films.Count - 1);
                return RuleResult.Success;
            }

            if (sopClassUid == SopClasses.PresentationLUT && _luts.Remove(instanceUid))
                return RuleResult.Success;
            return RuleResult.Of(DimseStatus.NoSuchSopInstance, "no such instance, or no longer");
        }
    }

    /// <summary>
    /// Print (N-ACTION 1) of a film box or the film session; the reply names the job. C600H without film boxes, C601H or C602H with a full queue, B602H or B603H for empty pages,
    /// B601H for a session that will not be collated.
    /// </summary>
    public RuleResult Print(DicomUid sopClassUid, DicomUid instanceUid, ushort actionTypeId)
    {
        RuleResult known = ServiceRules.CheckAction(sopClassUid, actionTypeId);
        if (!known.IsDone)
            return known;
        lock (_gate)
        {
            bool whole = sopClassUid == SopClasses.BasicFilmSession;
            if (_session is null || (whole ? instanceUid != _sessionUid : _films.Count == 0 || _films[^1].Uid != instanceUid))
                return RuleResult.Of(DimseStatus.NoSuchSopInstance, "no such instance, or no longer the last");
            if (whole && !_options.SupportsSessionPrint)
                return RuleResult.Of(DimseStatus.NoSuchAction, "sessions are not printed, film boxes are");
            if (whole && _films.Count == 0)
                return RuleResult.Of(0xC600, "the film session holds no film boxes");
            List<FilmBox> films = whole ? _films : [_films[^1]];
            var job = new PrintJob(DicomUid.Generate(), _session.Clone(), [.. films.Select(FilmOf)]);
            if (!queue.TryAdd(job, originator))
                return RuleResult.Of(whole ? 0xC601 : 0xC602, "the print queue is full");
            bool empty = films.TrueForAll(film => film.Images.TrueForAll(image => PixelsOf(image.Attributes) == 0));
            foreach (FilmBox film in films)
                film.IsPrinted = true;
            RuleResult done = empty ? RuleResult.Of(whole ? 0xB602 : 0xB603, "no image on the film: an empty page")
                : whole && films.Count > 1 && !_options.SupportsCollation ? RuleResult.Of(0xB601, "films are not collated")
                : RuleResult.Success;
            return done with { Attributes = new DicomDataSet().Set(DicomTags.ReferencedPrintJobSequence, new SopReference(SopClasses.PrintJob, job.JobUid).ToItem()) };
        }
    }

    /// <summary>The association ended: everything but jobs and printer goes.</summary>
    public void End()
    {
        lock (_gate)
        {
            EndSession();
            _luts.Clear();
        }
    }

    private static PrintFilm FilmOf(FilmBox film) =>
        new(film.Uid, film.Attributes.Clone(), [.. film.Images.Select(image => image.Attributes.Clone())], [.. film.Annotations.Select(annotation => annotation.Attributes.Clone())]);

    private void EndSession()
    {
        _session = null;
        _sessionUid = default;
        _films.Clear();
        _pixelBytes = 0;
    }

    private long PixelsOf(DicomDataSet imageBox) =>
        imageBox.GetSequence(ImageSequence) is [var image] && image.TryGet(DicomTags.PixelData, out DicomElement? pixels) ? pixels.Length : 0;
}
