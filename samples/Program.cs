using System.Globalization;
using Samples;

// dotnet run --project samples -- receive 11112 | echo HOST PORT | send HOST PORT FOLDER | find HOST PORT PATIENT | retrieve HOST PORT STUDY FOLDER
switch (args)
{
    case ["echo", string host, string port]:
        await Echo.RunAsync(host, int.Parse(port, CultureInfo.InvariantCulture));
        return 0;
    case ["send", string host, string port, string folder]:
        await Send.RunAsync(host, int.Parse(port, CultureInfo.InvariantCulture), folder);
        return 0;
    case ["find", string host, string port, string patient]:
        await Find.RunAsync(host, int.Parse(port, CultureInfo.InvariantCulture), patient);
        return 0;
    case ["retrieve", string host, string port, string study, string folder]:
        await Retrieve.RunAsync(host, int.Parse(port, CultureInfo.InvariantCulture), study, folder);
        return 0;
    case ["receive", string port]:
        using (var stop = new CancellationTokenSource())
        {
            Console.CancelKeyPress += (_, e) =>
            {
                e.Cancel = true;
                stop.Cancel();
            };
            await Receive.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), stop.Token);
        }

        return 0;
    default:
        Console.Error.WriteLine("echo HOST PORT | send HOST PORT FOLDER | find HOST PORT PATIENT | retrieve HOST PORT STUDY FOLDER | receive PORT");
        return 2;
}
