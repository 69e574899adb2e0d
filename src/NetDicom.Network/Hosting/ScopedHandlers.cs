using Microsoft.Extensions.DependencyInjection;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Handlers that are services: taken from the scope of the association, so that what they hold lives as long as it does.</summary>
public static class ScopedHandlers
{
    /// <summary>The service <typeparamref name="T"/> of the association's scope.</summary>
    /// <exception cref="InvalidOperationException">There is no such service, or the server was given none (<see cref="DicomServerOptions.Services"/>).</exception>
    public static T GetRequiredService<T>(this Association association) where T : notnull
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.Services is { } services
            ? services.GetRequiredService<T>()
            : throw new InvalidOperationException($"no services for {typeof(T)}: the server has no {nameof(DicomServerOptions)}.{nameof(DicomServerOptions.Services)}");
    }

    /// <summary>Answers C-ECHO with a method of the association's <typeparamref name="THandler"/>.</summary>
    public static void OnEcho<THandler>(this ApplicationEntity entity, Func<THandler, EchoRequest, CancellationToken, ValueTask<DimseStatus>> handle) where THandler : notnull
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(handle);
        entity.OnEcho((request, cancellationToken) => handle(request.Association.GetRequiredService<THandler>(), request, cancellationToken));
    }

    /// <summary>Answers C-STORE with a method of the association's <typeparamref name="THandler"/>.</summary>
    public static void OnStore<THandler>(this ApplicationEntity entity, Func<THandler, StoreRequest, CancellationToken, ValueTask<DimseStatus>> handle) where THandler : notnull
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(handle);
        entity.OnStore((request, cancellationToken) => handle(request.Association.GetRequiredService<THandler>(), request, cancellationToken));
    }
}
