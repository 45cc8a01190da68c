using System.Buffers.Binary;
using Mnist.Learning.Training;

namespace Mnist.Grains.Tests.Wire;

/// <summary>Frames put together from hexadecimal digits, with a right checksum, as another program may send them.</summary>
internal static class HandMadeFrame
{
    private const int ElementsField = 9;

    /// <summary>The fields of a sound frame of two elements.</summary>
    public static string[] Fields => ["9A", "02", "A466703332", "A172", "03", "02", "02", "10", "02", "C408" + "0000803F000000C0"];

    /// <summary>A 64-bit integer.</summary>
    public static string Wide(long value) => $"D3{value:X16}";

    /// <summary>Puts a frame together.</summary>
    /// <param name="fields">Head of the array, eight fields of the header, and the elements behind their length; the last 8 bytes.</param>
    public static byte[] Write(params string[] fields) =>
        Write(Convert.FromHexString(string.Concat(fields[..ElementsField])), fields[ElementsField], 16);

    /// <summary>Puts a sound frame together, but for one field.</summary>
    public static byte[] With(int field, string digits)
    {
        var fields = Fields;
        fields[field] = digits;
        return Write(fields);
    }

    /// <summary>Puts a sound frame together, but for the field of elements.</summary>
    /// <param name="digits">The field.</param>
    /// <param name="elementDigits">How many of its last digits the checksum is over.</param>
    public static byte[] WithElements(string digits, int elementDigits) =>
        Write(Convert.FromHexString(string.Concat(Fields[..ElementsField])), digits, elementDigits);

    private static byte[] Write(byte[] prefix, string elementsField, int elementDigits)
    {
        var elements = Convert.FromHexString(elementsField[^elementDigits..]);
        var checksum = new byte[5];
        checksum[0] = 0xCE;
        BinaryPrimitives.WriteUInt32BigEndian(checksum.AsSpan(1), Crc32C.Compute([.. prefix, .. elements]));
        return [.. prefix, .. checksum, .. Convert.FromHexString(elementsField)];
    }
}
