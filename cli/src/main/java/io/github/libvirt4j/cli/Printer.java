package io.github.libvirt4j.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Prints all that the command prints: in UTF-8, whatever the locale, and nothing that acts on a terminal.
/// Names, titles and messages come from others.
///
/// A character that could act on one, or change the order of what stands around it, is printed as its escape
/// (`\u001b`).
/// In a JSON string that stands for the same character.
final class Printer extends PrintWriter {
    private static final Pattern TERMINAL = Pattern.compile("/dev/(pts/|tty|console).*");

    private final Harmless harmless;

    /// 1 for standard output; −1 if it prints to memory.
    private final int descriptor;

    Printer(Writer out) {
        this(new Harmless(out), -1);
    }

    private Printer(Harmless harmless, int descriptor) {
        super(harmless, true);
        this.harmless = harmless;
        this.descriptor = descriptor;
    }

    /// Prints to standard output.
    static Printer out() {
        return to(FileDescriptor.out, 1);
    }

    /// Prints to standard error.
    static Printer err() {
        return to(FileDescriptor.err, 2);
    }

    private static Printer to(FileDescriptor file, int descriptor) {
        Writer writer = new OutputStreamWriter(new FileOutputStream(file), StandardCharsets.UTF_8);
        return new Printer(new Harmless(writer), descriptor);
    }

    /// The text as it is printed by `println`: on one line, and without tabs, which would shift a table. `print`
    /// keeps both, for documents.
    static String harmless(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> escape(line, c));
        return line.toString().replace("\n", "\\n").replace("\t", "\\t");
    }

    private static void escape(StringBuilder to, int c) {
        if (isHarmless(c)) {
            to.appendCodePoint(c);
            return;
        }
        for (char unit : Character.toChars(c)) {
            to.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                to.append(Character.forDigit(unit >> shift & 0xf, 16));
            }
        }
    }

    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> c == '\n' || c == '\t';
            // Of these are those that turn the direction of text around.
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            // Half of a pair, such as an escape for a byte that is not UTF-8.
            case Character.SURROGATE -> false;
            default -> true;
        };
    }

    @Override
    public void println(@Nullable String text) {
        super.println(harmless(String.valueOf(text)));
    }

    @Override
    public void println(@Nullable Object object) {
        println(String.valueOf(object));
    }

    /// Prints at once what is to act on the terminal.
    void control(String sequence) {
        flush();
        try {
            harmless.raw(sequence);
        } catch (IOException e) {
            setError();
        }
        flush();
    }

    /// Prints a document of several lines: harmless on a terminal, and exact elsewhere, for a file or a
    /// program that reads it.
    void document(String text) {
        if (isTerminal()) {
            print(text);
        } else {
            control(text);
        }
        if (!text.endsWith("\n")) {
            println();
        }
    }

    /// Whether it prints to a terminal.
    boolean isTerminal() {
        return isTerminal(descriptor);
    }

    /// Whether a file descriptor is of a terminal.
    static boolean isTerminal(int descriptor) {
        try {
            return descriptor >= 0
                    && TERMINAL.matcher(Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                                    .toString())
                            .matches();
        } catch (IOException e) {
            return false;
        }
    }

    /// A stream for code that knows only `System.err`: logs, stack traces.
    PrintStream stream() {
        OutputStream bytes = new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) {
                print(new String(from, offset, length, StandardCharsets.UTF_8));
                Printer.this.flush();
            }
        };
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /// Why something could not be printed; null if all was.
    @Nullable
    IOException failure() {
        flush();
        return harmless.failure;
    }

    /// Its file descriptor, if that is of a pipe or socket: of whom reads what is printed. −1 if it is not.
    int pipe() {
        return descriptor >= 0 && isPipe(Path.of("/proc/self/fd/" + descriptor)) ? descriptor : -1;
    }

    /// Nobody reads what is printed any more.
    void abandoned() {
        harmless.failure = new IOException("nobody reads it");
    }

    /// Whether a file is what is printed to, and keeps it.
    boolean isSame(Path file) {
        try {
            Path self = Path.of("/proc/self/fd/" + descriptor);
            return descriptor >= 0 && Files.isSameFile(file, self) && (Files.isRegularFile(self) || isPipe(self));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isPipe(Path file) {
        try {
            // Not a device, which has a number.
            return Files.readAttributes(file, "unix:isOther,rdev").equals(Map.of("isOther", true, "rdev", 0L));
        } catch (IOException e) {
            return false;
        }
    }

    private static final class Harmless extends FilterWriter {
        private volatile @Nullable IOException failure;

        /// The first half of a pair whose second has not come yet; 0 if there is none.
        private char half;

        Harmless(Writer out) {
            super(out);
        }

        @Override
        public void write(int c) throws IOException {
            write(new char[] {(char) c}, 0, 1);
        }

        @Override
        public void write(String text, int offset, int length) throws IOException {
            write(text.substring(offset, offset + length).toCharArray(), 0, length);
        }

        @Override
        public void write(char[] text, int offset, int length) throws IOException {
            StringBuilder before = new StringBuilder(length + 1);
            if (half != 0) {
                before.append(half);
                half = 0;
            }
            before.append(text, offset, length);
            int end = before.length();
            if (end > 0 && Character.isHighSurrogate(before.charAt(end - 1))) {
                half = before.charAt(--end);
            }
            StringBuilder after = new StringBuilder(end);
            before.substring(0, end).codePoints().forEach(c -> escape(after, c));
            raw(after.toString());
        }

        void raw(String text) throws IOException {
            try {
                out.write(text);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public void flush() throws IOException {
            if (half != 0) {
                StringBuilder last = new StringBuilder();
                escape(last, half);
                half = 0;
                raw(last.toString());
            }
            try {
                out.flush();
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }
}
