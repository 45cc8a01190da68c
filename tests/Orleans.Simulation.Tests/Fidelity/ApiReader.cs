using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Orleans.Simulation.Tests;

/// <summary>Reads the public types of an assembly from its metadata alone, so that the assemblies that it refers to need not be there.</summary>
internal sealed class ApiReader
{
    private readonly MetadataReader _reader;

    private ApiReader(MetadataReader reader) => _reader = reader;

    public static IReadOnlyDictionary<string, ApiType> Read(string path)
    {
        using var stream = File.OpenRead(path);
        return Read(stream);
    }

    public static IReadOnlyDictionary<string, ApiType> Read(Stream assembly)
    {
        using var file = new PEReader(assembly, PEStreamOptions.PrefetchEntireImage);
        var reader = new ApiReader(file.GetMetadataReader());
        return reader._reader.TypeDefinitions
            .Select(reader._reader.GetTypeDefinition)
            .Where(reader.IsVisible)
            .Select(reader.Read)
            .ToDictionary(type => type.Name);
    }

    private ApiType Read(TypeDefinition type)
    {
        var members = new Dictionary<string, ApiMember>();
        foreach (var method in type.GetMethods().Select(_reader.GetMethodDefinition).Where(method => IsVisible(method.Attributes)))
        {
            var (key, member) = Read(method);
            members.Add(key, member);
        }

        foreach (var field in type.GetFields().Select(_reader.GetFieldDefinition).Where(field => IsVisible(field.Attributes)))
        {
            const FieldAttributes Relevant = FieldAttributes.FieldAccessMask | FieldAttributes.Static | FieldAttributes.InitOnly | FieldAttributes.Literal;
            string detail = $"{Access(field.Attributes & Relevant)} {field.DecodeSignature(new ApiNames(), null)} {Constant(field.GetDefaultValue())}";
            members.Add($"field {_reader.GetString(field.Name)}", new ApiMember(detail, false, false));
        }

        foreach (var property in type.GetProperties().Select(_reader.GetPropertyDefinition))
        {
            // Accessors have been read as methods. What is left is whether initializers must set the property.
            string name = _reader.GetString(property.Name);
            if (HasAttribute(property.GetCustomAttributes(), "System.Runtime.CompilerServices.RequiredMemberAttribute"))
            {
                members.Add($"required {name}", new ApiMember("required", false, false));
            }
        }

        return new ApiType(
            Name(type),
            Header(type),
            (type.Attributes & TypeAttributes.Interface) != 0,
            type.GetInterfaceImplementations()
                .Select(implementation => ApiNames.Name(_reader, _reader.GetInterfaceImplementation(implementation).Interface))
                .ToHashSet(),
            members);
    }

    private (string Key, ApiMember Member) Read(MethodDefinition method)
    {
        const MethodAttributes Relevant = MethodAttributes.MemberAccessMask | MethodAttributes.Static | MethodAttributes.Abstract;
        var signature = method.DecodeSignature(new ApiNames(), null);
        string key = $"method {_reader.GetString(method.Name)}`{signature.GenericParameterCount}({string.Join(", ", signature.ParameterTypes)})";
        if (_reader.GetString(method.Name).StartsWith("op_", StringComparison.Ordinal))
        {
            key += $" -> {signature.ReturnType}";
        }

        bool isVirtual = (method.Attributes & MethodAttributes.Virtual) != 0;
        bool isFinal = (method.Attributes & MethodAttributes.Final) != 0;
        bool extension = HasAttribute(method.GetCustomAttributes(), "System.Runtime.CompilerServices.ExtensionAttribute");
        bool setsRequired = HasAttribute(method.GetCustomAttributes(), "System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute");
        string detail = $"{Access(method.Attributes & Relevant)}{(isVirtual && !isFinal ? " virtual" : "")}{(extension ? " extension" : "")}"
            + $"{(setsRequired ? " sets required" : "")} {signature.ReturnType}{Generics(method.GetGenericParameters())} "
            + $"({string.Join(", ", method.GetParameters().Select(Parameter).Where(text => text is not null))})";
        bool isOverride = isVirtual && (method.Attributes & MethodAttributes.NewSlot) == 0;
        return (key, new ApiMember(detail, isOverride, (method.Attributes & MethodAttributes.Abstract) != 0));
    }

    private string? Parameter(ParameterHandle handle)
    {
        var parameter = _reader.GetParameter(handle);
        bool isParams = HasAttribute(parameter.GetCustomAttributes(), "System.ParamArrayAttribute");
        return parameter.SequenceNumber == 0
            ? null
            : $"{(isParams ? "params " : "")}{_reader.GetString(parameter.Name)}{Constant(parameter.GetDefaultValue())}";
    }

    private string Header(TypeDefinition type)
    {
        const TypeAttributes Relevant = TypeAttributes.Interface | TypeAttributes.Abstract | TypeAttributes.Sealed;
        string baseType = type.BaseType.IsNil ? "" : ApiNames.Name(_reader, type.BaseType);
        return $"{type.Attributes & Relevant} : {baseType}{Generics(type.GetGenericParameters())}{Usage(type)}";
    }

    private string Generics(GenericParameterHandleCollection parameters) =>
        string.Concat(parameters.Select(_reader.GetGenericParameter).Select(parameter =>
        {
            var constraints = parameter.GetConstraints()
                .Select(constraint => ApiNames.Name(_reader, _reader.GetGenericParameterConstraint(constraint).Type))
                .Order(StringComparer.Ordinal);
            return $" <{_reader.GetString(parameter.Name)} {parameter.Attributes}: {string.Join(", ", constraints)}>";
        }));

    private string Usage(TypeDefinition type) =>
        string.Concat(type.GetCustomAttributes()
            .Select(_reader.GetCustomAttribute)
            .Where(attribute => AttributeName(attribute) == "System.AttributeUsageAttribute")
            .Select(attribute => $" usage {Convert.ToHexString(_reader.GetBlobBytes(attribute.Value))}"));

    private string Constant(ConstantHandle handle)
    {
        if (handle.IsNil)
        {
            return "";
        }

        var constant = _reader.GetConstant(handle);
        return $" = {constant.TypeCode} {Convert.ToHexString(_reader.GetBlobBytes(constant.Value))}";
    }

    private bool HasAttribute(CustomAttributeHandleCollection attributes, string name) =>
        attributes.Any(attribute => AttributeName(_reader.GetCustomAttribute(attribute)) == name);

    private string AttributeName(CustomAttribute attribute) => attribute.Constructor.Kind == HandleKind.MemberReference
        ? ApiNames.Name(_reader, _reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent)
        : ApiNames.Name(_reader, _reader.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType());

    private string Name(TypeDefinition type)
    {
        string name = _reader.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? $"{Name(_reader.GetTypeDefinition(outer))}+{name}"
            : $"{_reader.GetString(type.Namespace)}.{name}";
    }

    private bool IsVisible(TypeDefinition type) => (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => true,
        TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem =>
            IsVisible(_reader.GetTypeDefinition(type.GetDeclaringType())),
        _ => false,
    };

    private static bool IsVisible(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private static bool IsVisible(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    // "protected internal" is "protected" to everybody else.
    private static string Access(Enum attributes) => attributes.ToString().Replace("FamORAssem", "Family", StringComparison.Ordinal);
}
