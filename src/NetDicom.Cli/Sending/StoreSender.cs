using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using NetDicom.Cli.Commands;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Sending;

/// <summary>One of the senders that run side by side: an association for each group of contexts it meets, and files as long as there are any.</summary>
internal sealed class StoreSender(StoreJob job)
{
    private readonly Dictionary<int, Session> _sessions = [];
    private readonly Queue<StoreFile> _again = new();
    private StoreFile? _next;
    private int _attempts;

    /// <summary>Runs until there are no more files, or no association is to be had.</summary>
    public async Task RunAsync()
    {
        try
        {
            while ((_next ??= await TakeAsync()) is { } file)
            {
                if (await SessionForAsync(file) is not { } session)
                    break;
                _next = null;
                if (!await SendAsync(session, file))
                    break;
            }

            foreach (Session session in _sessions.Values)
                await ReleaseAsync(session);
            if (_next is not null)
                _again.Enqueue(_next);
            while (_again.TryDequeue(out StoreFile? file))
                job.Report.NotSent(file, job.IsHalted ? "stopped at the first failure (--halt)" : "no association left");
        }
        catch (OperationCanceledException) when (job.Stop.IsCancellationRequested)
        {
            // A signal: what is open is aborted, not released; the peer sees that the work was not finished.
            foreach (Session session in _sessions.Values)
                await session.Association.AbortAsync();
        }
        finally
        {
            foreach (Session session in _sessions.Values)
                await session.Association.DisposeAsync();
        }
    }

    private async ValueTask<StoreFile?> TakeAsync() => !job.IsHalted && _again.TryDequeue(out StoreFile? file) ? file : await job.TakeAsync();

    /// <summary>An association that proposed what the file needs; null when none is to be had.</summary>
    private async Task<Session?> SessionForAsync(StoreFile file)
    {
        ContextPlace place = job.Plan.PlaceOf(file.Pair);
        while (true)
        {
            if (_sessions.TryGetValue(place.Group, out Session? session))
            {
                if (session.Association.IsOpen && session.Proposed > place.Index)
                    return session;
                // The scan went on and found a class or syntax that this association did not propose; or the peer ended it while it was idle.
                _sessions.Remove(place.Group);
                await ReleaseAsync(session);
                await session.Association.DisposeAsync();
            }

            try
            {
                IReadOnlyList<ProposedContext> contexts = job.Plan.Contexts(place.Group);
                Association association = await job.Connection.OpenAsync(
                    [.. contexts.Select(c => new PresentationContext(c.SopClass, c.TransferSyntaxes))], job.Stop);
                job.Report.Tally.Established = true;
                _sessions[place.Group] = new Session(association, contexts.Count);
            }
            catch (Exception e) when (Failures.IsExpected(e))
            {
                if (await WaitToTryAgainAsync(e))
                    continue;
                job.Log.Error(Failures.Describe(e));
                job.Report.Tally.NotEstablished = true;
                return null;
            }
        }
    }

    /// <summary>Sends the file and whatever follows that the same association can carry.</summary>
    /// <returns>False when the association was lost and is not tried again.</returns>
    private async Task<bool> SendAsync(Session session, StoreFile first)
    {
        // Outcomes come in the order of the objects. Taken and put by two threads where the files come slower than the answers.
        var underWay = new ConcurrentQueue<StoreFile>();
        var lost = new List<(StoreFile File, StoreOutcome Outcome)>();
        await foreach (StoreOutcome outcome in session.Association.StoreAsync(FeedAsync(session, first, underWay), job.Options.Store, job.Stop))
        {
            underWay.TryDequeue(out StoreFile? file);
            if (outcome.Failure is StoreFailure.AssociationLost or StoreFailure.NotSent)
            {
                lost.Add((file!, outcome));
                continue;
            }

            _attempts = 0;
            if (outcome.IsStored)
                job.Acknowledged(file!);
            else
                job.Failed();
            job.Report.Sent(file!, outcome);
        }

        if (lost.Count == 0)
            return true;
        if (!job.IsHalted && lost[0].Outcome.Error is { } cause && await WaitToTryAgainAsync(cause))
        {
            foreach ((StoreFile file, StoreOutcome outcome) in lost)
                SendAgain(file, outcome);
            return true;
        }

        job.Report.Tally.Lost |= lost.Exists(l => l.Outcome.Failure == StoreFailure.AssociationLost) || !session.Association.IsOpen;
        foreach ((StoreFile file, StoreOutcome outcome) in lost)
            job.Report.Sent(file, outcome);
        job.Failed();
        return false;
    }

    // One object that a peer cannot stand must not keep all the others from it: it gets a second association, not a third.
    private void SendAgain(StoreFile file, StoreOutcome outcome)
    {
        bool wasUnderWay = outcome.Failure == StoreFailure.AssociationLost;
        if (wasUnderWay && file.Losses > 0)
        {
            _attempts = 0;
            job.Report.Sent(file, outcome);
        }
        else
        {
            _again.Enqueue(wasUnderWay ? file with { Losses = file.Losses + 1 } : file);
        }
    }

    private async IAsyncEnumerable<StorageObject> FeedAsync(Session session, StoreFile first, ConcurrentQueue<StoreFile> underWay,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        StoreFile? file = first;
        while (file is not null)
        {
            underWay.Enqueue(file);
            yield return file.File;

            cancellationToken.ThrowIfCancellationRequested();
            // Of an association that has ended nothing more is wanted: the rest goes on another one.
            file = job.IsHalted || !session.Association.IsOpen ? null : await TakeAsync();
            if (file is not null && !Fits(session, file))
            {
                _next = file;
                file = null;
            }
        }
    }

    private bool Fits(Session session, StoreFile file)
    {
        ContextPlace place = job.Plan.PlaceOf(file.Pair);
        return _sessions.TryGetValue(place.Group, out Session? other) && other == session && session.Proposed > place.Index;
    }

    /// <summary>Waits, when the failure may pass and repetitions are left (<c>--retry</c>).</summary>
    private async Task<bool> WaitToTryAgainAsync(Exception e)
    {
        if (_attempts >= job.Options.Retry || !MayPass(e))
            return false;
        _attempts++;
        TimeSpan delay = BackOff.Delay(_attempts, Random.Shared.NextDouble());
        job.Log.Warn($"{Failures.Describe(e)}; trying again in {delay.TotalSeconds:0.0} s ({_attempts} of {job.Options.Retry})");
        await Task.Delay(delay, job.Stop);
        return true;
    }

    private static bool MayPass(Exception e) => e switch
    {
        // A peer that aborts may have been restarted; one that breaks the protocol will do so again.
        AssociationEndedException ended => ended.End.Kind is AssociationEndKind.AbortedByPeer or AssociationEndKind.ConnectionLost or AssociationEndKind.TimedOut,
        DicomNetworkException network => network.IsTransient,
        _ => false,
    };

    private async Task ReleaseAsync(Session session)
    {
        if (!session.Association.IsOpen)
            return;
        try
        {
            await session.Association.ReleaseAsync(job.Stop);
        }
        catch (Exception e) when (Failures.IsExpected(e))
        {
            // Every object on it has its answer: nothing is lost by a release that goes wrong.
            job.Log.Warn($"The association was not released in order: {Failures.Describe(e)}");
        }
    }

    private sealed record Session(Association Association, int Proposed);
}
