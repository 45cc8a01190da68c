using System.Reflection;
using Mnist.Learning.Kernels;

namespace Mnist.Learning.Tests.Kernels;

public sealed unsafe class OptimizationTests
{
    // With tiered compilation a method without either is slow for the first seconds, and longer where it was compiled ahead.
    private const MethodImplAttributes AtOnce = MethodImplAttributes.AggressiveOptimization | MethodImplAttributes.AggressiveInlining;

    [Fact]
    public void Kernels_ask_to_be_optimized_when_they_are_first_called()
    {
        var kernels = typeof(Product).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(Product).Namespace && !type.Name.EndsWith("Reference", StringComparison.Ordinal))
            .SelectMany(type => type.GetMethods(
                BindingFlags.DeclaredOnly | BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => !method.IsAbstract && method.GetParameters().Any(IsPointerToFloats))
            .ToArray();

        Assert.True(kernels.Length > 50);
        Assert.Empty(kernels
            .Where(method => (method.MethodImplementationFlags & AtOnce) == 0)
            .Select(method => $"{method.DeclaringType}: {method}"));
    }

    private static bool IsPointerToFloats(ParameterInfo parameter) => parameter.ParameterType == typeof(float*);
}
