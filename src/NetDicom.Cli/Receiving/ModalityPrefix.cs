namespace NetDicom.Cli.Receiving;

/// <summary>The letters in front of a file name in the flat layout, as scripts around other receivers expect them: <c>CT.1.2.3</c>.</summary>
internal static class ModalityPrefix
{
    /// <summary>Two or three letters; <c>UN</c> for a class without letters of its own.</summary>
    public static string Of(DicomUid sopClass) => sopClass.ToString() switch
    {
        "1.2.840.10008.5.1.4.1.1.1" => "CR",
        "1.2.840.10008.5.1.4.1.1.2" => "CT",
        "1.2.840.10008.5.1.4.1.1.2.1" => "CTE",
        "1.2.840.10008.5.1.4.1.1.4" => "MR",
        "1.2.840.10008.5.1.4.1.1.4.1" => "MRE",
        "1.2.840.10008.5.1.4.1.1.6.1" => "US",
        "1.2.840.10008.5.1.4.1.1.6.2" => "USE",
        "1.2.840.10008.5.1.4.1.1.7" => "SC",
        "1.2.840.10008.5.1.4.1.1.12.1" => "XA",
        "1.2.840.10008.5.1.4.1.1.12.1.1" => "XAE",
        "1.2.840.10008.5.1.4.1.1.20" => "NM",
        "1.2.840.10008.5.1.4.1.1.128" => "PT",
        "1.2.840.10008.5.1.4.1.1.130" => "PTE",
        "1.2.840.10008.5.1.4.1.1.481.1" => "RI",
        "1.2.840.10008.5.1.4.1.1.481.2" => "RD",
        "1.2.840.10008.5.1.4.1.1.481.3" => "RS",
        "1.2.840.10008.5.1.4.1.1.481.5" => "RP",
        _ => "UN",
    };
}
