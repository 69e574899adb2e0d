using Microsoft.Extensions.Logging;
using NetDicom.Archive;
using NetDicom.Archive.Sqlite;
using NetDicom.Cli.Archiving;
using NetDicom.Cli.Output;
using NetDicom.Network;

namespace NetDicom.Cli.Tests.Archiving;

/// <summary>What an archive commits itself to when it stores without flushing.</summary>
public class CommitmentJudgeTests
{
    [Fact]
    public async Task Yes_is_said_of_what_was_taken_to_the_device_first_and_0110_of_what_could_not_be()
    {
        string folder = Directory.CreateTempSubdirectory("netdicom-judge-").FullName;
        using var error = new StringWriter();
        using var log = new ToolLog(error, LogLevel.Warning, LogFormat.Text);
        var index = new HookedIndex(SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = Path.Combine(folder, "index.sqlite"), Durability = Durability.None }));
        await using (DicomArchive archive = await DicomArchive.OpenAsync(new ArchiveOptions { Folder = Path.Combine(folder, "instances"), Durability = Durability.None }, index))
        {
            var set = new DicomDataSet();
            set.Set(DicomTags.SOPClassUID, SopClasses.CTImageStorage).Set(DicomTags.SOPInstanceUID, new DicomUid("1.2.3.1")).Set(DicomTags.StudyInstanceUID, "1.2.3").Set(DicomTags.SeriesInstanceUID, "1.2.3.9");
            await archive.StoreAsync(FileMetaInformation.Create(SopClasses.CTImageStorage, new DicomUid("1.2.3.1"), TransferSyntax.ExplicitVRLittleEndian), set.ToArray(TransferSyntax.ExplicitVRLittleEndian));
            SopReference kept = new(SopClasses.CTImageStorage, new DicomUid("1.2.3.1")), never = new(SopClasses.CTImageStorage, new DicomUid("1.2.3.2"));
            var request = new StorageCommitmentRequest(new DicomUid("2.25.1"), [kept, never]);
            var judge = new CommitmentJudge(archive, "ARCHIVE", checkContent: false, log);
            int flushes = 0;
            index.OnFlush = () =>
            {
                flushes++;
                return Task.CompletedTask;
            };
            StorageCommitmentResult safe = await judge.JudgeAsync(request, default);
            Assert.Equal(kept, Assert.Single(safe.Committed));
            Assert.Equal(1, flushes);
            Assert.Equal((never, CommitmentFailureReason.NoSuchObjectInstance), (Assert.Single(safe.Failed).Reference, safe.Failed[0].Reason));

            index.OnFlush = () => throw new ArchiveIndexException("the index: disk I/O error");
            StorageCommitmentResult unsafeOne = await judge.JudgeAsync(request, default);
            Assert.Empty(unsafeOne.Committed);
            Assert.Equal([CommitmentFailureReason.ProcessingFailure, CommitmentFailureReason.NoSuchObjectInstance], unsafeOne.Failed.OrderBy(failed => failed.Reference.SopInstanceUid.ToString(), StringComparer.Ordinal).Select(failed => failed.Reason));
            Assert.Contains("Not committed: the index: disk I/O error", error.ToString(), StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }
}
