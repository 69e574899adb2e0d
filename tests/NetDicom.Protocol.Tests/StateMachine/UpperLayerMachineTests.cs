namespace NetDicom.Protocol.Tests;

public class UpperLayerMachineTests
{
    private static readonly TimeSpan s_artim = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_now = TimeSpan.FromSeconds(100);
    private static readonly AAssociateRQ s_request = new() { CalledAETitle = AETitle.Parse("A"), CallingAETitle = AETitle.Parse("B") };
    private static readonly AAssociateAC s_accept = new();
    private static readonly AAssociateRJ s_reject = AAssociateRJ.NoReasonGiven;

    /// <summary>Every cell of the page, in both roles: the machine really goes where the file says, from a state it was really brought to.</summary>
    public static TheoryData<AssociationRole, UlState, UlEvent, string, string> Cells()
    {
        var rows = new TheoryData<AssociationRole, UlState, UlEvent, string, string>();
        Dictionary<(UlState, UlEvent), string[]> printed = Facts.Read("state-machine.tsv").ToDictionary(
            row => (Enum.Parse<UlState>(row[2]), (UlEvent)int.Parse(row[0], null)));
        foreach (AssociationRole role in Enum.GetValues<AssociationRole>())
        {
            for (var state = UlState.Sta1; state <= UlState.Sta13; state++)
            {
                if (Way(role, state) is null)
                    continue;
                for (var evt = UlEvent.Evt1; evt <= UlEvent.Evt19; evt++)
                {
                    string[]? row = printed.GetValueOrDefault((state, evt));
                    rows.Add(role, state, evt, row?[3] ?? "", row?[4] ?? "");
                }
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Each_event_leads_where_the_standard_says_and_does_what_the_action_says(AssociationRole role, UlState state, UlEvent evt, string action, string next)
    {
        UpperLayerMachine machine = Bring(role, state);
        TimeSpan? deadline = machine.ArtimDeadline;
        TimeSpan later = s_now + TimeSpan.FromSeconds(5);
        if (action.Length == 0)
        {
            var thrown = Assert.Throws<InvalidOperationException>(() => machine.Handle(evt, later, PduFor(evt)));
            Assert.Contains($"event {(int)evt} cannot happen in {state}", thrown.Message, StringComparison.Ordinal);
            Assert.Equal((state, deadline), (machine.State, machine.ArtimDeadline));
            return;
        }

        machine.Handle(evt, later, PduFor(evt), AbortReason.UnrecognizedPduParameter);
        string expected = (action, role) switch
        {
            ("AE-6", _) => "Sta3",
            ("AR-8", AssociationRole.Requestor) => "Sta9",
            ("AR-8", _) => "Sta10",
            _ => next,
        };
        Assert.Equal(expected, machine.State.ToString());
        Assert.Equal(Effects(action, evt), Take(machine));
        Assert.Equal(Deadline(action, deadline, later + s_artim), machine.ArtimDeadline);
    }

    [Fact]
    public void Every_state_is_reached_in_the_roles_that_have_it()
    {
        UlState[] requestorOnly = [UlState.Sta4, UlState.Sta5, UlState.Sta9, UlState.Sta11];
        UlState[] acceptorOnly = [UlState.Sta2, UlState.Sta3, UlState.Sta10, UlState.Sta12];
        foreach (UlState state in Enum.GetValues<UlState>())
        {
            Assert.Equal(!acceptorOnly.Contains(state), Way(AssociationRole.Requestor, state) is not null);
            Assert.Equal(!requestorOnly.Contains(state), Way(AssociationRole.Acceptor, state) is not null);
        }
    }

    [Fact]
    public void A_request_the_provider_cannot_take_is_rejected_by_it_and_ARTIM_waits_for_the_close()
    {
        AAssociateRQ? seen = null;
        var machine = new UpperLayerMachine(AssociationRole.Acceptor, s_artim, rq =>
        {
            seen = rq;
            return AAssociateRJ.LocalLimitExceeded;
        });
        machine.Handle(UlEvent.Evt5, s_now);
        Assert.Equal(s_now + s_artim, machine.ArtimDeadline);
        TimeSpan later = s_now + TimeSpan.FromSeconds(7);
        machine.Handle(UlEvent.Evt6, later, s_request);
        Assert.Same(s_request, seen);
        Assert.Equal(UlState.Sta13, machine.State);
        Assert.Equal(later + s_artim, machine.ArtimDeadline);
        Assert.True(machine.TryTakeEffect(out UlEffect effect));
        Assert.Equal(new UlEffect(UlEffectKind.SendPdu, AAssociateRJ.LocalLimitExceeded, UlIndication.None), effect);
        Assert.False(machine.TryTakeEffect(out _));
    }

    [Theory]
    [InlineData(0, UlState.Sta13), InlineData(2, UlState.Sta13), InlineData(1, UlState.Sta3), InlineData(3, UlState.Sta3)]
    public void Without_a_check_of_its_own_the_provider_asks_for_bit_0_of_the_protocol_version(ushort version, UlState next)
    {
        var machine = new UpperLayerMachine(AssociationRole.Acceptor, s_artim);
        machine.Handle(UlEvent.Evt5, s_now);
        machine.Handle(UlEvent.Evt6, s_now, new AAssociateRQ { ProtocolVersion = version });
        Assert.Equal(next, machine.State);
    }

    [Theory]
    [InlineData(AbortSource.ServiceUser, UlIndication.Abort), InlineData((AbortSource)1, UlIndication.ProviderAbort), InlineData(AbortSource.ServiceProvider, UlIndication.ProviderAbort)]
    public void An_abort_of_the_peers_user_and_of_its_provider_are_told_apart(AbortSource source, UlIndication indication)
    {
        UpperLayerMachine machine = Bring(AssociationRole.Acceptor, UlState.Sta6);
        var abort = new AAbort(source, AbortReason.UnexpectedPdu);
        machine.Handle(UlEvent.Evt16, s_now, abort);
        Assert.True(machine.TryTakeEffect(out UlEffect effect));
        Assert.Equal(new UlEffect(UlEffectKind.Indicate, abort, indication), effect);
    }

    [Fact]
    public void The_request_may_come_with_either_of_the_first_two_events()
    {
        foreach (bool first in new[] { true, false })
        {
            var machine = new UpperLayerMachine(AssociationRole.Requestor, s_artim);
            machine.Handle(UlEvent.Evt1, s_now, first ? s_request : null);
            Assert.True(machine.TryTakeEffect(out _));
            machine.Handle(UlEvent.Evt2, s_now, first ? null : s_request);
            Assert.True(machine.TryTakeEffect(out UlEffect effect));
            Assert.Same(s_request, effect.Pdu);
        }
    }

    [Theory]
    [InlineData(AssociationRole.Requestor, UlState.Sta5, UlEvent.Evt3), InlineData(AssociationRole.Requestor, UlState.Sta5, UlEvent.Evt4)]
    [InlineData(AssociationRole.Acceptor, UlState.Sta2, UlEvent.Evt6), InlineData(AssociationRole.Acceptor, UlState.Sta3, UlEvent.Evt7)]
    [InlineData(AssociationRole.Acceptor, UlState.Sta3, UlEvent.Evt8), InlineData(AssociationRole.Acceptor, UlState.Sta6, UlEvent.Evt16)]
    [InlineData(AssociationRole.Requestor, UlState.Sta4, UlEvent.Evt2)]
    public void An_event_that_carries_a_PDU_is_refused_without_it(AssociationRole role, UlState state, UlEvent evt)
    {
        UpperLayerMachine machine = Bring(role, state, withRequest: false);
        Assert.Throws<ArgumentException>(() => machine.Handle(evt, s_now));
        Assert.Throws<ArgumentException>(() => machine.Handle(evt, s_now, AReleaseRQ.Instance));
        Assert.Equal(state, machine.State);
    }

    [Fact]
    public void P_DATA_in_its_usual_states_allocates_nothing()
    {
        UpperLayerMachine open = Bring(AssociationRole.Acceptor, UlState.Sta6);
        UpperLayerMachine releasing = Bring(AssociationRole.Acceptor, UlState.Sta7);
        UpperLayerMachine owing = Bring(AssociationRole.Acceptor, UlState.Sta8);
        int indications = PData(open, releasing, owing);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            indications += PData(open, releasing, owing);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(101 * 2, indications);

        static int PData(UpperLayerMachine open, UpperLayerMachine releasing, UpperLayerMachine owing)
        {
            open.Handle(UlEvent.Evt9, s_now);
            open.Handle(UlEvent.Evt10, s_now);
            releasing.Handle(UlEvent.Evt10, s_now);
            owing.Handle(UlEvent.Evt9, s_now);
            int count = 0;
            foreach (UpperLayerMachine machine in (ReadOnlySpan<UpperLayerMachine>)[open, releasing, owing])
            {
                while (machine.TryTakeEffect(out UlEffect effect))
                    count += effect is { Kind: UlEffectKind.Indicate, Indication: UlIndication.PData, Pdu: null } ? 1 : 1000;
            }

            return count;
        }
    }

    [Fact]
    public void A_PDU_that_arrives_has_its_event()
    {
        (PduType, UlEvent)[] rows =
        [
            (PduType.AAssociateRQ, UlEvent.Evt6), (PduType.AAssociateAC, UlEvent.Evt3), (PduType.AAssociateRJ, UlEvent.Evt4), (PduType.PDataTF, UlEvent.Evt10),
            (PduType.AReleaseRQ, UlEvent.Evt12), (PduType.AReleaseRP, UlEvent.Evt13), (PduType.AAbort, UlEvent.Evt16), ((PduType)8, UlEvent.Evt19),
        ];
        Assert.All(rows, row => Assert.Equal(row.Item2, UpperLayerMachine.EventFor(row.Item1)));
    }

    /// <summary>The events that bring a machine into a state; null if the role does not have it.</summary>
    private static UlEvent[]? Way(AssociationRole role, UlState state)
    {
        UlEvent[] open = role == AssociationRole.Requestor ? [UlEvent.Evt1, UlEvent.Evt2, UlEvent.Evt3] : [UlEvent.Evt5, UlEvent.Evt6, UlEvent.Evt7];
        return (role, state) switch
        {
            (_, UlState.Sta1) => [],
            (AssociationRole.Acceptor, UlState.Sta2) => open[..1],
            (AssociationRole.Acceptor, UlState.Sta3) => open[..2],
            (AssociationRole.Requestor, UlState.Sta4) => open[..1],
            (AssociationRole.Requestor, UlState.Sta5) => open[..2],
            (_, UlState.Sta6) => open,
            (_, UlState.Sta7) => [.. open, UlEvent.Evt11],
            (_, UlState.Sta8) => [.. open, UlEvent.Evt12],
            (AssociationRole.Requestor, UlState.Sta9) => [.. open, UlEvent.Evt11, UlEvent.Evt12],
            (AssociationRole.Acceptor, UlState.Sta10) => [.. open, UlEvent.Evt11, UlEvent.Evt12],
            (AssociationRole.Requestor, UlState.Sta11) => [.. open, UlEvent.Evt11, UlEvent.Evt12, UlEvent.Evt14],
            (AssociationRole.Acceptor, UlState.Sta12) => [.. open, UlEvent.Evt11, UlEvent.Evt12, UlEvent.Evt13],
            (_, UlState.Sta13) => [.. open, UlEvent.Evt15],
            _ => null,
        };
    }

    private static UpperLayerMachine Bring(AssociationRole role, UlState state, bool withRequest = true)
    {
        var machine = new UpperLayerMachine(role, s_artim);
        foreach (UlEvent evt in Way(role, state)!)
            machine.Handle(evt, s_now, evt == UlEvent.Evt1 && !withRequest ? null : PduFor(evt));
        while (machine.TryTakeEffect(out _))
        {
        }

        Assert.Equal(state, machine.State);
        return machine;
    }

    private static Pdu? PduFor(UlEvent evt) => evt switch
    {
        UlEvent.Evt1 or UlEvent.Evt2 or UlEvent.Evt6 => s_request,
        UlEvent.Evt3 or UlEvent.Evt7 => s_accept,
        UlEvent.Evt4 or UlEvent.Evt8 => s_reject,
        UlEvent.Evt12 => AReleaseRQ.Instance,
        UlEvent.Evt13 => AReleaseRP.Instance,
        UlEvent.Evt16 => new AAbort(AbortSource.ServiceUser, AbortReason.NotSpecified),
        _ => null,
    };

    /// <summary>What tables 9-6 to 9-9 say an action does, in words.</summary>
    private static string Effects(string action, UlEvent evt)
    {
        string reason = evt == UlEvent.Evt19 ? "UnrecognizedPduParameter" : "UnexpectedPdu";
        return action switch
        {
            "AE-1" => "open",
            "AE-2" => "send AAssociateRQ",
            "AE-3" => "AssociateConfirmAccepted AAssociateAC",
            "AE-4" => "AssociateConfirmRejected AAssociateRJ, close",
            "AE-5" or "AR-5" or "AA-5" or "AA-6" or "DT-1" or "AR-7" => "",
            "AE-6" => "AssociateIndication AAssociateRQ",
            "AE-7" => "send AAssociateAC",
            "AE-8" => "send AAssociateRJ",
            "DT-2" or "AR-6" => "PData",
            "AR-1" => "send AReleaseRQ",
            "AR-2" => "ReleaseIndication",
            "AR-3" => "ReleaseConfirm, close",
            "AR-4" or "AR-9" => "send AReleaseRP",
            "AR-8" => "ReleaseCollision",
            "AR-10" => "ReleaseConfirm",
            "AA-1" => "send AAbort ServiceUser NotSpecified",
            "AA-2" => "close",
            "AA-3" => "Abort AAbort ServiceUser NotSpecified, close",
            "AA-4" => "TransportClosed",
            "AA-7" => $"send AAbort ServiceProvider {reason}",
            "AA-8" => $"send AAbort ServiceProvider {reason}, ProviderAbort AAbort ServiceProvider {reason}",
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
        };
    }

    /// <summary>What the actions say of ARTIM: started, stopped, or left as it is.</summary>
    private static TimeSpan? Deadline(string action, TimeSpan? before, TimeSpan started) => action switch
    {
        "AE-5" or "AE-8" or "AR-4" or "AA-1" or "AA-8" => started,
        "AE-6" or "AR-5" or "AA-2" or "AA-5" => null,
        _ => before,
    };

    private static string Take(UpperLayerMachine machine)
    {
        var effects = new List<string>();
        while (machine.TryTakeEffect(out UlEffect effect))
        {
            string pdu = effect.Pdu is AAbort abort ? $" AAbort {abort.Source} {abort.Reason}" : effect.Pdu is { } other ? $" {other.Type}" : "";
            effects.Add(effect.Kind switch
            {
                UlEffectKind.OpenTransport => "open",
                UlEffectKind.SendPdu => "send" + pdu,
                UlEffectKind.Indicate => effect.Indication + pdu,
                _ => "close",
            });
        }

        return string.Join(", ", effects);
    }
}
