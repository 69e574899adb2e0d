namespace NetDicom.Network;

/// <summary>Something went wrong between two application entities. The derived types tell what.</summary>
public abstract class DicomNetworkException : DicomException
{
    private protected DicomNetworkException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }

    /// <summary>Whether the same call may succeed later without a change of configuration at either end.</summary>
    public virtual bool IsTransient => false;
}
