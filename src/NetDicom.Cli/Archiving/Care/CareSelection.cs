using System.CommandLine;
using System.Runtime.CompilerServices;
using NetDicom.Archive;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Archiving.Care;

/// <summary>Which instances export and delete are about.</summary>
internal sealed class CareSelection
{
    private readonly Option<string?> _patient = new("--patient") { Description = "export, delete: studies of this Patient ID; wild cards as in C-FIND", HelpName = "ID" };
    private readonly Option<string[]> _study = new("--study") { Description = "export, delete: this Study Instance UID; may be repeated", HelpName = "UID" };
    private readonly Option<string[]> _series = new("--series") { Description = "export, delete: this Series Instance UID; may be repeated", HelpName = "UID" };
    private readonly Option<string?> _date = new("--date") { Description = "export, delete: Study Date, one day or a range such as 20260101-20260131", HelpName = "RANGE" };
    private readonly Option<bool> _all = new("--all") { Description = "export: everything" };

    public CareSelection(Command command)
    {
        foreach (Option option in (Option[])[_patient, _study, _series, _date, _all])
            command.Options.Add(option);
    }

    public bool IsGiven(ParseResult arguments) => Read(arguments) is { IsAll: true } or { IsEmpty: false };

    /// <exception cref="UsageException">A UID is none.</exception>
    public Chosen Read(ParseResult arguments) => new(
        arguments.GetValue(_patient), Uids(arguments.GetValue(_study), "--study"), Uids(arguments.GetValue(_series), "--series"), arguments.GetValue(_date), arguments.GetValue(_all));

    private static List<DicomUid>? Uids(string[]? texts, string option) => texts is null or [] ? null
        : [.. texts.Select(text => DicomUid.TryParse(text, out DicomUid uid) ? uid : throw new UsageException($"'{text}' for {option} is not a UID"))];

    /// <summary>What was chosen. All that is given has to hold.</summary>
    internal sealed record Chosen(string? Patient, IReadOnlyList<DicomUid>? Studies, IReadOnlyList<DicomUid>? Series, string? Date, bool IsAll)
    {
        public bool IsEmpty => Patient is null && Studies is null && Series is null && Date is null;

        /// <summary>The same as the index selects by.</summary>
        /// <exception cref="UsageException">A key cannot be used.</exception>
        public async IAsyncEnumerable<InstanceSelection> ResolveAsync(IArchiveIndex index, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            if (Patient is null && Date is null)
            {
                yield return new InstanceSelection { Studies = Studies, Series = Series };
                yield break;
            }

            var identifier = new DicomDataSet();
            identifier.Set(DicomTags.StudyInstanceUID, Studies is null ? [] : [.. Studies.Select(uid => uid.ToString())]);
            if (Patient is not null)
                identifier.Set(DicomTags.PatientID, Patient);
            if (Date is not null)
                identifier.Set(DicomTags.StudyDate, Date);
            IndexQuery query;
            try
            {
                query = IndexQuery.Create(ArchiveLevel.Study, identifier, index.Attributes);
            }
            catch (DicomDataException e)
            {
                throw new UsageException($"--patient or --date cannot be used: {e.Message}");
            }

            // An empty variable in a script must not be everything.
            foreach (QueryKey key in query.Attributes.Keys)
            {
                bool isOurs = key.Tag == DicomTags.PatientID && Patient is not null || key.Tag == DicomTags.StudyDate && Date is not null;
                if (isOurs && key.Matching == KeyMatching.Universal)
                    throw new UsageException($"'{(key.Tag == DicomTags.StudyDate ? Date : Patient)}' for {(key.Tag == DicomTags.StudyDate ? "--date" : "--patient")} asks for everything; for that export has --all");
            }

            // Required keys without a value match whatever a C-FIND asks (PS3.4 section C.2.2.1.2). Here they were not meant: a study without a date is not of last year.
            List<DicomUid> found = [];
            await foreach (DicomDataSet study in index.FindAsync(query, cancellationToken))
            {
                bool isMeant = (Patient is null || Has(study, DicomTags.PatientID)) && (Date is null || Has(study, DicomTags.StudyDate));
                if (isMeant && DicomUid.TryParse(study.GetStringOrDefault(DicomTags.StudyInstanceUID) ?? "", out DicomUid uid))
                    found.Add(uid);
            }

            foreach (DicomUid uid in found)
                yield return new InstanceSelection { Studies = [uid], Series = Series };
        }

        private static bool Has(DicomDataSet study, DicomTag tag) => study.GetStringOrDefault(tag) is { Length: > 0 };
    }
}
