using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace NetDicom.TestSupport;

/// <summary>The public surface of an assembly as text, one member a line, and its comparison with the checked-in file.</summary>
public static class PublicApi
{
    private const BindingFlags Members = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext _nullability = new();

    /// <summary>
    /// Compares the surface of <paramref name="assembly"/> with docs/public-api/{name}.txt of the project. With UPDATE_PUBLIC_API=1 in the environment the file is
    /// written instead.
    /// </summary>
    /// <returns>The differences, with how to accept them; empty if there are none.</returns>
    public static string Compare(Assembly assembly)
    {
        string name = assembly.GetName().Name!;
        string path = Path.Combine(Root(), "docs", "public-api", name + ".txt");
        string[] actual = Print(assembly);
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_API") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, string.Join('\n', actual) + "\n");
            return "";
        }

        string[] expected = File.Exists(path) ? File.ReadAllLines(path) : [];
        string[] differences = [.. expected.Except(actual).Select(line => "- " + line), .. actual.Except(expected).Select(line => "+ " + line)];
        return differences.Length == 0
            ? ""
            : $"The public surface of {name} differs from docs/public-api/{name}.txt:\n{string.Join('\n', differences.Take(60))}\n({differences.Length} lines) "
                + "If that is meant, run the test with UPDATE_PUBLIC_API=1 and commit the file.";
    }

    /// <summary>One line for each public or protected member, sorted.</summary>
    public static string[] Print(Assembly assembly) =>
        [.. assembly.GetExportedTypes().SelectMany(Lines).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(Type type)
    {
        string name = TypeName(type);
        yield return $"{name} : {Kind(type)}";
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            yield return $"{name} : {Method(type.GetMethod("Invoke")!)}";
            yield break;
        }

        foreach (MemberInfo member in type.GetMembers(Members))
        {
            if (Describe(member) is { } text)
                yield return $"{name}.{text}";
        }
    }

    private static string Kind(Type type)
    {
        if (type.IsEnum)
            return $"enum {TypeName(Enum.GetUnderlyingType(type))}";
        if (typeof(Delegate).IsAssignableFrom(type))
            return "delegate";
        string kind = type.IsInterface ? "interface"
            : type.IsValueType ? (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref struct" : "struct")
            : (type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + "class";
        string[] bases = [.. (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? [parent] : Array.Empty<Type>())
            .Concat(type.GetInterfaces().Where(face => face.IsPublic)).Select(TypeName).Order(StringComparer.Ordinal)];
        return bases.Length == 0 ? kind : $"{kind}, {string.Join(", ", bases)}";
    }

    private static string? Describe(MemberInfo member) => member switch
    {
        FieldInfo field when Visible(field.Attributes) && field.Name != "value__" =>
            $"{field.Name} : {(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{TypeName(field.FieldType)}{(field.IsLiteral ? $" = {Literal(field.GetRawConstantValue())}" : "")}",
        ConstructorInfo made when Visible(made.Attributes) && !made.IsStatic => $"ctor({Parameters(made)})",
        PropertyInfo property when Accessors(property) is { Length: > 0 } accessors && !property.IsDefined(typeof(CompilerGeneratedAttribute)) =>
            $"{property.Name}{Index(property)} {{ {accessors} }} : {Static(property.GetMethod ?? property.SetMethod!)}{TypeName(property.PropertyType)}{Nullable(_nullability.Create(property).ReadState)}",
        EventInfo happening when Visible(happening.AddMethod!.Attributes) => $"{happening.Name} : event {TypeName(happening.EventHandlerType!)}",
        // Accessors come with their property; what the compiler makes for records is implied by the type.
        MethodInfo method when Visible(method.Attributes) && !method.IsDefined(typeof(CompilerGeneratedAttribute)) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) =>
            $"{method.Name}{Method(method)}",
        _ => null,
    };

    private static string Method(MethodInfo method)
    {
        string generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeName))}>" : "";
        return $"{generic}({Parameters(method)}) : {Static(method)}{TypeName(method.ReturnType)}{Nullable(_nullability.Create(method.ReturnParameter).ReadState)}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        (parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? parameter.IsIn ? "in " : "ref " : "")
        + TypeName(parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType)
        + Nullable(_nullability.Create(parameter).WriteState)
        + " " + parameter.Name
        + (parameter.HasDefaultValue ? " = " + Literal(parameter.DefaultValue) : "")));

    private static string Index(PropertyInfo property) => property.GetIndexParameters() is { Length: > 0 } index
        ? $"[{string.Join(", ", index.Select(parameter => TypeName(parameter.ParameterType)))}]"
        : "";

    private static string Accessors(PropertyInfo property)
    {
        var text = new StringBuilder();
        if (property.GetMethod is { } get && Visible(get.Attributes))
            text.Append("get;");
        if (property.SetMethod is { } set && Visible(set.Attributes))
            text.Append(set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;");
        return text.ToString().Trim();
    }

    private static string Static(MethodInfo method) => method.IsStatic ? "static " : "";

    private static string Nullable(NullabilityState state) => state == NullabilityState.Nullable ? "?" : "";

    private static bool Visible(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private static bool Visible(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string TypeName(Type type)
    {
        if (System.Nullable.GetUnderlyingType(type) is { } underlying)
            return TypeName(underlying);
        if (type.IsArray)
            return TypeName(type.GetElementType()!) + "[]";
        if (type.IsGenericParameter)
            return type.Name;
        string name = type.IsNested ? $"{TypeName(type.DeclaringType!)}.{type.Name}" : type.Namespace is { } space && space.StartsWith("NetDicom", StringComparison.Ordinal) && space != "NetDicom" ? $"{space}.{type.Name}" : type.Name;
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(TypeName))}>";
    }

    private static string Root()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "NetDicom.slnx")))
                return at.FullName;
        }

        throw new DirectoryNotFoundException("no NetDicom.slnx above the tests");
    }
}
