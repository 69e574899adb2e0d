using System.Diagnostics;
using NetDicom.Tests.Support;

namespace NetDicom.Tests.DataSets;

/// <summary>DCMTK and dicom3tools read what we write, wherever they read the original.</summary>
public class OthersReadTests
{
    private static readonly Reader _dcmdump = new("/usr/bin/dcmdump", ["-q", "-M"], "dcmtk");
    private static readonly Reader _dcdump = new("/usr/bin/dcdump", [], "dicom3tools");

    [Theory]
    [InlineData("changed"), InlineData("implicit"), InlineData("explicit, defined lengths"), InlineData("explicit, undefined lengths"), InlineData("big endian"), InlineData("deflated"), InlineData("group lengths")]
    public Task Dcmdump_reads_every_file_that_we_write(string form) => AssertReadsAsync(_dcmdump, form);

    // Without "deflated": dcdump of Debian does not inflate.
    [Theory]
    [InlineData("changed"), InlineData("implicit"), InlineData("explicit, defined lengths"), InlineData("explicit, undefined lengths"), InlineData("big endian"), InlineData("group lengths")]
    public Task Dcdump_of_dicom3tools_reads_every_file_that_we_write(string form) => AssertReadsAsync(_dcdump, form);

    private static async Task AssertReadsAsync(Reader reader, string form)
    {
        RealFiles.Require();
        Assert.SkipUnless(File.Exists(reader.Program), $"{reader.Package} is not installed (apt-get install {reader.Package})");
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
            // Without Pixel Representation, which palettes have none of, dicom3tools gives up at a descriptor of US or SS in implicit VR, whoever wrote it (dcmconv's files too).
            if (reader == _dcdump && form == "implicit")
                written = written.Where(file => !file.Value.StartsWith("palettes/", StringComparison.Ordinal)).ToDictionary();
            IEnumerable<string> refusedHere = reader.Refused([.. written.Keys]).Select(path => written[path]);
            Assert.Equal([], refusedHere.Except(reader.RefusedThere).Order(StringComparer.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Reader
    {
        private readonly string[] _options;
        private readonly Lazy<HashSet<string>> _refusedThere;

        public Reader(string program, string[] options, string package)
        {
            Program = program;
            Package = package;
            _options = options;
            _refusedThere = new(() => [.. Refused([.. RealFiles.All.Except(RealFiles.Others).Select(RealFiles.PathOf)]).Select(path => Path.GetRelativePath(RealFiles.PathOf(""), path))]);
        }

        public string Program { get; }

        public string Package { get; }

        /// <summary>The originals that it does not read.</summary>
        public HashSet<string> RefusedThere => _refusedThere.Value;

        /// <summary>The files at which it stops with an error, one process each so that the others are read.</summary>
        public HashSet<string> Refused(string[] paths) => [.. paths.AsParallel().WithDegreeOfParallelism(2).Where(path =>
        {
            using var process = new Process { StartInfo = new ProcessStartInfo(Program, [.. _options, path]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false } };
            // Both streams at once: dcdump writes everything to standard error, more than a pipe holds.
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            process.WaitForExit();
            return process.ExitCode != 0;
        })];
    }
}
