using System.Globalization;
using System.Xml;

namespace NetDicom;

/// <summary>Writes the Native DICOM Model (PS3.19 section A.1).</summary>
public static class DicomXml
{
    /// <summary>Writes a data set as a NativeDicomModel document.</summary>
    /// <param name="output">Where to; it stays open.</param>
    /// <param name="set">The data set. Large values are read and written as InlineBinary unless <paramref name="bulkDataUri"/> takes them.</param>
    /// <param name="bulkDataUri">Asked for each binary value and for encapsulated pixel data: a URI to write in its place, or <see langword="null"/> to write it inline.</param>
    public static void Write(Stream output, DicomDataSet set, Func<DicomTagPath, DicomElement, string?>? bulkDataUri = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(set);
        using XmlWriter xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, Encoding = new System.Text.UTF8Encoding(false), NewLineChars = "\n", CheckCharacters = false, CloseOutput = false });
        xml.WriteStartDocument();
        xml.WriteStartElement("NativeDicomModel");
        Write(xml, set, bulkDataUri, static tag => tag);
        xml.WriteEndElement();
        xml.WriteEndDocument();
    }

    private static void Write(XmlWriter xml, DicomDataSet set, Func<DicomTagPath, DicomElement, string?>? bulkDataUri, Func<DicomTag, DicomTagPath> path)
    {
        foreach (DicomElement element in set)
        {
            if (element.Tag.IsGroupLength)
                continue;
            xml.WriteStartElement("DicomAttribute");
            WriteNames(xml, element, set);
            if (element.Items is { } items)
            {
                for (int i = 0; i < items.Count; i++)
                {
                    int number = i;
                    xml.WriteStartElement("Item");
                    xml.WriteAttributeString("number", Number(i + 1));
                    Write(xml, items[i], bulkDataUri, tag => path(element.Tag).Then(number, tag));
                    xml.WriteEndElement();
                }
            }
            else if (!element.IsEmpty)
            {
                WriteValue(xml, element, bulkDataUri, path(element.Tag));
            }

            xml.WriteEndElement();
        }
    }

    private static void WriteNames(XmlWriter xml, DicomElement element, DicomDataSet set)
    {
        DicomTag tag = element.Tag;
        string? creator = set.GetPrivateCreator(tag);
        // PS3.19 table A.1.5-2: of a private element the block number is left out, since it may change.
        ushort number = creator is null ? tag.Element : (ushort)(tag.Element & 0xFF);
        xml.WriteAttributeString("tag", $"{tag.Group:X4}{number:X4}");
        xml.WriteAttributeString("vr", element.VR.ToString());
        if (DicomDictionary.KeywordOf(tag) is { Length: > 0 } keyword)
            xml.WriteAttributeString("keyword", keyword);
        if (creator is not null)
            xml.WriteAttributeString("privateCreator", creator);
    }

    private static void WriteValue(XmlWriter xml, DicomElement element, Func<DicomTagPath, DicomElement, string?>? bulkDataUri, DicomTagPath path)
    {
        bool binary = element.Fragments is not null || !element.VR.IsText && !element.VR.AllowsSeveralValues;
        if (binary)
        {
            if (bulkDataUri?.Invoke(path, element) is { } uri)
            {
                xml.WriteStartElement("BulkData");
                xml.WriteAttributeString("uri", uri);
                xml.WriteEndElement();
            }
            else if (element.Fragments is null)
            {
                xml.WriteStartElement("InlineBinary");
                ReadOnlySpan<byte> bytes = element.GetBytes().Span;
                xml.WriteString(Convert.ToBase64String(bytes));
                xml.WriteEndElement();
            }

            return;
        }

        int number = 1;
        foreach (string value in element.GetStrings())
        {
            if (value.Length > 0)
            {
                xml.WriteStartElement(element.VR == DicomVR.PN ? "PersonName" : "Value");
                xml.WriteAttributeString("number", Number(number));
                if (element.VR == DicomVR.PN)
                    WriteName(xml, PersonName.Parse(value));
                else
                    xml.WriteString(Allowed(element.VR == DicomVR.AT ? $"{DicomTag.Parse(value).Value:X8}" : value));
                xml.WriteEndElement();
            }

            number++;
        }
    }

    private static void WriteName(XmlWriter xml, PersonName name)
    {
        foreach ((string group, PersonNameGroup? parts) in new[] { ("Alphabetic", name.Alphabetic), ("Ideographic", name.Ideographic), ("Phonetic", name.Phonetic) })
        {
            if (parts is null)
                continue;
            xml.WriteStartElement(group);
            foreach ((string component, string text) in new[]
            {
                ("FamilyName", parts.FamilyName), ("GivenName", parts.GivenName), ("MiddleName", parts.MiddleName), ("NamePrefix", parts.Prefix), ("NameSuffix", parts.Suffix),
            })
            {
                if (text.Length > 0)
                    xml.WriteElementString(component, Allowed(text));
            }

            xml.WriteEndElement();
        }
    }

    // XML 1.0 has no place for most control characters, escaped or not.
    private static string Allowed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!XmlConvert.IsXmlChar(text[i]) && !char.IsSurrogate(text[i]))
                return string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '\uFFFD'));
        }

        return text;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
