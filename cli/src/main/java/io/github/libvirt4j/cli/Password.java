package io.github.libvirt4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A password that the user types. It is never an argument, which other users of the machine can read.
final class Password {
    private Password() {}

    /// Asks twice on a terminal, without an echo; reads the first line of the input elsewhere.
    ///
    /// @throws IOException if the two differ, or the input is not UTF-8
    @SuppressWarnings("SystemConsoleNull") // It depends on who provides the console.
    static char[] ask() throws IOException {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            return decode(line(System.in));
        }
        char[] first = ask(console, "Password: ");
        char[] second = ask(console, "Again: ");
        boolean same = Arrays.equals(first, second);
        Arrays.fill(second, '\0');
        if (!same) {
            Arrays.fill(first, '\0');
            throw new IOException("The two passwords differ; nothing was changed");
        }
        return first;
    }

    private static char[] ask(Console console, String question) throws IOException {
        char[] answer = console.readPassword("%s", question);
        if (answer == null) {
            throw new IOException("The input ended before a password");
        }
        for (char c : answer) {
            if (c == '\uFFFD') {
                Arrays.fill(answer, '\0');
                throw new IOException("What was typed is not in the locale's charset; set LC_ALL=C.UTF-8");
            }
        }
        return answer;
    }

    private static byte[] line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            throw new IOException("The input ended before a password");
        }
        while (b >= 0 && b != '\n') {
            line.write(b);
            b = in.read();
        }
        return line.toByteArray();
    }

    private static char[] decode(byte[] bytes) throws IOException {
        CharBuffer chars;
        try {
            chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw new IOException("The password is not UTF-8", e);
        }
        char[] password = new char[chars.remaining()];
        chars.get(password);
        Arrays.fill(chars.array(), '\0');
        Arrays.fill(bytes, (byte) 0);
        return password;
    }
}
