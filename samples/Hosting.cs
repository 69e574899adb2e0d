using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NetDicom.Network;
using NetDicom.Protocol;

namespace Samples;

internal static class Hosting
{
    public static async Task RunAsync(int port, string folder)
    {
        #region hosting
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddScoped<Receiver>(_ => new Receiver(folder));
        builder.Services.AddDicomServer("ARCHIVE", port, server =>                 // or AddDicomServer(builder.Configuration.GetSection("Dicom"), …)
        {
            server.Entity.AddSupportedContexts(PresentationContexts.Verification);
            server.Entity.AddSupportedContexts(PresentationContexts.Storage);
            server.Entity.OnStore<Receiver>((receiver, request, cancellationToken) => receiver.StoreAsync(request, cancellationToken));
        });
        await builder.Build().RunAsync();                                          // until Ctrl-C: open associations may finish
        #endregion
    }

    #region receiver
    /// <summary>One for each association; disposed of after its last object.</summary>
    private sealed class Receiver(string folder) : IDisposable
    {
        private int _objects;

        public async ValueTask<DimseStatus> StoreAsync(StoreRequest request, CancellationToken cancellationToken)
        {
            await request.SaveAsync(Path.Combine(folder, $"{request.AffectedSopInstanceUid}.dcm"), cancellationToken: cancellationToken);
            _objects++;
            return DimseStatus.Success;
        }

        public void Dispose() => Console.WriteLine($"{_objects} objects in this association");
    }
    #endregion
}
