using System.Diagnostics;
using NetDicom.Tests.Support;

namespace NetDicom.Tests.DataSets;

/// <summary>DCMTK reads what we write, wherever it reads the original.</summary>
public class DcmtkReadsTests
{
    private const string Dcmdump = "/usr/bin/dcmdump";

    private static readonly Lazy<HashSet<string>> _refusedThere = new(() => Refused([.. RealFiles.All.Except(RealFiles.Others).Select(RealFiles.PathOf)]));

    [Theory]
    [InlineData("changed"), InlineData("implicit"), InlineData("explicit, defined lengths"), InlineData("explicit, undefined lengths"), InlineData("big endian"), InlineData("deflated"), InlineData("group lengths")]
    public async Task Dcmdump_reads_every_file_that_we_write(string form)
    {
        RealFiles.Require();
        Assert.SkipUnless(File.Exists(Dcmdump), "dcmtk is not installed (apt-get install dcmtk)");
        DicomWriteOptions options = form switch
        {
            "changed" => new DicomWriteOptions(),
            "implicit" => new DicomWriteOptions { TransferSyntax = TransferSyntax.ImplicitVRLittleEndian },
            "explicit, defined lengths" => new DicomWriteOptions { TransferSyntax = TransferSyntax.ExplicitVRLittleEndian, SequenceLengths = SequenceLengths.Defined },
            "explicit, undefined lengths" => new DicomWriteOptions { TransferSyntax = TransferSyntax.ExplicitVRLittleEndian, SequenceLengths = SequenceLengths.Undefined },
            "big endian" => new DicomWriteOptions { TransferSyntax = TransferSyntax.ExplicitVRBigEndian },
            "deflated" => new DicomWriteOptions { TransferSyntax = TransferSyntax.DeflatedExplicitVRLittleEndian },
            _ => new DicomWriteOptions { GroupLengths = GroupLengths.Add },
        };
        string folder = Directory.CreateTempSubdirectory("netdicom-").FullName;
        try
        {
            var written = new Dictionary<string, string>();
            foreach (string name in RealFiles.All.Except(RealFiles.Others))
            {
                DicomFile file = DicomFile.Read(RealFiles.Bytes(name));
                bool compressed = file.DataSet.TryGet(DicomTags.PixelData, out DicomElement? pixels) && (pixels.Fragments is not null || !file.TransferSyntax.IsUncompressed);
                if (compressed && !options.TransferSyntax.IsNone)
                    continue;
                file.DataSet.Set(DicomElement.Create(DicomTags.InstitutionName, DicomVR.LO, "Changed"));
                string path = Path.Combine(folder, $"{written.Count}.dcm");
                await file.SaveAsync(path, options);
                written.Add(path, name);
            }

            Assert.True(written.Count > 100);
            IEnumerable<string> refusedHere = Refused([.. written.Keys]).Select(path => written[path]);
            Assert.Equal([], refusedHere.Except(_refusedThere.Value.Select(path => Path.GetRelativePath(RealFiles.PathOf(""), path))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The files at which dcmdump stops with an error, one process each so that the others are read.
    private static HashSet<string> Refused(string[] paths) => [.. paths.AsParallel().WithDegreeOfParallelism(2).Where(path =>
    {
        using var process = Process.Start(new ProcessStartInfo(Dcmdump, ["-q", "-M", path]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        process.StandardOutput.ReadToEnd();
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode != 0;
    })];
}
