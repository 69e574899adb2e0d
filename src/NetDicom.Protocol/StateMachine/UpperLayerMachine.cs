namespace NetDicom.Protocol;

/// <summary>
/// The state machine of the DICOM upper layer for one association (PS3.8 section 9.2). It has no socket and no clock: it is handed events and the time, moves,
/// and queues what is to be done.
/// </summary>
/// <remarks>
/// <code>
/// machine.Handle(UlEvent.Evt10, now);
/// while (machine.TryTakeEffect(out UlEffect effect)) { … }
/// </code>
/// Not safe for use by several threads at once.
/// </remarks>
/// <param name="role">Which side this is; it matters in a release collision (AR-8).</param>
/// <param name="artim">The ARTIM time-out. The standard gives no value.</param>
/// <param name="providerCheck">
/// AE-6: whether the service provider itself can take a request; the rejection to send if not. Null: only bit 0 of the protocol version is asked for.
/// </param>
public sealed class UpperLayerMachine(AssociationRole role, TimeSpan artim, Func<AAssociateRQ, AAssociateRJ?>? providerCheck = null)
{
    // No event queues more than three effects (AA-8 two); an owner takes them after each event, so the queue never grows and never allocates.
    private readonly Queue<UlEffect> _effects = new(4);
    private AAssociateRQ? _request;

    /// <summary>Which side this is.</summary>
    public AssociationRole Role { get; } = role;

    /// <summary>The state now.</summary>
    public UlState State { get; private set; } = UlState.Sta1;

    /// <summary>When ARTIM expires, on the scale of the times given to <see cref="Handle"/>; null while it does not run. Then event 18 is due.</summary>
    public TimeSpan? ArtimDeadline { get; private set; }

    /// <summary>The cell of PS3.8 Table 9-10; <see cref="UlAction.None"/> where the page is empty.</summary>
    public static UlAction ActionFor(UlState state, UlEvent evt) => UlTable.ActionFor(state, evt);

    /// <summary>The event that is the arrival of a PDU of that type.</summary>
    public static UlEvent EventFor(PduType type) => type switch
    {
        PduType.AAssociateRQ => UlEvent.Evt6,
        PduType.AAssociateAC => UlEvent.Evt3,
        PduType.AAssociateRJ => UlEvent.Evt4,
        PduType.PDataTF => UlEvent.Evt10,
        PduType.AReleaseRQ => UlEvent.Evt12,
        PduType.AReleaseRP => UlEvent.Evt13,
        PduType.AAbort => UlEvent.Evt16,
        _ => UlEvent.Evt19,
    };

    /// <summary>Does what the table says for <paramref name="evt"/> in the present state.</summary>
    /// <param name="evt">What happened.</param>
    /// <param name="now">When, on any monotonic scale.</param>
    /// <param name="pdu">The PDU that came, or that the local user wants sent (events 1 or 2, 7 and 8).</param>
    /// <param name="reason">For event 19: what was wrong with the PDU.</param>
    /// <exception cref="InvalidOperationException">The cell is empty: the event cannot happen in this state.</exception>
    /// <exception cref="ArgumentException">The event needs a PDU that <paramref name="pdu"/> is not.</exception>
    public void Handle(UlEvent evt, TimeSpan now, Pdu? pdu = null, AbortReason reason = AbortReason.NotSpecified)
    {
        UlAction action = UlTable.ActionFor(State, evt);
        switch (action)
        {
            case UlAction.None:
                throw new InvalidOperationException($"event {(int)evt} cannot happen in {State} (PS3.8 Table 9-10)");

            case UlAction.DT1 or UlAction.AR7:
                // The user writes P-DATA-TF straight into the outgoing buffer: the cell says that it may.
                break;
            case UlAction.DT2 or UlAction.AR6:
                Indicate(UlIndication.PData);
                break;

            case UlAction.AE1:
                _request = pdu is null ? null : Require<AAssociateRQ>(pdu, evt);
                _effects.Enqueue(new UlEffect(UlEffectKind.OpenTransport, null, UlIndication.None));
                State = UlState.Sta4;
                break;
            case UlAction.AE2:
                Send(Require<AAssociateRQ>(pdu ?? _request, evt));
                _request = null;
                State = UlState.Sta5;
                break;
            case UlAction.AE3:
                Indicate(UlIndication.AssociateConfirmAccepted, Require<AAssociateAC>(pdu, evt));
                State = UlState.Sta6;
                break;
            case UlAction.AE4:
                Indicate(UlIndication.AssociateConfirmRejected, Require<AAssociateRJ>(pdu, evt));
                Close();
                break;
            case UlAction.AE5:
                ArtimDeadline = now + artim;
                State = UlState.Sta2;
                break;
            case UlAction.AE6:
                HandleRequest(Require<AAssociateRQ>(pdu, evt), now);
                break;
            case UlAction.AE7:
                Send(Require<AAssociateAC>(pdu, evt));
                State = UlState.Sta6;
                break;
            case UlAction.AE8:
                SendLast(Require<AAssociateRJ>(pdu, evt), now);
                break;

            case UlAction.AR1:
                Send(AReleaseRQ.Instance);
                State = UlState.Sta7;
                break;
            case UlAction.AR2:
                Indicate(UlIndication.ReleaseIndication);
                State = UlState.Sta8;
                break;
            case UlAction.AR3:
                Indicate(UlIndication.ReleaseConfirm);
                Close();
                break;
            case UlAction.AR4:
                SendLast(AReleaseRP.Instance, now);
                break;
            case UlAction.AR5 or UlAction.AA5:
                ArtimDeadline = null;
                State = UlState.Sta1;
                break;
            case UlAction.AR8:
                Indicate(UlIndication.ReleaseCollision);
                State = Role == AssociationRole.Requestor ? UlState.Sta9 : UlState.Sta10;
                break;
            case UlAction.AR9:
                Send(AReleaseRP.Instance);
                State = UlState.Sta11;
                break;
            case UlAction.AR10:
                Indicate(UlIndication.ReleaseConfirm);
                State = UlState.Sta12;
                break;

            default:
                Abort(action, evt, now, pdu, reason);
                break;
        }
    }

