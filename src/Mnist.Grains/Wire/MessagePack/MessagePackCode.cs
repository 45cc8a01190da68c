namespace MessagePack;

/// <summary>What the next value is, with the names of the package <c>MessagePack</c>.</summary>
internal enum MessagePackType : byte
{
    /// <summary>The byte 0xC1, which the format never uses.</summary>
    Unknown = 0,

    /// <summary>An integer of any width and sign.</summary>
    Integer = 1,

    /// <summary>No value.</summary>
    Nil = 2,

    /// <summary>True or false.</summary>
    Boolean = 3,

    /// <summary>A number in single or double precision.</summary>
    Float = 4,

    /// <summary>Text in UTF-8.</summary>
    String = 5,

    /// <summary>Bytes.</summary>
    Binary = 6,

    /// <summary>A count and that many values.</summary>
    Array = 7,

    /// <summary>A count and that many pairs of key and value.</summary>
    Map = 8,

    /// <summary>A type number of the application's own and bytes.</summary>
    Extension = 9,
}

/// <summary>First bytes of the values, from the format's specification (github.com/msgpack/msgpack, spec.md).</summary>
internal static class MessagePackCode
{
    /// <summary>Largest integer that is its own code.</summary>
    internal const byte MaxFixInt = 0x7F;

    /// <summary>Maps of up to 15 pairs; the low four bits are the count.</summary>
    internal const byte MinFixMap = 0x80;

    /// <summary>Arrays of up to 15 values; the low four bits are the count.</summary>
    internal const byte MinFixArray = 0x90;

    /// <summary>Strings of up to 31 bytes; the low five bits are the count.</summary>
    internal const byte MinFixStr = 0xA0;

    internal const byte Nil = 0xC0;
    internal const byte NeverUsed = 0xC1;
    internal const byte False = 0xC2;
    internal const byte True = 0xC3;
    internal const byte Bin8 = 0xC4;
    internal const byte Bin16 = 0xC5;
    internal const byte Bin32 = 0xC6;
    internal const byte Ext8 = 0xC7;
    internal const byte Ext16 = 0xC8;
    internal const byte Ext32 = 0xC9;
    internal const byte Float32 = 0xCA;
    internal const byte Float64 = 0xCB;
    internal const byte UInt8 = 0xCC;
    internal const byte UInt16 = 0xCD;
    internal const byte UInt32 = 0xCE;
    internal const byte UInt64 = 0xCF;
    internal const byte Int8 = 0xD0;
    internal const byte Int16 = 0xD1;
    internal const byte Int32 = 0xD2;
    internal const byte Int64 = 0xD3;
    internal const byte FixExt1 = 0xD4;
    internal const byte Str8 = 0xD9;
    internal const byte Str16 = 0xDA;
    internal const byte Str32 = 0xDB;
    internal const byte Array16 = 0xDC;
    internal const byte Array32 = 0xDD;
    internal const byte Map16 = 0xDE;
    internal const byte Map32 = 0xDF;

    /// <summary>From here on the code, taken as a signed byte, is the integer: -32 to -1.</summary>
    internal const byte MinNegativeFixInt = 0xE0;

    /// <summary>The type of the value that begins with a code.</summary>
    internal static MessagePackType ToMessagePackType(byte code) => code switch
    {
        < MinFixMap or >= MinNegativeFixInt or (>= UInt8 and <= Int64) => MessagePackType.Integer,
        < MinFixArray or Map16 or Map32 => MessagePackType.Map,
        < MinFixStr or Array16 or Array32 => MessagePackType.Array,
        < Nil or (>= Str8 and <= Str32) => MessagePackType.String,
        Nil => MessagePackType.Nil,
        NeverUsed => MessagePackType.Unknown,
        False or True => MessagePackType.Boolean,
        >= Bin8 and <= Bin32 => MessagePackType.Binary,
        Float32 or Float64 => MessagePackType.Float,
        _ => MessagePackType.Extension,
    };
}
