package io.github.libvirt4j.internal.c;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Text at the border: UTF-8 in C, whatever the locale says, and a byte that is not UTF-8 as an *escape*, the
/// lone low surrogate U+DC80 … U+DCFF whose last eight bits it is. `docs/text.md` is the policy.
///
/// The mapping is one-to-one: different bytes are different strings, and a string that would come back as
/// another one is refused.
public final class CText {
    private static final char FIRST_ESCAPE = '\uDC80';
    private static final char LAST_ESCAPE = '\uDCFF';
    private static final int ESCAPE_TO_BYTE = 0xDC00;

    private CText() {}

    /// Whether Java's own conversion does: neither a NUL nor a surrogate.
    public static boolean isPlain(String string) {
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    /// The size of a C string at most, with its terminator.
    public static long mostBytes(int chars) {
        return 3L * chars + 1;
    }

    /// The text of bytes.
    public static String decode(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        CharBuffer to = CharBuffer.allocate(bytes.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        while (decoder.decode(from, to, true).isError()) {
            to.put((char) (ESCAPE_TO_BYTE + (from.get() & 0xFF)));
            decoder.reset();
        }
        return to.flip().toString();
    }

    /// Writes text as bytes, without a terminator, and keeps no copy of it.
    ///
    /// @param from is read from its beginning
    /// @param to has room for [#mostBytes]
    /// @param what names the text in the exception
    /// @throws IllegalArgumentException if it has a NUL, a lone surrogate that is not an escape, or escapes
    ///     of bytes that are UTF-8 together
    public static void encode(CharBuffer from, ByteBuffer to, String what) {
        for (int i = 0; i < from.length(); i++) {
            if (from.charAt(i) == 0) {
                throw new IllegalArgumentException(
                        what + " has a NUL at index " + i + ": C strings cannot contain one");
            }
        }
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
        while (encoder.encode(from, to, true).isError()) {
            int index = from.position();
            int first = to.position();
            while (from.hasRemaining() && isEscape(from.get(from.position()))) {
                to.put((byte) from.get());
            }
            if (to.position() == first) {
                throw new IllegalArgumentException(
                        what + " has half of a surrogate pair at index " + index + ": it is not Unicode");
            }
            if (hasCharacter(to.slice(first, to.position() - first))) {
                throw new IllegalArgumentException(what + " has escapes of bytes at index " + index
                        + " that are UTF-8 together: write the character they are");
            }
            encoder.reset();
        }
    }

    private static boolean isEscape(char c) {
        return c >= FIRST_ESCAPE && c <= LAST_ESCAPE;
    }

    /// Whether a character can be read at any of the bytes.
    private static boolean hasCharacter(ByteBuffer bytes) {
        CharBuffer character = CharBuffer.allocate(bytes.remaining());
        try {
            while (bytes.hasRemaining()) {
                StandardCharsets.UTF_8.newDecoder().decode(bytes, character, true);
                if (character.position() > 0) {
                    return true;
                }
                bytes.get();
            }
            return false;
        } finally {
            // It can be a password's.
            Arrays.fill(character.array(), '\0');
        }
    }
}