    /// <summary>Takes the next thing to do off the queue; false when there is none.</summary>
    public bool TryTakeEffect(out UlEffect effect) => _effects.TryDequeue(out effect);

    /// <summary>Tables 9-9: the abort related actions.</summary>
    private void Abort(UlAction action, UlEvent evt, TimeSpan now, Pdu? pdu, AbortReason reason)
    {
        // Every cell with AA-7 or AA-8 but those of event 19 is a known PDU in the wrong state.
        AbortReason provider = evt == UlEvent.Evt19 ? reason : AbortReason.UnexpectedPdu;
        switch (action)
        {
            case UlAction.AA1:
                SendLast(new AAbort(AbortSource.ServiceUser, AbortReason.NotSpecified), now);
                break;
            case UlAction.AA2:
                Close();
                break;
            case UlAction.AA3:
                AAbort received = Require<AAbort>(pdu, evt);
                Indicate(received.Source == AbortSource.ServiceUser ? UlIndication.Abort : UlIndication.ProviderAbort, received);
                Close();
                break;
            case UlAction.AA4:
                Indicate(UlIndication.TransportClosed);
                ArtimDeadline = null;
                State = UlState.Sta1;
                break;
            case UlAction.AA6:
                break;
            case UlAction.AA7:
                // ARTIM runs already and is not restarted: a peer that keeps talking must not keep the line.
                Send(new AAbort(AbortSource.ServiceProvider, provider));
                break;
            default:
                var abort = new AAbort(AbortSource.ServiceProvider, provider);
                SendLast(abort, now);
                Indicate(UlIndication.ProviderAbort, abort);
                break;
        }
    }

    private void HandleRequest(AAssociateRQ request, TimeSpan now)
    {
        ArtimDeadline = null;
        AAssociateRJ? rejection = providerCheck is not null ? providerCheck(request)
            : request.SupportsVersion1 ? null
            : AAssociateRJ.ProtocolVersionNotSupported;
        if (rejection is not null)
        {
            SendLast(rejection, now);
            return;
        }

        Indicate(UlIndication.AssociateIndication, request);
        State = UlState.Sta3;
    }

    private void Indicate(UlIndication indication, Pdu? pdu = null) => _effects.Enqueue(new UlEffect(UlEffectKind.Indicate, pdu, indication));

    private void Send(Pdu pdu) => _effects.Enqueue(new UlEffect(UlEffectKind.SendPdu, pdu, UlIndication.None));

    /// <summary>Sends the last PDU of the association; from then on ARTIM waits for the peer to close.</summary>
    private void SendLast(Pdu pdu, TimeSpan now)
    {
        Send(pdu);
        ArtimDeadline = now + artim;
        State = UlState.Sta13;
    }

    private void Close()
    {
        ArtimDeadline = null;
        _effects.Enqueue(new UlEffect(UlEffectKind.CloseTransport, null, UlIndication.None));
        State = UlState.Sta1;
    }

    private static T Require<T>(Pdu? pdu, UlEvent evt) where T : Pdu =>
        pdu as T ?? throw new ArgumentException($"event {(int)evt} needs a {typeof(T).Name}, not {pdu?.GetType().Name ?? "nothing"}", nameof(pdu));
}
