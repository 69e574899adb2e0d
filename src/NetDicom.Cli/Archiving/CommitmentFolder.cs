using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NetDicom.Cli.Output;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Archiving;

/// <summary>
/// Transactions of Storage Commitment that wait for their report, each a small JSON file in a folder beside the index: written before the N-ACTION is answered, deleted when the report was taken.
/// </summary>
/// <param name="folder">The folder; it is made when it is needed.</param>
/// <param name="title">Our title that was called: each has its own transactions.</param>
/// <param name="durability">How safe a file is when it counts as kept.</param>
/// <param name="log">Told of files that are none of ours.</param>
internal sealed class CommitmentFolder(string folder, string title, Durability durability, ToolLog log) : ICommitmentTransactionStore
{
    private const string Suffix = ".json";

    // Titles may hold what a name may not; of two of them with one hash both would see all, and each takes its own.
    private readonly string _ending = $"~{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(title)).AsSpan(0, 4))}{Suffix}";

    public ValueTask AddAsync(CommitmentTransaction transaction, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("transactionUid", transaction.Request.TransactionUid.ToString());
            json.WriteString("title", title);
            json.WriteString("user", transaction.User.ToString());
            json.WriteString("taken", transaction.Taken);
            json.WriteStartArray("instances");
            foreach (SopReference reference in transaction.Request.Instances)
            {
                json.WriteStartArray();
                json.WriteStringValue(reference.SopClassUid.ToString());
                json.WriteStringValue(reference.SopInstanceUid.ToString());
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        InstanceFileWriter.CreateFolder(folder, durability);
        using InstanceFileWriter writer = InstanceFileWriter.Create(PathOf(transaction.Request.TransactionUid), buffer.WrittenMemory, durability);
        writer.Commit();
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(DicomUid transactionUid, CancellationToken cancellationToken)
    {
        try
        {
            log.Info($"Storage commitment {transactionUid} is reported, or given up");
            File.Delete(PathOf(transactionUid));
        }
        catch (DirectoryNotFoundException)
        {
            // Then it is not there.
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<CommitmentTransaction>> LoadAsync(CancellationToken cancellationToken)
    {
        var transactions = new List<CommitmentTransaction>();
        if (!Directory.Exists(folder))
            return ValueTask.FromResult<IReadOnlyList<CommitmentTransaction>>(transactions);
        foreach (string path in Directory.EnumerateFiles(folder, $"*{_ending}"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (Read(File.ReadAllBytes(path)) is { } transaction)
                    transactions.Add(transaction);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException)
            {
                log.Warn($"{path} is no transaction of storage commitment: {error.Message}");
            }
        }

        return ValueTask.FromResult<IReadOnlyList<CommitmentTransaction>>(transactions);
    }

    private CommitmentTransaction? Read(byte[] bytes)
    {
        using JsonDocument document = JsonDocument.Parse(bytes);
        JsonElement root = document.RootElement;
        if (root.GetProperty("title").GetString() != title)
            return null;
        SopReference[] instances = [.. root.GetProperty("instances").EnumerateArray().Select(ReferenceOf)];
        return new CommitmentTransaction(
            new StorageCommitmentRequest(DicomUid.Parse(root.GetProperty("transactionUid").GetString()!), instances),
            AETitle.Parse(root.GetProperty("user").GetString()!),
            root.GetProperty("taken").GetDateTimeOffset());
    }

    private static SopReference ReferenceOf(JsonElement pair) => pair.GetArrayLength() == 2
        ? new SopReference(DicomUid.Parse(pair[0].GetString()!), DicomUid.Parse(pair[1].GetString()!))
        : throw new FormatException("an instance is a class and a UID");

    // A UID is digits and dots: the only thing from the network in the path.
    private string PathOf(DicomUid transactionUid) => Path.Join(folder, transactionUid + _ending);
}
