namespace NetDicom.Fuzz;

/// <summary>What must hold does not.</summary>
internal sealed class FuzzFailure(string message) : Exception(message)
{
    public static void Unless(bool holds, string message)
    {
        if (!holds)
            throw new FuzzFailure(message);
    }
}
