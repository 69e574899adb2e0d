using System.Runtime.CompilerServices;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>What makes an entity a printer on the network, besides its queue and abilities.</summary>
public sealed record PrintProviderOptions
{
    /// <summary>What the printer can do. <see cref="PrintOptions.IsColor"/> is set by the Meta SOP class of the association.</summary>
    public PrintOptions Printer { get; init; } = new();

    /// <summary>Whether Basic Grayscale Print Management is served. Default true.</summary>
    public bool IsGrayscale { get; init; } = true;

    /// <summary>Whether Basic Color Print Management is served. Default false.</summary>
    public bool IsColor { get; init; }

    /// <summary>The items of Printer Configuration Sequence (2000,001E), for Printer Configuration Retrieval (PS3.4 annex H). Default null: that class is not served.</summary>
    public IReadOnlyList<DicomDataSet>? Configuration { get; init; }
}

/// <summary>Makes an entity a provider of Print Management (PS3.4 annex H).</summary>
public static class PrintProvider
{
    /// <summary>
    /// Answers the classes of the Meta SOP classes, Presentation LUT, Basic Annotation Box, Print Job and Printer Configuration Retrieval. Each association has film sessions of its own, which end
    /// with it. The events of the printer go to every association that has it, those of a job to the association that made it, if it has the Print Job class.
    /// </summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="queue">Printer and jobs.</param>
    /// <param name="options">What it can do; null for the defaults.</param>
    public static void AddPrintProvider(this ApplicationEntity entity, PrintQueue queue, PrintProviderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(queue);
        new Printing(entity, queue, options ?? new PrintProviderOptions()).Register();
    }

    private sealed class Printing(ApplicationEntity entity, PrintQueue queue, PrintProviderOptions options)
    {
        private const int MaxWaitingEvents = 1000;

        private static readonly DicomUid s_gray = SopClasses.BasicGrayscalePrintManagementMeta;
        private static readonly DicomUid s_color = SopClasses.BasicColorPrintManagementMeta;

        private readonly ConditionalWeakTable<Association, Sessions> _sessions = [];
        private readonly OpenAssociations _withPrinter = new(entity, s_gray, s_color, SopClasses.Printer);
        private readonly OpenAssociations _withJobs = new(entity, SopClasses.PrintJob);
        private readonly KeyedQueue<Association, EventReport> _events = AssociationEvents.Queue(MaxWaitingEvents);

        /// <summary>The film sessions of an association: one for each Meta SOP class. The jobs that it made.</summary>
        private sealed class Sessions(PrintQueue queue, string originator, PrintOptions printer)
        {
            public PrintSession Gray { get; } = new(queue, originator, printer with { IsColor = false });

            public PrintSession Color { get; } = new(queue, originator, printer with { IsColor = true });

            /// <summary>Guarded by itself.</summary>
            public HashSet<DicomUid> Jobs { get; } = [];

            /// <summary>Events of jobs nobody is known to have made, while a print of this association is on its way: the queue may report before its job's UID is out.</summary>
            public List<EventReport>? Early { get; set; }
        }

