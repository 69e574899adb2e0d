using System.CommandLine;
using System.Text;
using NetDicom.Cli.Invocation;
using NetDicom.Protocol;

namespace NetDicom.Cli.Options;

/// <summary>The user identity that an SCU sends (PS3.7 annex D.3.3.7). Secrets are read from files or the environment where the user wants; none is ever logged.</summary>
internal sealed class IdentityOptions
{
    /// <summary>Where a passcode may stand that must not be seen in the list of processes.</summary>
    private const string PasswordVariable = "NETDICOM_PASSWORD";

    // PS3.7 table D.3-14: the length field has 16 bits.
    private const int LongestField = ushort.MaxValue;

    private readonly Option<string?> _user = new("--user", "-usr") { Description = "send this user name", HelpName = "NAME" };
    private readonly Option<string?> _password = new("--password", "-pwd") { Description = $"and this passcode; others on this machine can see it, {PasswordVariable} in the environment or --password-file hide it", HelpName = "PASSCODE" };
    private readonly Option<string?> _passwordFile = new("--password-file") { Description = "and the passcode in the first line of this file", HelpName = "FILE" };
    private readonly Option<string?> _kerberos = new("--kerberos") { Description = "send this Kerberos service ticket", HelpName = "FILE" };
    private readonly Option<string?> _saml = new("--saml") { Description = "send this SAML assertion", HelpName = "FILE" };
    private readonly Option<string?> _jwt = new("--jwt") { Description = "send this JSON Web Token", HelpName = "FILE" };
    private readonly Option<bool> _response = new("--user-response", "-rsp") { Description = "ask the peer to confirm the identity; a warning says when it does not" };

    public IdentityOptions(Command command)
    {
        foreach (Option option in (Option[])[_user, _password, _passwordFile, _kerberos, _saml, _jwt, _response])
            command.Options.Add(option);
        Exclusive.Add(command, _user, _kerberos, _saml, _jwt);
        Exclusive.Add(command, _password, _passwordFile);
    }

    /// <exception cref="UsageException">A file cannot be read, or options miss each other.</exception>
    public UserIdentity? Read(ParseResult arguments)
    {
        bool response = arguments.GetValue(_response);
        if (arguments.GetValue(_user) is { } user)
        {
            string? password = arguments.GetValue(_passwordFile) is { } file
                ? Encoding.UTF8.GetString(Content(file)).Split('\n')[0].TrimEnd('\r')
                : arguments.GetValue(_password) ?? Environment.GetEnvironmentVariable(PasswordVariable);
            return password is null
                ? new UserIdentity(UserIdentityType.UserName, response, Encoding.UTF8.GetBytes(user))
                : new UserIdentity(UserIdentityType.UserNameAndPasscode, response, Encoding.UTF8.GetBytes(user), Encoding.UTF8.GetBytes(password));
        }

        if (arguments.GetValue(_password) is not null || arguments.GetValue(_passwordFile) is not null)
            throw new UsageException("a passcode needs a user name: give --user too");
        if (arguments.GetValue(_kerberos) is { } ticket)
            return new UserIdentity(UserIdentityType.KerberosServiceTicket, response, Content(ticket));
        if (arguments.GetValue(_saml) is { } assertion)
            return new UserIdentity(UserIdentityType.SamlAssertion, response, Content(assertion));
        if (arguments.GetValue(_jwt) is { } token)
            return new UserIdentity(UserIdentityType.JsonWebToken, response, Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Content(token)).Trim()));
        if (response)
            throw new UsageException("--user-response needs an identity: give --user, --kerberos, --saml or --jwt too");
        return null;
    }

    private static byte[] Content(string file)
    {
        try
        {
            byte[] content = File.ReadAllBytes(file);
            return content.Length is > 0 and <= LongestField
                ? content
                : throw new UsageException($"{file} has {content.Length} bytes; an identity has 1 to {LongestField}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Cannot read {file}: {e.Message}");
        }
    }
}
