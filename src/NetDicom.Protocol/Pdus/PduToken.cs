namespace NetDicom.Protocol;

/// <summary>What <see cref="PduReader.Read"/> found.</summary>
public enum PduToken
{
    /// <summary>The bytes at hand do not make a token: call again with what is left and more.</summary>
    NeedMoreData,

    /// <summary>A whole PDU other than P-DATA-TF: <see cref="PduReader.Pdu"/>.</summary>
    Pdu,

    /// <summary>The header of a P-DATA-TF, its length checked: <see cref="PduReader.PduLength"/>. Its PDVs follow.</summary>
    PDataTF,

    /// <summary>A piece of a PDV, or the end of one: <see cref="PduReader.Fragment"/>.</summary>
    PdvFragment,
}
