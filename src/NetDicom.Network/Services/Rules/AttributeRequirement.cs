namespace NetDicom.Network;

/// <summary>A code in the attribute tables of PS3.4 (section 5.4).</summary>
internal enum AttributeRequirement : byte
{
    /// <summary>Nothing is said, or the attribute is the other side's.</summary>
    None,

    /// <summary>1: present with a value.</summary>
    Type1,

    /// <summary>1C: as 1 if a condition holds.</summary>
    Type1C,

    /// <summary>2: present, may be empty.</summary>
    Type2,

    /// <summary>2C: as 2 if a condition holds.</summary>
    Type2C,

    /// <summary>3: may be left out.</summary>
    Type3,

    /// <summary>Not allowed.</summary>
    Forbidden,

    /// <summary>R: needed in both final states of a UPS.</summary>
    FinalState,

    /// <summary>RC: as R if a condition holds.</summary>
    FinalStateConditional,

    /// <summary>P: needed for COMPLETED.</summary>
    Completed,

    /// <summary>X: needed for CANCELED.</summary>
    Canceled,

    /// <summary>O: not needed.</summary>
    NotNeeded,

    /// <summary>M: must be given, or supported (PS3.4 section H.2.4).</summary>
    Mandatory,

    /// <summary>MC: as M if a condition holds.</summary>
    MandatoryConditional,

    /// <summary>U: at the user's will.</summary>
    UserOption,

    /// <summary>UC: as U, under a condition.</summary>
    UserOptionConditional,

    /// <summary>One of the two lists of instances in a performed series.</summary>
    InstanceList,

    /// <summary>Unique key.</summary>
    UniqueKey,

    /// <summary>Required key.</summary>
    RequiredKey,

    /// <summary>Optional key.</summary>
    OptionalKey,
}
