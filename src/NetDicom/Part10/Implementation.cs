namespace NetDicom;

/// <summary>How NetDicom names itself in file meta information and on associations (PS3.7 annex D.3.3.2).</summary>
public static class Implementation
{
    /// <summary>
    /// Implementation Class UID: 2.25 and the decimal value of the UUID 6f3c1d52-8a0e-4b7a-9c55-2e4d1c0b9a77 (PS3.5 annex B.2), fixed for this project.
    /// </summary>
    public static DicomUid ClassUid => DicomUid.FromChecked("2.25.147856440072951796374226568071839718007");

    /// <summary>Implementation Version Name, 16 characters at most.</summary>
    public static string VersionName => "NETDICOM_0_1";
}
