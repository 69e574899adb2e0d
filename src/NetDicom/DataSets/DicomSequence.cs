using System.Collections.ObjectModel;

namespace NetDicom;

/// <summary>The items of a sequence (VR SQ, PS3.5 section 7.5). Each item is a data set of its own and belongs to one sequence only.</summary>
public sealed class DicomSequence : Collection<DicomDataSet>
{
    private DicomDataSet? _owner;

    /// <summary>A sequence of these items.</summary>
    /// <exception cref="ArgumentException">An item is in another sequence already: clone it.</exception>
    public DicomSequence(params ReadOnlySpan<DicomDataSet> items)
    {
        foreach (DicomDataSet item in items)
            Add(item);
        IsChanged = false;
    }

    /// <summary>Whether items were added, removed or replaced since the sequence was read; changes within items are theirs.</summary>
    internal bool IsChanged { get; private set; }

    /// <summary>The data set that has this sequence.</summary>
    internal DicomDataSet? Owner
    {
        get => _owner;
        set
        {
            _owner = value;
            foreach (DicomDataSet item in this)
                item.Parent = value;
        }
    }

    /// <summary>Adds an item as it was read.</summary>
    internal void AddRead(DicomDataSet item)
    {
        base.InsertItem(Count, item);
        item.Holder = this;
        // While it is being read the sequence has no owner yet, but the item knows what encloses it.
        item.Parent = _owner ?? item.Parent;
    }

    /// <inheritdoc/>
    protected override void InsertItem(int index, DicomDataSet item)
    {
        Take(item);
        base.InsertItem(index, item);
    }

    /// <inheritdoc/>
    protected override void SetItem(int index, DicomDataSet item)
    {
        if (ReferenceEquals(this[index], item))
            return;
        Take(item);
        Release(this[index]);
        base.SetItem(index, item);
    }

    /// <inheritdoc/>
    protected override void RemoveItem(int index)
    {
        Release(this[index]);
        base.RemoveItem(index);
    }

    /// <inheritdoc/>
    protected override void ClearItems()
    {
        foreach (DicomDataSet item in this)
            Release(item);
        IsChanged = true;
        base.ClearItems();
    }

    private void Take(DicomDataSet item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Holder is not null)
            throw new ArgumentException("The data set is an item of a sequence already: clone it", nameof(item));
        for (DicomDataSet? outer = _owner; outer is not null; outer = outer.Parent)
        {
            if (ReferenceEquals(outer, item))
                throw new ArgumentException("A data set cannot be an item of itself", nameof(item));
        }

        item.Holder = this;
        item.Parent = _owner;
        IsChanged = true;
    }

    private void Release(DicomDataSet item)
    {
        item.Holder = null;
        item.Parent = null;
        IsChanged = true;
    }
}
