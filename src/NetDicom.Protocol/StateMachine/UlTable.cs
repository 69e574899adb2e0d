using static NetDicom.Protocol.UlAction;

namespace NetDicom.Protocol;

/// <summary>PS3.8 Table 9-10, laid out as the page is printed: a row an event, a column a state, the action in the cell.</summary>
internal static class UlTable
{
    private const int States = 13;
    private const UlAction __ = None;

    private static ReadOnlySpan<UlAction> Cells =>
    [
        //           Sta1 Sta2 Sta3 Sta4 Sta5 Sta6 Sta7 Sta8 Sta9 St10 St11 St12 St13
        /* Evt1  */ AE1,  __,   __,   __,   __,   __,   __,   __,   __,   __,   __,   __,   __,  // A-ASSOCIATE request
        /* Evt2  */ __,   __,   __,   AE2,  __,   __,   __,   __,   __,   __,   __,   __,   __,  // transport confirmed
        /* Evt3  */ __,   AA1,  AA8,  __,   AE3,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA6,  // A-ASSOCIATE-AC
        /* Evt4  */ __,   AA1,  AA8,  __,   AE4,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA6,  // A-ASSOCIATE-RJ
        /* Evt5  */ AE5,  __,   __,   __,   __,   __,   __,   __,   __,   __,   __,   __,   __,  // transport indication
        /* Evt6  */ __,   AE6,  AA8,  __,   AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA7,  // A-ASSOCIATE-RQ
        /* Evt7  */ __,   __,   AE7,  __,   __,   __,   __,   __,   __,   __,   __,   __,   __,  // response accept
        /* Evt8  */ __,   __,   AE8,  __,   __,   __,   __,   __,   __,   __,   __,   __,   __,  // response reject
        /* Evt9  */ __,   __,   __,   __,   __,   DT1,  __,   AR7,  __,   __,   __,   __,   __,  // P-DATA request
        /* Evt10 */ __,   AA1,  AA8,  __,   AA8,  DT2,  AR6,  AA8,  AA8,  AA8,  AA8,  AA8,  AA6,  // P-DATA-TF
        /* Evt11 */ __,   __,   __,   __,   __,   AR1,  __,   __,   __,   __,   __,   __,   __,  // A-RELEASE request
        /* Evt12 */ __,   AA1,  AA8,  __,   AA8,  AR2,  AR8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA6,  // A-RELEASE-RQ
        /* Evt13 */ __,   AA1,  AA8,  __,   AA8,  AA8,  AR3,  AA8,  AA8,  AR10, AR3,  AA8,  AA6,  // A-RELEASE-RP
        /* Evt14 */ __,   __,   __,   __,   __,   __,   __,   AR4,  AR9,  __,   __,   AR4,  __,  // A-RELEASE response
        /* Evt15 */ __,   __,   AA1,  AA2,  AA1,  AA1,  AA1,  AA1,  AA1,  AA1,  AA1,  AA1,  __,  // A-ABORT request
        /* Evt16 */ __,   AA2,  AA3,  __,   AA3,  AA3,  AA3,  AA3,  AA3,  AA3,  AA3,  AA3,  AA2,  // A-ABORT
        /* Evt17 */ __,   AA5,  AA4,  AA4,  AA4,  AA4,  AA4,  AA4,  AA4,  AA4,  AA4,  AA4,  AR5,  // transport closed
        /* Evt18 */ __,   AA2,  __,   __,   __,   __,   __,   __,   __,   __,   __,   __,   AA2,  // ARTIM expired
        /* Evt19 */ __,   AA1,  AA8,  __,   AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA8,  AA7,  // invalid PDU
    ];

    /// <summary>The action in a cell; <see cref="None"/> where the page is empty.</summary>
    public static UlAction ActionFor(UlState state, UlEvent evt)
    {
        if (state is < UlState.Sta1 or > UlState.Sta13)
            throw new ArgumentOutOfRangeException(nameof(state), state, "PS3.8 has states 1 to 13");
        if (evt is < UlEvent.Evt1 or > UlEvent.Evt19)
            throw new ArgumentOutOfRangeException(nameof(evt), evt, "PS3.8 has events 1 to 19");
        return Cells[(((int)evt - 1) * States) + (int)state - 1];
    }
}
