using NetDicom.Cli.Sending;

namespace NetDicom.Cli.Tests;

public class ContextPlanTests
{
    private static readonly DicomUid s_ct = new("1.2.840.10008.5.1.4.1.1.2");
    private static readonly DicomUid s_implicit = new("1.2.840.10008.1.2");
    private static readonly DicomUid s_explicit = new("1.2.840.10008.1.2.1");
    private static readonly DicomUid s_jpeg = new("1.2.840.10008.1.2.4.50");

    private static string[] Text(ContextPlan plan, int group) => [.. plan.Contexts(group).Select(c => $"{c.SopClass} {string.Join('|', c.TransferSyntaxes)}")];

    [Fact]
    public void Each_pair_of_class_and_syntax_is_a_context_of_its_own()
    {
        ContextPlan plan = ContextPlan.Found();
        Assert.Equal(new ContextPlace(0, 0), plan.PlaceOf(new(s_ct, s_explicit)));
        Assert.Equal(new ContextPlace(0, 1), plan.PlaceOf(new(s_ct, s_jpeg)));
        Assert.Equal(new ContextPlace(0, 0), plan.PlaceOf(new(s_ct, s_explicit)));
        Assert.Equal([$"{s_ct} {s_explicit}", $"{s_ct} {s_jpeg}"], Text(plan, 0));
    }

    [Fact]
    public void The_129th_context_opens_a_further_association()
    {
        ContextPlan plan = ContextPlan.Found();
        for (int i = 0; i < 128; i++)
            Assert.Equal(new ContextPlace(0, i), plan.PlaceOf(new(new DicomUid($"1.2.{i}"), s_explicit)));
        Assert.Equal(new ContextPlace(1, 0), plan.PlaceOf(new(new DicomUid("1.2.128"), s_explicit)));
        Assert.Equal(128, plan.Contexts(0).Count);
        Assert.Single(plan.Contexts(1));
    }

    [Fact]
    public void One_syntax_is_proposed_for_every_class_when_the_user_names_it()
    {
        ContextPlan plan = ContextPlan.OneSyntax(s_implicit);
        plan.PlaceOf(new(s_ct, s_jpeg));
        plan.PlaceOf(new(s_ct, s_explicit));
        Assert.Equal([$"{s_ct} {s_implicit}"], Text(plan, 0));
    }

    [Fact]
    public void A_fixed_list_is_cut_at_128_and_takes_everything()
    {
        ContextPlan plan = ContextPlan.Fixed(Enumerable.Range(0, 200).Select(i => new ProposedContext(new DicomUid($"1.2.{i}"), [s_explicit, s_implicit])));
        Assert.Equal(128, plan.Contexts(0).Count);
        Assert.Equal(default, plan.PlaceOf(new(s_ct, s_jpeg)));
    }
}
