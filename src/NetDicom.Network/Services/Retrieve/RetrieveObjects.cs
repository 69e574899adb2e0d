namespace NetDicom.Network;

/// <summary>The objects that answer a C-GET or C-MOVE: a list, or a stream that is read as they are sent.</summary>
public sealed class RetrieveObjects
{
    private RetrieveObjects(IAsyncEnumerable<StorageObject> objects, int? total)
    {
        Objects = objects;
        Total = total;
    }

    /// <summary>The objects, in the order in which they are sent.</summary>
    public IAsyncEnumerable<StorageObject> Objects { get; }

    /// <summary>How many there are; null if that is not known before the end. Pending responses then count as remaining only what has been taken from the stream.</summary>
    public int? Total { get; }

    /// <summary>Objects from a stream. An exception of it ends the operation with a failure status: that of a <see cref="Protocol.DimseStatusException"/>, C000H otherwise.</summary>
    public static RetrieveObjects From(IAsyncEnumerable<StorageObject> objects, int? total = null)
    {
        ArgumentNullException.ThrowIfNull(objects);
        if (total is { } number)
            ArgumentOutOfRangeException.ThrowIfNegative(number, nameof(total));
        return new RetrieveObjects(objects, total);
    }

    /// <summary>Objects from a list.</summary>
    public static RetrieveObjects From(IReadOnlyCollection<StorageObject> objects)
    {
        ArgumentNullException.ThrowIfNull(objects);
        return new RetrieveObjects(objects.ToAsyncEnumerable(), objects.Count);
    }

    /// <summary>Objects from an array.</summary>
    public static implicit operator RetrieveObjects(StorageObject[] objects) => From(objects);

    /// <summary>Objects from a list.</summary>
    public static implicit operator RetrieveObjects(List<StorageObject> objects) => From(objects);
}
