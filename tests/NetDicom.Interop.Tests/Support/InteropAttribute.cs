namespace NetDicom.Interop.Tests.Support;

/// <summary>Says which service a test shows, in which role of ours, with which peer: a cell of docs/interoperability.md.</summary>
/// <param name="service">As the standard names it.</param>
/// <param name="role">Our role: SCU or SCP.</param>
/// <param name="peer">The product at the other end.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class InteropAttribute(string service, string role, string peer) : Attribute
{
    public string Service => service;

    public string Role => role;

    public string Peer => peer;
}
