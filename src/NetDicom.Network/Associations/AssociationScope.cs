using Microsoft.Extensions.DependencyInjection;

namespace NetDicom.Network;

/// <summary>The services of one association: a scope that is made when a handler first asks.</summary>
internal sealed class AssociationScope(IServiceProvider services)
{
    private readonly Lock _gate = new();
    private AsyncServiceScope? _scope;
    private bool _disposed;

    /// <exception cref="ObjectDisposedException">The association and its last handler have ended.</exception>
    public IServiceProvider Services
    {
        get
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return (_scope ??= services.CreateAsyncScope()).ServiceProvider;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        AsyncServiceScope? scope;
        lock (_gate)
        {
            _disposed = true;
            scope = _scope;
            _scope = null;
        }

        if (scope is { } open)
            await open.DisposeAsync().ConfigureAwait(false);
    }
}
