namespace NetDicom;

/// <summary>How far a written instance is safe when <see cref="InstanceFileWriter.Commit"/> returns.</summary>
public enum Durability
{
    /// <summary>Written to the operating system. Survives the end of the process, not a loss of power.</summary>
    None,

    /// <summary>The file's bytes are on the device; its name may be lost with the power.</summary>
    File,

    /// <summary>The file's bytes and its name in the folder are on the device.</summary>
    Full,
}

/// <summary>What happens when the name an instance is to have is taken.</summary>
public enum ExistingFile
{
    /// <summary>The new file takes the name, in one step: a reader sees the old bytes or the new ones.</summary>
    Replace,

    /// <summary>The old file stays and the new bytes are dropped.</summary>
    Keep,
}
