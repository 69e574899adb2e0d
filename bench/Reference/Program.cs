using System.Diagnostics;
using System.Globalization;
using NetDicom.Bench.Reference;

// What the protocol and the system cost without a library between: a sender and a receiver of CT images that trust each other.
try
{
    switch (args)
    {
        case ["receive", var port, var folder, var pdu, var window]:
            new Receiver(folder == "-" ? null : Directory.CreateDirectory(folder).FullName, uint.Parse(pdu, CultureInfo.InvariantCulture), Number(window)).Run(Number(port));
            return 0;
        case ["send", var host, var port, var folder, var window]:
            string[] files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
            Array.Sort(files, StringComparer.Ordinal);
            using (var sender = new Sender(host, Number(port), Wire.CTImageStorage, Number(window)))
            {
                int stored = sender.Store(files);
                sender.Release();
                return stored == files.Length ? 0 : 4;
            }

        case ["echo", var host, var port, var count]:
            using (var sender = new Sender(host, Number(port), Wire.Verification, 1))
            {
                sender.Echo(Number(count) / 10);
                Console.WriteLine(sender.Echo(Number(count)).ToString("F2", CultureInfo.InvariantCulture));
                sender.Release();
            }

            return 0;
        case ["associate", var host, var port, var count]:
            for (int round = 0; round < 2; round++)
            {
                int associations = round == 0 ? Number(count) / 10 : Number(count);
                long began = Stopwatch.GetTimestamp();
                for (int i = 0; i < associations; i++)
                {
                    using var sender = new Sender(host, Number(port), Wire.Verification, 1);
                    sender.Echo(1);
                    sender.Release();
                }

                if (round == 1)
                    Console.WriteLine((associations / Stopwatch.GetElapsedTime(began).TotalSeconds).ToString("F0", CultureInfo.InvariantCulture));
            }

            return 0;
        default:
            Console.Error.WriteLine("usage: reference receive PORT FOLDER|- PDU WINDOW | send HOST PORT FOLDER WINDOW | echo HOST PORT COUNT | associate HOST PORT COUNT");
            return 2;
    }
}
catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
