using System.CommandLine;
using NetDicom.Cli.Querying;

namespace NetDicom.Cli.Options;

/// <summary><c>-P -S -O</c> and, for queries, <c>-W -U</c>: the information model.</summary>
internal sealed class ModelOptions
{
    private readonly Option<bool> _patient = new("--patient", "-P") { Description = "patient root information model (the default)" };
    private readonly Option<bool> _study = new("--study", "-S") { Description = "study root information model" };
    private readonly Option<bool> _patientStudyOnly = new("--psonly", "-O") { Description = "patient/study only information model (retired)" };
    private readonly Option<bool>? _worklist;
    private readonly Option<bool>? _ups;

    public ModelOptions(Command command, bool withWorklists)
    {
        List<Option> options = [_patient, _study, _patientStudyOnly];
        if (withWorklists)
        {
            _worklist = new Option<bool>("--worklist", "-W") { Description = "modality worklist" };
            _ups = new Option<bool>("--ups", "-U") { Description = "unified procedure steps: pull, watch or query, what the peer accepts" };
            options.AddRange([_worklist, _ups]);
        }

        options.ForEach(command.Options.Add);
        Exclusive.Add(command, [.. options]);
    }

    public QueryModel Read(ParseResult arguments) =>
        arguments.GetValue(_study) ? QueryModel.Study
        : arguments.GetValue(_patientStudyOnly) ? QueryModel.PatientStudyOnly
        : _worklist is not null && arguments.GetValue(_worklist) ? QueryModel.Worklist
        : _ups is not null && arguments.GetValue(_ups) ? QueryModel.Ups
        : QueryModel.Patient;
}
