namespace NetDicom;

/// <summary>
/// Where a <see cref="DataSetReader"/> stands: what a reader over the next bytes needs to go on. It can cross an await; the reader cannot.
/// </summary>
/// <remarks>It is not a snapshot: once a reader has gone on from it, only that reader's <see cref="DataSetReader.CurrentState"/> is good.</remarks>
public struct DataSetReaderState
{
    internal DataSetReaderOptions? Options;
    internal Level Top;
    internal Level[]? Outer;
    internal int Depth;
    internal int Sequences;
    internal int Items;
    internal long Position;
    internal long Remaining;
    internal DataSetToken Token;
    internal DataSetDeviations Deviations;
    internal bool AfterDefinedSequence;

    /// <summary>The start of a data set in <paramref name="syntax"/>, inflated already where the syntax is deflated.</summary>
    public DataSetReaderState(TransferSyntax syntax, DataSetReaderOptions? options = null)
    {
        Options = options ?? DataSetReaderOptions.Default;
        Top = new Level { Kind = LevelKind.DataSet, End = long.MaxValue, IsExplicit = syntax.IsExplicitVR, IsBigEndian = syntax.IsBigEndian, IsFresh = true };
    }

    /// <summary>Bytes from the start of the data set to the place where the reader goes on.</summary>
    public readonly long Offset => Position;

    /// <summary>Rules broken so far.</summary>
    public readonly DataSetDeviations BrokenRules => Deviations;

    /// <summary>Whether the data are explicit VR, as found; at the outermost level.</summary>
    internal readonly bool IsExplicitVR => Depth == 0 ? Top.IsExplicit : Outer![0].IsExplicit;

    internal readonly bool IsBigEndian => Depth == 0 ? Top.IsBigEndian : Outer![0].IsBigEndian;

    internal enum LevelKind : byte
    {
        DataSet,
        Sequence,
        Item,
        Fragments,
    }

    /// <summary>One open level: the data set itself, a sequence, an item, or fragments.</summary>
    internal struct Level
    {
        // Where it ends by its length, in bytes from the start of the data set; long.MaxValue if only a delimiter ends it.
        internal long End;
        internal uint Tag;
        internal uint LastTag;
        internal LevelKind Kind;
        internal bool IsExplicit;
        internal bool IsBigEndian;
        internal bool IsUndefined;
        internal bool IsWithinUN;

        // No element of this level has been read: the first one shows how it is written.
        internal bool IsFresh;
    }
}
