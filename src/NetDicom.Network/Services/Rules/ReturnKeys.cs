namespace NetDicom.Network;

/// <summary>Holds a response identifier against its request: the return key types of the worklist-like models (PS3.4 section K.2.2.1.2).</summary>
internal static class ReturnKeys
{
    /// <summary>Notes what was asked for and is missing, or has no value where it must have one, each once.</summary>
    public static void Compare(DicomDataSet request, DicomDataSet response, AttributeTable.Attribute[] rows, int returnColumn, List<DicomTag> lacking)
    {
        foreach (AttributeTable.Attribute row in rows)
        {
            if (!request.TryGet(row.Tag, out DicomElement? asked))
                continue;
            bool present = response.TryGet(row.Tag, out DicomElement? given);
            bool isLacking = row[returnColumn] switch
            {
                AttributeRequirement.Type1 => !present || AttributeCheck.IsBlank(given!),
                AttributeRequirement.Type2 => !present,
                _ => false,
            };
            if (isLacking && !lacking.Contains(row.Tag))
                lacking.Add(row.Tag);
            if (asked.Items is not [var item])
                continue;
            foreach (DicomDataSet part in given?.Items ?? [])
                Compare(item, part, row.Children, returnColumn, lacking);
        }
    }
}
