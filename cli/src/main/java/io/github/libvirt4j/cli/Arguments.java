package io.github.libvirt4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The arguments as the process was given them: bytes, in UTF-8 whatever the locale. The VM decodes them by
/// the locale, and loses what that does not have; so it does with the names of files.
///
/// A byte that is not UTF-8 is the lone surrogate U+DC80 … U+DCFF whose last eight bits it is.
final class Arguments {
    private static final int OF_BYTE = 0xdc00;

    private Arguments() {}

    /// Those of this process.
    ///
    /// @param decoded as the VM decodes them, and as they are if the system does not tell
    static String[] ofProcess(String[] decoded) {
        try {
            List<String> all = split(Files.readAllBytes(Path.of("/proc/self/cmdline")));
            // Before them are the VM and its options.
            List<String> last = all.subList(Math.max(0, all.size() - decoded.length), all.size());
            return areSame(last, decoded) ? last.toArray(String[]::new) : decoded;
        } catch (IOException e) {
            return decoded;
        }
    }

    private static List<String> split(byte[] line) {
        List<String> words = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i < line.length; i++) {
            if (line[i] == 0) {
                words.add(decode(ByteBuffer.wrap(line, begin, i - begin)));
                begin = i + 1;
            }
        }
        return words;
    }

    private static String decode(ByteBuffer bytes) {
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        while (decoder.decode(bytes, text, true).isError()) {
            text.put((char) (OF_BYTE + (bytes.get() & 0xff)));
            decoder.reset();
        }
        return text.flip().toString();
    }

    /// Whether they can be the same: what is ASCII is so in every locale.
    private static boolean areSame(List<String> exact, String[] decoded) {
        if (exact.size() != decoded.length) {
            return false;
        }
        for (int i = 0; i < decoded.length; i++) {
            if (isAscii(exact.get(i)) && !exact.get(i).equals(decoded[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /// The file that an argument names.
    static Path path(String argument) {
        if (isAscii(argument) || "UTF-8".equals(System.getProperty("sun.jnu.encoding"))) {
            try {
                return Path.of(argument);
            } catch (InvalidPathException e) {
                // Not UTF-8.
            }
        }
        // In a URI the bytes are exact.
        String file = (argument.startsWith("/") ? "" : "/proc/self/cwd/") + argument;
        StringBuilder uri = new StringBuilder("file://");
        for (byte b : encode(file)) {
            uri.append(b == '/' ? "/" : String.format(Locale.ROOT, "%%%02x", b & 0xff));
        }
        return Path.of(URI.create(uri.toString()));
    }

    private static byte[] encode(String text) {
        var bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(c -> {
            if (c > OF_BYTE && c <= OF_BYTE + 0xff) {
                bytes.write(c);
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }
}
