namespace NetDicom.Network.Tests.Support;

internal static class Entities
{
    public static ApplicationEntity WithVerification(this ApplicationEntity entity)
    {
        entity.AddSupportedContexts(PresentationContexts.Verification);
        return entity;
    }

    public static ApplicationEntity WithRequested(this ApplicationEntity entity, DicomUid sopClass, params TransferSyntax[] syntaxes)
    {
        entity.AddRequestedContext(sopClass, syntaxes);
        return entity;
    }

    public static ApplicationEntity WithStorage(this ApplicationEntity entity)
    {
        entity.AddSupportedContexts(PresentationContexts.Storage);
        return entity;
    }
}
