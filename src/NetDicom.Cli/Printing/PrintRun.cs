using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Procedures;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Printing;

/// <summary>What is printed, and how.</summary>
/// <param name="Color">In colour.</param>
/// <param name="Session">Attributes of the film session.</param>
/// <param name="Film">Attributes of each film box.</param>
/// <param name="Polarity">Of each image; null: the printer's.</param>
internal sealed record PrintOrder(bool Color, DicomDataSet Session, DicomDataSet Film, string? Polarity);

/// <summary>One film session on a printer (PS3.4 annex H): session, film boxes, image boxes, print, and the session deleted again.</summary>
internal sealed class PrintRun(Association association, PrintOrder order, RequestReport report, ToolConsole console)
{
    private readonly NServiceOptions _meta = new() { AbstractSyntax = order.Color ? SopClasses.BasicColorPrintManagementMeta : SopClasses.BasicGrayscalePrintManagementMeta };
    private readonly DicomUid _imageBox = order.Color ? SopClasses.BasicColorImageBox : SopClasses.BasicGrayscaleImageBox;
    private DicomUid _session;

    /// <summary>Films that were printed.</summary>
    public int Films { get; private set; }

    /// <summary>Images that were placed on printed films.</summary>
    public int Images { get; private set; }

    /// <summary>Asks the printer how it is; a warning says when it is not well. Only the two attributes that every printer has are asked for (PS3.4 table H.4.6.2-1): some refuse the rest.</summary>
    /// <param name="isAll">It is all that the user wants: an answer that is a failure is then one of the run. Otherwise it is tried to print all the same.</param>
    public async Task CheckPrinterAsync(bool isAll)
    {
        NResponse answer = await association.NGetAsync(SopClasses.Printer, Uids.PrinterInstance, [DicomTags.PrinterStatus, DicomTags.PrinterStatusInfo], _meta, console.Stop);
        if (isAll)
            report.Add("N-GET (printer)", CommandField.NGetResponse, Uids.PrinterInstance, answer, showDataSet: true);
        else if (answer.Status.IsFailure)
            console.Log.Warn($"The printer does not tell its status: {StatusText.Describe(answer.Status, CommandField.NGetResponse, null, answer.ErrorComment)}");
        if (answer.DataSet?.GetStringOrDefault(DicomTags.PrinterStatus) is { Length: > 0 } status and not "NORMAL")
            console.Log.Warn($"The printer says {status}: {answer.DataSet.GetStringOrDefault(DicomTags.PrinterStatusInfo) ?? "no reason given"}");
    }

    /// <summary>Prints; the first failure ends it.</summary>
    /// <param name="images">Items of the image sequences, made one at a time.</param>
    public async Task PrintAsync(IAsyncEnumerable<DicomDataSet> images)
    {
        _session = DicomUid.Generate();
        NResponse answer = await association.NCreateAsync(SopClasses.BasicFilmSession, _session, order.Session, _meta, console.Stop);
        if (!report.Add("N-CREATE (film session)", CommandField.NCreateResponse, _session, answer))
            return;
        try
        {
            await using IAsyncEnumerator<DicomDataSet> next = images.GetAsyncEnumerator(console.Stop);
            bool more = await next.MoveNextAsync();
            while (more)
                more = await PrintFilmAsync(next) is true;
        }
        finally
        {
            // The session goes away with its films; an association that has ended took it along.
            if (association.IsOpen && !console.Stop.IsCancellationRequested)
                report.Add("N-DELETE (film session)", CommandField.NDeleteResponse, _session, await association.NDeleteAsync(SopClasses.BasicFilmSession, _session, _meta, console.Stop));
        }
    }

    /// <returns>Whether there are images for another film; null after a failure.</returns>
    private async Task<bool?> PrintFilmAsync(IAsyncEnumerator<DicomDataSet> images)
    {
        DicomUid film = DicomUid.Generate();
        DicomDataSet attributes = order.Film.Clone();
        attributes.Set(DicomTags.ReferencedFilmSessionSequence, Filled.Reference(SopClasses.BasicFilmSession, _session));
        NResponse answer = await association.NCreateAsync(SopClasses.BasicFilmBox, film, attributes, _meta, console.Stop);
        if (!report.Add("N-CREATE (film box)", CommandField.NCreateResponse, film, answer))
            return null;
        DicomUid[] boxes = [.. (answer.DataSet?.GetSequence(DicomTags.ReferencedImageBoxSequence) ?? [])
            .Select(item => item.GetUidOrDefault(DicomTags.ReferencedSOPInstanceUID) ?? default).Where(uid => !uid.IsNone)];
        if (boxes.Length == 0)
            throw new DicomDataException("the printer made a film box without image boxes (PS3.4 section H.4.2.2.1)");

        bool more = true;
        int placed = 0;
        for (; more && placed < boxes.Length; placed++)
        {
            var box = new DicomDataSet { { DicomTags.ImageBoxPosition, (long)(placed + 1) } };
            if (order.Polarity is { } polarity)
                box.Set(DicomTags.Polarity, polarity);
            box.Set(order.Color ? DicomTags.BasicColorImageSequence : DicomTags.BasicGrayscaleImageSequence, images.Current);
            if (!report.Add("N-SET (image box)", CommandField.NSetResponse, boxes[placed], await association.NSetAsync(_imageBox, boxes[placed], box, _meta, console.Stop)))
                return null;
            more = await images.MoveNextAsync();
        }

        if (!report.Add("N-ACTION (print film box)", CommandField.NActionResponse, film, await association.NActionAsync(SopClasses.BasicFilmBox, film, 1, null, _meta, console.Stop)))
            return null;
        Films++;
        Images += placed;
        // One film box of a session stays current; printers keep few of them (PS3.4 section H.4.2.2.2).
        if (more && !report.Add("N-DELETE (film box)", CommandField.NDeleteResponse, film, await association.NDeleteAsync(SopClasses.BasicFilmBox, film, _meta, console.Stop)))
            return null;
        return more;
    }
}
