using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>
/// Generates, for a grain interface, a class derived from <see cref="GrainReference"/> each of whose methods packs its arguments and
/// calls <see cref="Call"/> with its number.
/// </summary>
internal static class ReferenceEmitter
{
    private const string AccessAttribute = "System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute";

    private static readonly ConcurrentDictionary<Assembly, ModuleBuilder> Modules = new();
    private static readonly Lock EmitLock = new();
    private static readonly MethodInfo CallMethod = typeof(ReferenceEmitter).GetMethod(nameof(Call))!;
    private static readonly MethodInfo NoArguments = typeof(Array).GetMethod(nameof(Array.Empty))!.MakeGenericMethod(typeof(object));
    private static readonly ConstructorInfo BaseConstructor =
        typeof(GrainReference).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic).Single();

    public static object Call(GrainReference target, int method, object?[] arguments) =>
        target.Shared.Interface.Methods[method].Call(target, arguments);

    public static Type Emit(Type interfaceType, IReadOnlyList<MethodInfo> methods)
    {
        lock (EmitLock)
        {
            var type = Modules.GetOrAdd(interfaceType.Assembly, CreateModule).DefineType(
                $"Orleans.Simulation.References.{interfaceType.FullName}",
                TypeAttributes.Public | TypeAttributes.Sealed,
                typeof(GrainReference),
                [interfaceType, .. interfaceType.GetInterfaces()]);
            EmitConstructor(type);
            for (int i = 0; i < methods.Count; i++)
            {
                EmitMethod(type, methods[i], i);
            }

            return type.CreateType();
        }
    }

    private static void EmitConstructor(TypeBuilder type)
    {
        Type[] parameters = [.. BaseConstructor.GetParameters().Select(parameter => parameter.ParameterType)];
        var il = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, parameters).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, BaseConstructor);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitMethod(TypeBuilder type, MethodInfo method, int number)
    {
        const MethodAttributes Explicit = MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final
            | MethodAttributes.HideBySig | MethodAttributes.NewSlot;
        Type[] parameters = [.. method.GetParameters().Select(parameter => parameter.ParameterType)];
        var builder = type.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}", Explicit, method.ReturnType, parameters);
        var il = builder.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, number);
        if (parameters.Length == 0)
        {
            il.Emit(OpCodes.Call, NoArguments);
        }
        else
        {
            il.Emit(OpCodes.Ldc_I4, parameters.Length);
            il.Emit(OpCodes.Newarr, typeof(object));
        }

        for (int i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldarg, i + 1);
            if (parameters[i].IsValueType)
            {
                il.Emit(OpCodes.Box, parameters[i]);
            }

            il.Emit(OpCodes.Stelem_Ref);
        }

        il.Emit(OpCodes.Call, CallMethod);
        il.Emit(OpCodes.Unbox_Any, method.ReturnType);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(builder, method);
    }

    private static ModuleBuilder CreateModule(Assembly interfaces)
    {
        string name = $"{interfaces.GetName().Name}.GrainReferences";
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(name), AssemblyBuilderAccess.Run);
        var module = assembly.DefineDynamicModule(name);

        // Grain interfaces, and what the references call here, may be internal. The runtime looks for this attribute by its name.
        var attribute = module.DefineType(AccessAttribute, TypeAttributes.Public | TypeAttributes.Sealed, typeof(Attribute));
        var il = attribute.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(string)]).GetILGenerator();
        il.Emit(OpCodes.Ret);
        var constructor = attribute.CreateType().GetConstructor([typeof(string)])!;
        foreach (string? granting in new[] { interfaces.GetName().Name, typeof(ReferenceEmitter).Assembly.GetName().Name }.Distinct())
        {
            assembly.SetCustomAttribute(new CustomAttributeBuilder(constructor, [granting!]));
        }

        return module;
    }
}
