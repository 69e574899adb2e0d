using System.Security.Cryptography;
using NetDicom.Archive;
using NetDicom.Cli.Output;
using NetDicom.Network;

namespace NetDicom.Cli.Archiving;

/// <summary>Says what of a request for storage commitment the archive keeps: what is indexed, and in its file, as it was stored.</summary>
/// <param name="archive">The archive.</param>
/// <param name="title">Our title: where the instances can be had.</param>
/// <param name="checkContent">Whether files are read to their end and compared, or their heads and lengths only.</param>
/// <param name="log">Told of files that are not as they should be.</param>
internal sealed class CommitmentJudge(DicomArchive archive, string title, bool checkContent, ToolLog log)
{
    private static readonly HashSet<DicomUid> s_storage = [.. PresentationContexts.Storage.Select(context => context.AbstractSyntax)];

    public async ValueTask<StorageCommitmentResult> JudgeAsync(StorageCommitmentRequest request, CancellationToken cancellationToken)
    {
        var kept = new Dictionary<DicomUid, IndexedInstance>();
        foreach (SopReference reference in request.Instances)
        {
            if (await KeptAsync(reference.SopInstanceUid, cancellationToken) is { } instance)
                kept[reference.SopInstanceUid] = instance;
        }

        IReadOnlySet<DicomUid> unsafeOnes = await FlushAsync(kept.Values, cancellationToken);
        StorageCommitmentResult judged = StorageCommitmentRules.Judge(request, uid => kept.TryGetValue(uid, out IndexedInstance? instance) ? instance.SopClassUid : null, s_storage.Contains) with { RetrieveAETitle = title };
        if (unsafeOnes.Count == 0)
            return judged;
        // PS3.3 section C.14.1.1: 0110H. They are there, and nobody knows whether they will be after the power was gone.
        return judged with
        {
            Committed = [.. judged.Committed.Where(reference => !unsafeOnes.Contains(reference.SopInstanceUid))],
            Failed =
            [
                .. judged.Failed,
                .. judged.Committed.Where(reference => unsafeOnes.Contains(reference.SopInstanceUid)).Select(reference => new FailedCommitment(reference, CommitmentFailureReason.ProcessingFailure)),
            ],
        };
    }

    // Whatever the durability of storing: who asks this is about to delete the only other copy.
    private async ValueTask<IReadOnlySet<DicomUid>> FlushAsync(IReadOnlyCollection<IndexedInstance> instances, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlySet<DicomUid> failed = await archive.FlushAsync(instances, cancellationToken);
            if (failed.Count > 0)
                log.Error($"Not committed: the files of {failed.Count} instances cannot be taken to the device");
            return failed;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArchiveIndexException)
        {
            log.Error($"Not committed: {error.Message}");
            return instances.Select(instance => instance.SopInstanceUid).ToHashSet();
        }
    }

    private async ValueTask<IndexedInstance?> KeptAsync(DicomUid uid, CancellationToken cancellationToken)
    {
        IndexedInstance? looked = null;
        while (await archive.Index.FindInstanceAsync(uid, cancellationToken) is { } instance)
        {
            if (await IsWholeAsync(instance, cancellationToken))
                return instance;
            // One that was replaced meanwhile has another file now; the same row twice is a file that is not right.
            if (looked is not null && looked.Folder == instance.Folder && looked.File == instance.File)
            {
                log.Error($"Not committed: the file of {uid} is missing, or not what was stored; 'netdicom archive verify' says more");
                return null;
            }

            looked = instance;
        }

        return null;
    }

    private async ValueTask<bool> IsWholeAsync(IndexedInstance instance, CancellationToken cancellationToken)
    {
        try
        {
            string path = archive.PathOf(instance);
            StorageFile file = StorageFile.Read(path);
            if (file.SopInstanceUid != instance.SopInstanceUid || file.SopClassUid != instance.SopClassUid || file.Length != instance.Length)
                return false;
            return !checkContent || await HasContentAsync(path, instance, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DicomDataException)
        {
            return false;
        }
    }

    private static async ValueTask<bool> HasContentAsync(string path, IndexedInstance instance, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 256 * 1024, FileOptions.SequentialScan);
        byte[] head = new byte[instance.HeadLength];
        await stream.ReadExactlyAsync(head, cancellationToken);
        return SHA256.HashData(head).AsSpan().SequenceEqual(instance.HeadHash.Span)
            && (await SHA256.HashDataAsync(stream, cancellationToken)).AsSpan().SequenceEqual(instance.DataSetHash.Span);
    }
}
