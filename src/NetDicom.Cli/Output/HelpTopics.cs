using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Output;

/// <summary>What no single option can explain: <c>netdicom help TOPIC</c>.</summary>
internal static class HelpTopics
{
    /// <summary>Name, summary and text of each topic.</summary>
    public static readonly (string Name, string Summary, string Text)[] All =
    [
        ("addresses", "how a peer is named", """
            A peer is two words, an address and a port, or one word as dcm4che writes it:

              netdicom echoscu 127.0.0.1 11112
              netdicom echoscu ARCHIVE@pacs.example:104
              netdicom echoscu ARCHIVE@[2001:db8::1]:104

            The second form gives the called AE title too, which is -aec otherwise. Without either it is
            ANY-SCP. Ours is the tool's name in capitals, or -aet. Peers that know their callers by title and
            address answer others with a rejection, or with failures later.
            """),
        ("keys", "what -k and -f take", """
            -k may be given often. Each is one element of the data set that is sent:

              PatientID=1CT1                                  a keyword of PS3.6
              0010,0020=1CT1  or  (0010,0020)=1CT1            a tag
              PatientName                                     no value: a universal key, returned by the peer
              StudyDate=20260101-20260131                     a range; ranges and * ? are matched by the peer
              ModalitiesInStudy=CT\MR                         values are divided by backslashes
              ScheduledProcedureStepSequence[0].Modality=CT   an element in an item; items that are missing are made
              ScheduledProcedureStepSequence=                 an empty sequence
              ScheduledProcedureStepSequence[0]=              an item without elements
              0009,1001=text                                  a private element by its number
              '(0009,"ACME 1",01)=text'                       a private element by its creator
              ICCProfile=0A0B0C                               bytes, two hexadecimal digits each (OB, OW, UN)

            -f takes a whole data set from a DICOM file or a DICOM JSON file; -k then changes it. Text that is
            not ASCII is sent as UTF-8 (ISO_IR 192), unless SpecificCharacterSet says otherwise.

            A query of -P, -S and -O names its level and the unique keys of the levels above:

              -P  PATIENT (PatientID), STUDY (StudyInstanceUID), SERIES (SeriesInstanceUID), IMAGE (SOPInstanceUID)
              -S  STUDY, SERIES, IMAGE
              -O  PATIENT, STUDY

              netdicom findscu -S ARCHIVE@pacs.example:104 -k QueryRetrieveLevel=SERIES -k StudyInstanceUID=1.2.3 -k SeriesInstanceUID -k Modality
            """),
        ("receiving", "where received objects go", """
            storescp, getscu and movescu --store write with the same options. --layout says where:

              flat      {Prefix}.{SOPInstanceUID}, such as CT.1.2.3 (the default)
              study     {StudyInstanceUID}/{SeriesInstanceUID}/{SOPInstanceUID}.dcm
              or a template of {StudyInstanceUID}, {SeriesInstanceUID}, {SOPInstanceUID}, {SOPClassUID} and {Prefix}

            Only UIDs become part of a path. A file gets its name when it is whole. --durability says what is
            flushed before the peer is answered, --existing what happens to a file of the same name.
            --on-stored and --on-study run programs; their words are passed as they are, never to a shell.
            """),
        ("json", "results for programs", """
            With --json a tool writes one JSON object a line on standard output and nothing else there, the last
            of them a summary with the exit code. Each has a field "type". The log stays on standard error, as
            lines or, with --log-format json, as objects too. docs/cli-json.md lists every field; fields keep
            their names and meanings.
            """),
        ("exit-codes", "how a tool ends", string.Join('\n', ExitCode.All.Select(c => $"{c.Code,4}  {c.Meaning}"))),
    ];

    /// <summary>The text of a topic; null: there is none of that name.</summary>
    public static string? Find(string name) => Array.Find(All, t => t.Name == name) is { Text: { } text } topic ? $"netdicom help {topic.Name}: {topic.Summary}\n\n{text}\n" : null;
}
