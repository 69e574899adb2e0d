using System.Globalization;
using NetDicom;
using NetDicom.Network;
using Samples;

// dotnet run --project samples -- NAME ARGUMENTS: each sample is a line here. Those that serve do so until Ctrl+C.
(string Name, string Arguments, Func<string[], CancellationToken, Task> Run)[] samples =
[
    ("echo", "HOST PORT", (a, _) => Echo.RunAsync(a[0], Port(a[1]))),
    ("send", "HOST PORT FOLDER", (a, _) => Send.RunAsync(a[0], Port(a[1]), a[2])),
    ("find", "HOST PORT PATIENT", (a, _) => Find.RunAsync(a[0], Port(a[1]), a[2])),
    ("retrieve", "HOST PORT STUDY FOLDER", (a, _) => Retrieve.RunAsync(a[0], Port(a[1]), a[2], a[3])),
    ("receive", "PORT", (a, stop) => Receive.RunAsync(Port(a[0]), stop)),
    ("host", "PORT FOLDER", (a, _) => Hosting.RunAsync(Port(a[0]), a[1])),
    ("archive", "PORT FILE...", async (a, stop) =>
    {
        DicomDataSet[] sets = await Task.WhenAll(a[1..].Select(ReadAsync));
        await QueryRetrieve.ServeAsync(
            Port(a[0]), [.. sets.DistinctBy(set => set.GetUid(DicomTags.StudyInstanceUID))],
            keys => a[1..].Where((_, i) => sets[i].GetUid(DicomTags.StudyInstanceUID) == keys.GetUidOrDefault(DicomTags.StudyInstanceUID)), stop);
    }),
    ("worklist", "PORT", (a, stop) => Worklist.ServeAsync(Port(a[0]), stop)),
    ("worklist-user", "HOST PORT", (a, _) => Worklist.QueryAsync(a[0], Port(a[1]))),
    ("mpps", "PORT", (a, stop) => Mpps.ServeAsync(Port(a[0]), stop)),
    ("mpps-user", "HOST PORT BEGUN-FILE ENDED-FILE", async (a, _) => await Mpps.PerformAsync(a[0], Port(a[1]), await AttributesAsync(a[2]), await AttributesAsync(a[3]), [], () => true)),
    ("commitment", "PORT", (a, stop) => StorageCommitment.ServeAsync(Port(a[0]), _ => null, stop)),
    ("commitment-user", "HOST PORT REPORT-PORT FILE...", async (a, _) => await StorageCommitment.CommitAsync(a[0], Port(a[1]), Port(a[2]), await ReferencesAsync(a[3..]))),
    ("ups", "PORT", (a, stop) => Ups.ServeAsync(Port(a[0]), stop)),
    ("ups-user", "HOST PORT STEP PERFORMED-FILE", async (a, _) => await Ups.PerformAsync(a[0], Port(a[1]), DicomUid.Parse(a[2]), await AttributesAsync(a[3]))),
    ("ups-watcher", "HOST PORT REPORT-PORT", (a, stop) => Ups.WatchAsync(a[0], Port(a[1]), Port(a[2]), stop)),
    ("print", "PORT", (a, stop) => Print.ServeAsync(Port(a[0]), _ => true, stop)),
    ("print-user", "HOST PORT IMAGE-FILE", async (a, _) => await Print.PrintAsync(a[0], Port(a[1]), await ImageAsync(a[2]))),
    ("protocols", "PORT", (a, stop) => NonPatientQuery.ServeAsync(Port(a[0]), stop)),
    ("protocols-user", "HOST PORT NAME FOLDER", (a, _) => NonPatientQuery.FetchAsync(a[0], Port(a[1]), a[2], a[3])),
    ("inventory", "PORT", (a, stop) => InventoryQuery.ServeAsync(Port(a[0]), _ => AsyncEnumerable.Empty<DicomDataSet>(), (_, _) => DicomUid.Generate(), stop)),
    ("inventory-user", "HOST PORT DATE", (a, _) => InventoryQuery.CreateAsync(a[0], Port(a[1]), a[2])),
    ("patient", "PORT", (a, stop) => RelevantPatient.ServeAsync(Port(a[0]), patient => [new DicomDataSet { { DicomTags.PatientID, patient }, { DicomTags.PatientName, "Doe^Jane" } }], stop)),
    ("media", "PORT", (a, stop) => MediaCreation.ServeAsync(Port(a[0]), _ => Task.FromResult(true), stop)),
    ("media-user", "HOST PORT FILE...", async (a, _) => await MediaCreation.BurnAsync(a[0], Port(a[1]), await ReferencesAsync(a[2..]))),
    ("machine", "PORT PLAN-FILE", async (a, stop) => await MachineVerification.ServeAsync(Port(a[0]), PlanOf(await ReadAsync(a[1])), _ => [], stop)),
    ("machine-user", "HOST PORT PLAN-FILE PATIENT PARAMETERS-FILE", async (a, _) =>
        Console.WriteLine(await MachineVerification.VerifyAsync(a[0], Port(a[1]), (await ReferencesAsync(a[2..3]))[0], a[3], await AttributesAsync(a[4])))),
    ("substance", "PORT", (a, stop) => SubstanceAdministration.ServeAsync(Port(a[0]), Substances(), (_, _) => true, _ => true, stop)),
    ("substance-user", "HOST PORT BARCODE PATIENT ADMINISTRATION-FILE", async (a, _) => await SubstanceAdministration.AdministerAsync(a[0], Port(a[1]), a[2], a[3], await AttributesAsync(a[4]))),
    ("events", "PORT", (a, stop) => EventLogging.ServeAsync(Port(a[0]), stop)),
    ("events-user", "HOST PORT EVENT-FILE", async (a, _) => await EventLogging.ReportAsync(a[0], Port(a[1]), await AttributesAsync(a[2]))),
    ("display", "PORT", (a, stop) => DisplaySystem.ServeAsync(Port(a[0]), () => new DicomDataSet { { DicomTags.Manufacturer, "NetDicom" } }, stop)),
    ("display-user", "HOST PORT", (a, _) => DisplaySystem.AskAsync(a[0], Port(a[1]))),
    ("availability", "PORT", (a, stop) => InstanceAvailability.ServeAsync(Port(a[0]), stop)),
    ("availability-user", "HOST PORT STUDY SERIES FILE...", async (a, _) =>
        await InstanceAvailability.NotifyAsync(a[0], Port(a[1]), DicomUid.Parse(a[2]), DicomUid.Parse(a[3]), await ReferencesAsync(a[4..]))),
    ("patient-user", "HOST PORT PATIENT", (a, _) => RelevantPatient.AskAsync(a[0], Port(a[1]), a[2])),
];

