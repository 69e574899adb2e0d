namespace NetDicom.Network;

/// <summary>What a printer can do, and the limits of a print session in memory (PS3.4 annex H).</summary>
public sealed record PrintOptions
{
    /// <summary>Whether the colour Meta class is served (image boxes are colour); otherwise grayscale. Default grayscale.</summary>
    public bool IsColor { get; init; }

    /// <summary>Least density the printer makes, in hundredths of OD. Default 20.</summary>
    public int MinDensity { get; init; } = 20;

    /// <summary>Greatest density the printer makes, in hundredths of OD. Default 310.</summary>
    public int MaxDensity { get; init; } = 310;

    /// <summary>Film Size ID (2010,0050) values; empty for any. Others are answered 0106H. Default any.</summary>
    public IReadOnlyList<string> FilmSizes { get; init; } = [];

    /// <summary>Medium Type (2000,0030) values; empty for any. Others are answered 0106H. Default any.</summary>
    public IReadOnlyList<string> MediumTypes { get; init; } = [];

    /// <summary>Whether Memory Allocation (2000,0060) is honoured; if not, a session that asks for it is made with warning B600H. Default false.</summary>
    public bool SupportsMemoryAllocation { get; init; }

    /// <summary>Whether a whole session can be printed (N-ACTION on the film session); if not, a second film box before the first is printed is answered C616H. Default true.</summary>
    public bool SupportsSessionPrint { get; init; } = true;

    /// <summary>Whether a session of several films comes out collated; if not, it is printed with warning B601H. Default true.</summary>
    public bool SupportsCollation { get; init; } = true;

    /// <summary>Image boxes of a format that only the printer knows (SLIDE, SUPERSLIDE, CUSTOM\i); 0 refuses it. Default: none known.</summary>
    public Func<ImageDisplayFormat, int>? CustomImageBoxes { get; init; }

    /// <summary>Annotation boxes for an Annotation Display Format ID (2010,0030). Default none.</summary>
    public Func<string, int>? AnnotationBoxes { get; init; }

    /// <summary>Most film boxes in a session; one more is answered 0213H. Default 100.</summary>
    public int MaxFilmBoxes { get; init; } = 100;

    /// <summary>Most image boxes on a film; more are answered 0106H. Default 256.</summary>
    public int MaxImageBoxes { get; init; } = 256;

    /// <summary>Most bytes of pixels in a session; an image beyond is answered C605H (not enough memory). Default 1 GiB.</summary>
    public long MaxPixelBytes { get; init; } = 1L << 30;
}

/// <summary>A film as it is to be printed.</summary>
/// <param name="FilmBoxUid">The film box.</param>
/// <param name="FilmBox">Its attributes.</param>
/// <param name="Images">The attributes of its image boxes by position, from 1; empty ones have no image sequence.</param>
/// <param name="Annotations">The attributes of its annotation boxes.</param>
public sealed record PrintFilm(DicomUid FilmBoxUid, DicomDataSet FilmBox, IReadOnlyList<DicomDataSet> Images, IReadOnlyList<DicomDataSet> Annotations);

/// <summary>A print job: films with the session's attributes.</summary>
/// <param name="JobUid">The Print Job instance.</param>
/// <param name="FilmSession">The attributes of the session: copies, priority, medium.</param>
/// <param name="Films">The films in order.</param>
public sealed record PrintJob(DicomUid JobUid, DicomDataSet FilmSession, IReadOnlyList<PrintFilm> Films);
