namespace NetDicom.Cli.Sending;

/// <summary>A SOP class and the transfer syntax its object is in.</summary>
internal readonly record struct ContextPair(DicomUid SopClass, DicomUid TransferSyntax);

/// <summary>A presentation context to propose.</summary>
internal sealed record ProposedContext(DicomUid SopClass, IReadOnlyList<DicomUid> TransferSyntaxes);

/// <summary>Where an object's context stands: an association proposed it if it is of the group and proposed more than <paramref name="Index"/> contexts.</summary>
internal readonly record struct ContextPlace(int Group, int Index);

/// <summary>
/// Which presentation contexts are proposed, on which association. An acceptor chooses one transfer syntax a context, so each pair of class
/// and syntax is a context of its own; an association has 128 at most (PS3.8 section 9.3.2.2: odd identifiers up to 255), so what is
/// found later may need a further association: a further group.
/// </summary>
internal sealed class ContextPlan
{
    /// <summary>Presentation contexts an association can have.</summary>
    public const int MaxContexts = 128;

    private readonly Lock _gate = new();
    private readonly DicomUid _oneSyntax;
    private readonly bool _isFixed;
    private readonly int _maxContexts;
    private readonly Dictionary<ContextPair, ContextPlace> _places = [];
    private readonly List<List<ProposedContext>> _groups = [[]];

    private ContextPlan(int maxContexts, DicomUid oneSyntax = default, bool isFixed = false) => (_maxContexts, _oneSyntax, _isFixed) = (maxContexts, oneSyntax, isFixed);

    /// <summary>The pairs found (<c>-cx</c>, and the default).</summary>
    public static ContextPlan Found(int maxContexts = MaxContexts) => new(maxContexts);

    /// <summary>The classes found, each with the one syntax that the user named (<c>-xe -xb -xi</c>).</summary>
    public static ContextPlan OneSyntax(DicomUid transferSyntax) => new(MaxContexts, transferSyntax);

    /// <summary>A list that does not depend on what is found (<c>--all-contexts</c>); cut at what an association can have.</summary>
    public static ContextPlan Fixed(IEnumerable<ProposedContext> contexts)
    {
        var plan = new ContextPlan(MaxContexts, isFixed: true);
        plan._groups[0].AddRange(contexts.Take(MaxContexts));
        return plan;
    }

    /// <summary>The place of objects of this pair; a new pair joins the last group, or opens one when that is full.</summary>
    public ContextPlace PlaceOf(ContextPair pair)
    {
        lock (_gate)
        {
            if (_isFixed)
                return default;
            if (!_oneSyntax.IsNone)
                pair = pair with { TransferSyntax = _oneSyntax };
            if (_places.TryGetValue(pair, out ContextPlace place))
                return place;

            if (_groups[^1].Count == _maxContexts)
                _groups.Add([]);
            _groups[^1].Add(new ProposedContext(pair.SopClass, [pair.TransferSyntax]));
            place = new ContextPlace(_groups.Count - 1, _groups[^1].Count - 1);
            _places.Add(pair, place);
            return place;
        }
    }

    /// <summary>What to propose for a group, as far as it is known now.</summary>
    public IReadOnlyList<ProposedContext> Contexts(int group)
    {
        lock (_gate)
            return [.. _groups[group]];
    }
}