foreach ((string name, string arguments, Func<string[], CancellationToken, Task> run) in samples)
{
    int needed = arguments.Split(' ').Length;
    if (args.Length == 0 || args[0] != name || (arguments.EndsWith("...", StringComparison.Ordinal) ? args.Length - 1 < needed : args.Length - 1 != needed))
        continue;
    using var stop = new CancellationTokenSource();
    Console.CancelKeyPress += (_, e) =>
    {
        e.Cancel = true;
        stop.Cancel();
    };
    try
    {
        await run(args[1..], stop.Token);
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        // Ctrl+C, while something was waited for.
    }

    return 0;
}

foreach ((string name, string arguments, _) in samples)
    Console.Error.WriteLine($"{name} {arguments}");
return 2;

static int Port(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static async Task<DicomDataSet> ReadAsync(string path)
{
    await using DicomFile file = await DicomFile.OpenAsync(path);
    return file.DataSet.Clone();
}

// What goes into a request: a file says what class and instance it is, a request does so in its command.
static async Task<DicomDataSet> AttributesAsync(string path)
{
    DicomDataSet attributes = await ReadAsync(path);
    attributes.RemoveAll(element => element.Tag == DicomTags.SOPClassUID || element.Tag == DicomTags.SOPInstanceUID);
    return attributes;
}

static async Task<IReadOnlyList<SopReference>> ReferencesAsync(string[] paths)
{
    var references = new List<SopReference>();
    foreach (string path in paths)
    {
        DicomDataSet dataSet = await ReadAsync(path);
        references.Add(new SopReference(dataSet.GetUid(DicomTags.SOPClassUID), dataSet.GetUid(DicomTags.SOPInstanceUID)));
    }

    return references;
}

// One product, and one patient who may have it into a vein.
static SubstanceCatalog Substances()
{
    var catalog = new SubstanceCatalog();
    catalog.AddProduct(new DicomDataSet { { DicomTags.ProductPackageIdentifier, "0123" }, { DicomTags.ProductName, "GADOX" } });
    catalog.AddApproval(new DicomDataSet { { DicomTags.PatientID, "P1" }, { DicomTags.ProductPackageIdentifier, "0123" }, { DicomTags.SubstanceAdministrationApproval, "APPROVED" } }
        .Set(DicomTags.AdministrationRouteCodeSequence, new DicomDataSet { { DicomTags.CodeValue, "47625008" }, { DicomTags.CodingSchemeDesignator, "SCT" }, { DicomTags.CodeMeaning, "Intravenous route" } }));
    return catalog;
}

// Of each fraction group of an RT plan the numbers of its beams.
static Func<DicomUid, MachineVerificationPlan?> PlanOf(DicomDataSet plan)
{
    var groups = new Dictionary<int, IReadOnlyList<int>>();
    foreach (DicomDataSet group in plan.GetSequence(DicomTags.FractionGroupSequence) ?? [])
        groups[group.GetInt32(DicomTags.FractionGroupNumber)] = [.. (group.GetSequence(DicomTags.ReferencedBeamSequence) ?? []).Select(beam => beam.GetInt32(DicomTags.ReferencedBeamNumber))];
    DicomUid uid = plan.GetUid(DicomTags.SOPInstanceUID);
    return asked => asked == uid ? new MachineVerificationPlan(groups) : null;
}

// What PS3.4 table H.4-10 wants of an image, and no more.
static async Task<DicomDataSet> ImageAsync(string path)
{
    DicomDataSet image = await ReadAsync(path);
    DicomTag[] wanted =
    [
        DicomTags.SamplesPerPixel, DicomTags.PhotometricInterpretation, DicomTags.Rows, DicomTags.Columns, DicomTags.BitsAllocated, DicomTags.BitsStored, DicomTags.HighBit,
        DicomTags.PixelRepresentation, DicomTags.PixelData,
    ];
    image.RemoveAll(element => !wanted.Contains(element.Tag));
    return image;
}
