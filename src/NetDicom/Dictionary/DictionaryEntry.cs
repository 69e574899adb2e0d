namespace NetDicom;

/// <summary>One line of the data dictionary (PS3.6 chapters 6 to 9, PS3.7 annex E).</summary>
/// <remarks><c>default</c> is no entry: it names nothing, its VR is UN.</remarks>
public readonly struct DictionaryEntry : IEquatable<DictionaryEntry>
{
    // One more than the row, so that default is no row.
    private readonly int _rowPlusOne;

    internal DictionaryEntry(int row) => _rowPlusOne = row + 1;

    private int Row => _rowPlusOne - 1;

    private bool IsNone => _rowPlusOne == 0;

    /// <summary>The tag; in a repeating group the first that the entry stands for.</summary>
    public DicomTag Tag => IsNone ? default : new DicomTag(DictionaryTable.Value(Row));

    /// <summary>Ones where a tag must have the digits of <see cref="Tag"/>; zeros where it may have any (the x of 60xx).</summary>
    public uint TagMask => IsNone ? uint.MaxValue : DictionaryTable.Mask(Row);

    /// <summary>The keyword, such as PatientID; empty for the few retired elements that have none.</summary>
    public string Keyword => IsNone ? "" : DictionaryTable.Keyword(Row);

    /// <summary>The name, such as Patient ID.</summary>
    public string Name => IsNone ? "" : DictionaryTable.Name(Row);

    /// <summary>The VR, or the first of several; UN where the standard gives none.</summary>
    public DicomVR VR => VRCount == 0 ? DicomVR.UN : GetVR(0);

    /// <summary>How many VRs the entry allows: 0 where the standard gives none, at most 3.</summary>
    public int VRCount => Choices switch { 0 => 0, <= 0xFFFF => 1, <= 0xFFFFFFFF => 2, _ => 3 };

    /// <summary>Multiplicity as printed, such as 1, 1-n or 2-2n; empty where the standard gives none.</summary>
    public string VM => IsNone ? "" : DictionaryTable.VM(Row);

    /// <summary>Whether the standard has retired the element.</summary>
    public bool IsRetired => !IsNone && DictionaryTable.IsRetired(Row);

    private ulong Choices => IsNone ? 0 : DictionaryTable.VRs(Row);

    /// <summary>The VR numbered <paramref name="index"/>, from 0, of those allowed.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not below <see cref="VRCount"/>.</exception>
    public DicomVR GetVR(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, VRCount);
        return new DicomVR((ushort)(Choices >> (16 * index)));
    }

    /// <summary>Whether <paramref name="vr"/> is one of those allowed.</summary>
    public bool Allows(DicomVR vr)
    {
        for (int i = 0; i < VRCount; i++)
        {
            if (GetVR(i) == vr)
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(DictionaryEntry other) => _rowPlusOne == other._rowPlusOne;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DictionaryEntry other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _rowPlusOne;

    /// <summary>The same entry.</summary>
    public static bool operator ==(DictionaryEntry left, DictionaryEntry right) => left.Equals(right);

    /// <summary>Another entry.</summary>
    public static bool operator !=(DictionaryEntry left, DictionaryEntry right) => !left.Equals(right);

    /// <summary>Tag and keyword.</summary>
    public override string ToString() => $"{Tag} {Keyword}";
}
