using System.Runtime.CompilerServices;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Makes an entity a provider of hanging protocols, color palettes, implant templates, procedure protocols, their approvals or inventories (PS3.4 annexes U, X, BB, HH, II, JJ).</summary>
public static class NonPatientProvider
{
    /// <summary>Answers C-FIND, C-GET and C-MOVE of a model, and C-STORE of its objects, as far as the options have functions for them.</summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the services.</param>
    /// <param name="model">The information model; call it once for each.</param>
    /// <param name="options">The owner's store.</param>
    public static void AddNonPatientProvider(this ApplicationEntity entity, NonPatientModel model, NonPatientProviderOptions options)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Find is not null)
        {
            entity.AddSupportedContext(model.FindClass);
            entity.OnFind(model.FindClass, (request, cancellationToken) => FindAsync(model, options, request, cancellationToken));
        }

        if (options.Select is not null)
        {
            entity.AddSupportedContext(model.GetClass);
            entity.OnGet(model.GetClass, (request, cancellationToken) => SelectAsync(options, request.Identifier, cancellationToken));
        }

        if (options is { Select: not null, Destination: { } destination })
        {
            entity.AddSupportedContext(model.MoveClass);
            entity.OnMove(model.MoveClass, (request, cancellationToken) => SelectAsync(options, request.Identifier, cancellationToken), destination);
        }

        // Of two contexts of a class the last counts: one for both directions.
        if (options.Select is not null || options.Store is not null)
        {
            IEnumerable<PresentationContext> storage = model.StorageClasses.Select(sopClass => PresentationContexts.Create(sopClass, []));
            entity.AddSupportedContexts(PresentationContexts.WithRoles(storage, scu: options.Store is not null, scp: options.Select is not null));
        }

        foreach (DicomUid sopClass in options.Store is null ? [] : model.StorageClasses)
            entity.OnStore(sopClass, (request, cancellationToken) => StoreAsync(options, request, cancellationToken));
    }

    private static async IAsyncEnumerable<FindMatch> FindAsync(
        NonPatientModel model, NonPatientProviderOptions options, FindRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RuleResult judged = NonPatientRules.CheckFind(request.Identifier);
        if (!judged.IsDone)
        {
            yield return judged.ToFinal();
            yield break;
        }

        SopClassExtendedNegotiation? agreed = request.Association.ExtendedNegotiations.FirstOrDefault(item => item.SopClassUid == model.FindClass);
        DicomDataSet keys = NonPatientRules.Prepare(model, request.Identifier, options.IsOptionalKeySupported, out bool optionalKeysNotSupported);
        var query = new NonPatientFind(model, keys, agreed is null ? default : WorklistExtendedNegotiation.From(agreed), request.Association);
        IAsyncEnumerator<DicomDataSet>? matches = null;
        FindMatch? refused = null;
        bool any = false;
        try
        {
            try
            {
                matches = options.Find!(query, cancellationToken).GetAsyncEnumerator(cancellationToken);
                any = await matches.MoveNextAsync().ConfigureAwait(false);
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

            while (any && !cancellationToken.IsCancellationRequested)
            {
                yield return new FindMatch(matches!.Current, optionalKeysNotSupported);
                any = await matches.MoveNextAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            if (matches is not null)
                await matches.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static ValueTask<RetrieveObjects> SelectAsync(NonPatientProviderOptions options, DicomDataSet identifier, CancellationToken cancellationToken)
    {
        RuleResult judged = NonPatientRules.CheckRetrieve(identifier, options.MaxInstances);
        if (!judged.IsDone)
            throw new DimseStatusException(judged.Status, judged.ErrorComment, judged.Elements);
        return options.Select!([.. identifier.GetUids(NonPatientModel.UniqueKey).Distinct()], cancellationToken);
    }

    private static async ValueTask<DimseStatus> StoreAsync(NonPatientProviderOptions options, StoreRequest request, CancellationToken cancellationToken)
    {
        // PS3.4 table B.2-1: A7xx out of resources, A9xx the data set is of another class or instance, Cxxx cannot understand.
        using var bytes = new MemoryStream();
        while (await request.ReadAsync(cancellationToken).ConfigureAwait(false) is { IsEmpty: false } piece)
        {
            if (bytes.Length + piece.Length > options.MaxObjectLength)
                throw new DimseStatusException(DimseStatus.OutOfResources, "the object is too long");
            bytes.Write(piece.Span);
        }

        DicomDataSet dataSet;
        try
        {
            dataSet = ReceivedDataSet.Read(bytes.ToArray(), request.TransferSyntax, options.MaxObjectLength);
        }
        catch (DicomDataException error)
        {
            throw new DimseStatusException(DimseStatus.CannotUnderstand, "the data set cannot be read", error.Tag is { } tag ? [tag] : null);
        }

        DicomTag[] different =
        [
            .. dataSet.GetUidOrDefault(DicomTags.SOPClassUID) == request.AffectedSopClassUid ? (DicomTag[])[] : [DicomTags.SOPClassUID],
            .. dataSet.GetUidOrDefault(DicomTags.SOPInstanceUID) == request.AffectedSopInstanceUid ? (DicomTag[])[] : [DicomTags.SOPInstanceUID],
        ];
        if (different.Length > 0)
            throw new DimseStatusException(DimseStatus.DataSetDoesNotMatchSopClass, "the data set is not what the request names", different);
        RuleResult result = await options.Store!(dataSet, cancellationToken).ConfigureAwait(false);
        return result.Elements.Count == 0 && result.ErrorComment is null ? result.Status : throw new DimseStatusException(result.Status, result.ErrorComment, result.Elements);
    }
}
