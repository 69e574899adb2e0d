using System.Runtime.CompilerServices;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// Puts queries on the network. What finds is a function: this library knows no archive, NetDicom.Archive knows no network, and whoever sees both joins them.
/// </summary>
public static class FindProvider
{
    /// <summary>Answers C-FIND of one SOP class.</summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="sopClass">The SOP class; it is supported from now on.</param>
    /// <param name="check">Judges the identifier: what it does not accept is the final status, with its elements.</param>
    /// <param name="find">
    /// The response identifiers for an identifier, made as they are sent. A <see cref="DicomDataException"/> for an identifier that cannot be read is answered A900H with its tag.
    /// </param>
    public static void AddFindProvider(this ApplicationEntity entity, DicomUid sopClass, Func<DicomDataSet, RuleResult> check, Func<DicomDataSet, IEnumerable<DicomDataSet>> find)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(find);
        entity.AddSupportedContext(sopClass);
        entity.OnFind(sopClass, (request, cancellationToken) => AnswerAsync(request.Identifier, check, find, cancellationToken));
    }

    private static async IAsyncEnumerable<FindMatch> AnswerAsync(
        DicomDataSet identifier, Func<DicomDataSet, RuleResult> check, Func<DicomDataSet, IEnumerable<DicomDataSet>> find, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false); // a stream is asked for; what is in memory is there
        RuleResult judged = check(identifier);
        if (!judged.IsDone)
        {
            yield return judged.ToFinal();
            yield break;
        }

        IEnumerable<DicomDataSet> matches = [];
        FindMatch? refused = null;
        try
        {
            matches = find(identifier);
        }
        catch (DicomDataException error)
        {
            refused = FindMatch.Final(DimseStatus.DataSetDoesNotMatchSopClass, "the identifier cannot be read", error.Tag is { } tag ? [tag] : []);
        }

        if (refused is { } final)
        {
            yield return final;
            yield break;
        }

        foreach (DicomDataSet match in matches)
        {
            // Leaving after C-CANCEL-RQ answers Cancel.
            if (cancellationToken.IsCancellationRequested)
                yield break;
            yield return match;
        }
    }
}
