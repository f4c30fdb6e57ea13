package io.github.libvirt4j.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files of text. libvirt takes UTF-8.
final class TextFile {
    private TextFile() {}

    /// The text of the file that an argument names; that of standard input for `-`.
    ///
    /// @throws Failure if it is not UTF-8
    static String read(String argument) throws IOException {
        if (argument.equals("-")) {
            return decode(System.in.readAllBytes(), "Standard input");
        }
        Path file = Arguments.path(argument);
        if (Files.isDirectory(file)) {
            throw new Failure("'" + argument + "' is a folder");
        }
        return decode(Files.readAllBytes(file), argument);
    }

    /// The text of a file.
    ///
    /// @throws Failure if it is not UTF-8
    static String read(Path file) throws IOException {
        return decode(Files.readAllBytes(file), file.toString());
    }

    /// A new file of the user's with this text, in `$TMPDIR` or `/tmp`.
    static Path temporary(String prefix, String suffix, String text) throws IOException {
        String folder = System.getenv("TMPDIR");
        Path in = Path.of(folder == null || folder.isEmpty() ? "/tmp" : folder);
        return Files.writeString(Files.createTempFile(in, prefix, suffix), text);
    }

    private static String decode(byte[] bytes, String name) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // Every other byte of ASCII in UTF-16 is a NUL.
            if (text.indexOf('\0') < 0) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // Said below.
        }
        throw new Failure(name + " is not UTF-8, which libvirt takes. Convert it by `iconv -f ENCODING -t UTF-8`, and"
                + " remove the encoding from its XML declaration, if it has one");
    }
}