        public void Register()
        {
            List<DicomUid> classes = [SopClasses.PresentationLUT, SopClasses.BasicAnnotationBox, SopClasses.PrintJob, SopClasses.Printer];
            if (options.IsGrayscale)
                classes.Add(s_gray);
            if (options.IsColor)
                classes.Add(s_color);
            foreach (DicomUid sopClass in classes)
                entity.AddSupportedContext(sopClass);
            foreach (DicomUid sopClass in (DicomUid[])[SopClasses.BasicFilmSession, SopClasses.BasicFilmBox, SopClasses.PresentationLUT])
            {
                entity.OnNCreate(sopClass, (request, _) => SessionOf(request).Create(sopClass, request.AffectedSopInstanceUid, request.AttributeList ?? []).ToAnswerAsync());
                entity.OnNDelete(sopClass, (request, _) => SessionOf(request).Delete(sopClass, request.RequestedSopInstanceUid).ToAnswerAsync());
            }

            foreach (DicomUid sopClass in (DicomUid[])[SopClasses.BasicFilmSession, SopClasses.BasicFilmBox, SopClasses.BasicGrayscaleImageBox, SopClasses.BasicColorImageBox, SopClasses.BasicAnnotationBox])
                entity.OnNSet(sopClass, (request, _) => SessionOf(request).Set(sopClass, request.RequestedSopInstanceUid, request.ModificationList).ToAnswerAsync());
            foreach (DicomUid sopClass in (DicomUid[])[SopClasses.BasicFilmSession, SopClasses.BasicFilmBox])
                entity.OnNAction(sopClass, (request, _) => Print(sopClass, request).ToAnswerAsync());
            foreach (DicomUid sopClass in (DicomUid[])[SopClasses.Printer, SopClasses.PrintJob])
                entity.OnNGet(sopClass, (request, _) => SessionOf(request).Get(sopClass, request.RequestedSopInstanceUid, request.AttributeIdentifierList).ToAnswerAsync());
            if (options.Configuration is { } configuration)
            {
                entity.AddSupportedContext(SopClasses.PrinterConfigurationRetrieval);
                entity.OnNGet(SopClasses.PrinterConfigurationRetrieval, (request, _) =>
                    PrintRules.GetPrinterConfiguration(configuration, request.RequestedSopInstanceUid, request.AttributeIdentifierList).ToAnswerAsync());
            }

            queue.Happened += OnHappened;
        }

        private PrintSession SessionOf(ServiceRequest request)
        {
            Sessions sessions = SessionsOf(request.Association);
            // What is on a context of its own, such as a presentation LUT, belongs to the Meta SOP class that the association has.
            bool isColor = request.Context.AbstractSyntax == s_color
                || request.Context.AbstractSyntax != s_gray && HasAsScp(request.Association, s_color) && !HasAsScp(request.Association, s_gray);
            return isColor ? sessions.Color : sessions.Gray;
        }

        private static bool HasAsScp(Association association, DicomUid meta) => association.TryFindContext(meta, default, asScp: true) is not null;

        private Sessions SessionsOf(Association association) => _sessions.GetValue(association, one =>
        {
            var sessions = new Sessions(queue, one.CallingAETitle.ToString(), options.Printer);
            _ = one.Completion.ContinueWith(
                _ =>
                {
                    sessions.Gray.End();
                    sessions.Color.End();
                }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return sessions;
        });

        private RuleResult Print(DicomUid sopClass, NActionIndication request)
        {
            Sessions sessions = SessionsOf(request.Association);
            lock (sessions.Jobs)
                sessions.Early = [];
            RuleResult result = SessionOf(request).Print(sopClass, request.RequestedSopInstanceUid, request.ActionTypeId);
            EventReport[] early;
            lock (sessions.Jobs)
            {
                if (result.Attributes?.GetSequence(DicomTags.ReferencedPrintJobSequence) is [var job] && job.TryGetUid(DicomTags.ReferencedSOPInstanceUID, out DicomUid uid))
                    sessions.Jobs.Add(uid);
                early = [.. (sessions.Early ?? []).Where(report => sessions.Jobs.Contains(report.InstanceUid))];
                sessions.Early = null;
            }

            foreach (EventReport report in early)
                _events.TryAdd(request.Association, report);
            return result;
        }

        private void OnHappened(PrintEvent happened)
        {
            var report = new EventReport(happened.SopClassUid, happened.InstanceUid, happened.EventTypeId, happened.Information);
            if (happened.SopClassUid == SopClasses.Printer)
            {
                foreach (Association association in _withPrinter.All())
                    _events.TryAdd(association, report);
                return;
            }

            foreach (Association association in _withJobs.All())
            {
                if (!_sessions.TryGetValue(association, out Sessions? sessions))
                    continue;
                bool isOurs;
                lock (sessions.Jobs)
                {
                    isOurs = sessions.Jobs.Contains(happened.InstanceUid);
                    if (!isOurs)
                        sessions.Early?.Add(report);
                }

                if (isOurs)
                    _events.TryAdd(association, report);
            }
        }
    }
}
