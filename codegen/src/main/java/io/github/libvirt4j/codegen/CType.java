package io.github.libvirt4j.codegen;

import java.util.Map;

/// How a C type crosses into Java, on 64-bit Linux, where `long` and pointers are eight bytes.
///
/// @param java the Java type
/// @param layout the constant of `ValueLayout`
/// @param size its bytes, which is its alignment too
/// @param signed whether C's type is signed; Java's always is
public record CType(String java, String layout, int size, boolean signed) {
    /// Any pointer.
    public static final CType POINTER = new CType("MemorySegment", "ADDRESS", 8, false);

    /// Nothing, as a result.
    public static final CType VOID = new CType("void", "", 0, false);

    private static final CType INT = new CType("int", "JAVA_INT", 4, true);

    /// The types of C itself. Where the machine's `char` is unsigned its byte is the same.
    public static final Map<String, CType> BASIC = Map.ofEntries(
            Map.entry("char", new CType("byte", "JAVA_BYTE", 1, true)),
            Map.entry("unsigned char", new CType("byte", "JAVA_BYTE", 1, false)),
            Map.entry("unsigned short", new CType("short", "JAVA_SHORT", 2, false)),
            Map.entry("int", INT),
            Map.entry("unsigned int", new CType("int", "JAVA_INT", 4, false)),
            Map.entry("long", new CType("long", "JAVA_LONG", 8, true)),
            Map.entry("unsigned long", new CType("long", "JAVA_LONG", 8, false)),
            Map.entry("long long", new CType("long", "JAVA_LONG", 8, true)),
            Map.entry("long long int", new CType("long", "JAVA_LONG", 8, true)),
            Map.entry("unsigned long long", new CType("long", "JAVA_LONG", 8, false)),
            Map.entry("unsigned long long int", new CType("long", "JAVA_LONG", 8, false)),
            Map.entry("size_t", new CType("long", "JAVA_LONG", 8, false)),
            Map.entry("double", new CType("double", "JAVA_DOUBLE", 8, true)));

    /// The type C calls so.
    public static CType of(String c, Facts facts) {
        String bare = c.replaceAll("\\bconst\\b", "").strip();
        if (bare.equals("void")) {
            return VOID;
        }
        if (bare.endsWith("*") || facts.isCallback(bare)) {
            return POINTER;
        }
        CType basic = BASIC.get(bare);
        if (basic != null) {
            return basic;
        }
        String meaning = facts.typedef(bare)
                .orElseThrow(() -> new IllegalStateException("Unknown C type " + c))
                .type();
        return meaning.equals("enum") ? INT : of(meaning, facts);
    }
}
