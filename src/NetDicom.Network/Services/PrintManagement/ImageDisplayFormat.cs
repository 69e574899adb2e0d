using System.Globalization;

namespace NetDicom.Network;

/// <summary>Image Display Format (2010,0010) of a film box: how the film is divided into image boxes (PS3.3 section C.13.3).</summary>
/// <param name="Kind">STANDARD, ROW, COL, SLIDE, SUPERSLIDE or CUSTOM.</param>
/// <param name="Numbers">Columns and rows of STANDARD; boxes in each row of ROW or column of COL; the number of CUSTOM; none for slides.</param>
public sealed record ImageDisplayFormat(string Kind, IReadOnlyList<int> Numbers)
{
    /// <summary>Image boxes on the film; 0 where only the printer knows: slides and custom formats.</summary>
    public int ImageBoxCount => Kind switch
    {
        "STANDARD" => Numbers[0] * Numbers[1],
        "ROW" or "COL" => Numbers.Sum(),
        _ => 0,
    };

    /// <summary>Reads <c>STANDARD\C,R</c>, <c>ROW\R1,R2</c>, <c>COL\C1,C2</c>, <c>SLIDE</c>, <c>SUPERSLIDE</c> or <c>CUSTOM\i</c>. Each number is 1 to 100, 32 numbers at most.</summary>
    public static bool TryParse(string? text, out ImageDisplayFormat? format)
    {
        format = null;
        if (text is null)
            return false;
        string[] parts = text.Trim(' ').Split('\\');
        if (parts[0] is "SLIDE" or "SUPERSLIDE")
        {
            format = new ImageDisplayFormat(parts[0], []);
            return parts.Length == 1;
        }

        if (parts.Length != 2 || parts[0] is not ("STANDARD" or "ROW" or "COL" or "CUSTOM"))
            return false;
        string[] texts = parts[1].Split(',');
        if (texts.Length > 32 || parts[0] == "STANDARD" && texts.Length != 2 || parts[0] == "CUSTOM" && texts.Length != 1)
            return false;
        var numbers = new int[texts.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!int.TryParse(texts[i].Trim(' '), NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] is < 1 or > 100)
                return false;
        }

        format = new ImageDisplayFormat(parts[0], numbers);
        return true;
    }
}
