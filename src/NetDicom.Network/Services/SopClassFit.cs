namespace NetDicom.Network;

/// <summary>Which SOP classes may be named in a message on a presentation context (PS3.7 annex D.3.3.1, PS3.4).</summary>
internal static class SopClassFit
{
    /// <summary>Whether a message that names <paramref name="sopClass"/> may come on a context with <paramref name="abstractSyntax"/>.</summary>
    public static bool Fits(DicomUid abstractSyntax, DicomUid sopClass)
    {
        if (abstractSyntax == sopClass)
            return true;
        // PS3.4 annex CC.3.1.1: the instances are of class UPS Push whichever of the UPS classes was negotiated.
        if (sopClass == SopClasses.UnifiedProcedureStepPush)
        {
            return abstractSyntax == SopClasses.UnifiedProcedureStepPull || abstractSyntax == SopClasses.UnifiedProcedureStepWatch
                || abstractSyntax == SopClasses.UnifiedProcedureStepEvent || abstractSyntax == SopClasses.UnifiedProcedureStepQuery;
        }

        // PS3.4 annex H.3.2.2: the two Meta SOP classes of Print Management.
        bool isGrayscale = abstractSyntax == SopClasses.BasicGrayscalePrintManagementMeta;
        if (isGrayscale || abstractSyntax == SopClasses.BasicColorPrintManagementMeta)
        {
            return sopClass == SopClasses.BasicFilmSession || sopClass == SopClasses.BasicFilmBox || sopClass == SopClasses.Printer
                || sopClass == (isGrayscale ? SopClasses.BasicGrayscaleImageBox : SopClasses.BasicColorImageBox);
        }

        // The members of the retired Meta SOP classes are not in our tables: their messages are let through to whoever wants them.
        return SopClasses.TryGet(abstractSyntax, out SopClassInfo info) && info.IsMeta && info.IsRetired;
    }
}
