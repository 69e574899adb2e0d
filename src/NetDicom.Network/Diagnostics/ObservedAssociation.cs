using System.Net;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The connection an event is about.</summary>
public sealed class ObservedAssociation
{
    internal ObservedAssociation(string id, AssociationRole role, EndPoint? localEndPoint, EndPoint? remoteEndPoint)
    {
        Id = id;
        Role = role;
        LocalEndPoint = localEndPoint;
        RemoteEndPoint = remoteEndPoint;
    }

    /// <summary>The number in the log, unique in the process: <see cref="Association.Id"/>.</summary>
    public string Id { get; }

    /// <summary>Which end this is.</summary>
    public AssociationRole Role { get; }

    /// <summary>The address at this end.</summary>
    public EndPoint? LocalEndPoint { get; }

    /// <summary>The peer's address.</summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>The association; null before it is established.</summary>
    public Association? Association { get; internal set; }
}
