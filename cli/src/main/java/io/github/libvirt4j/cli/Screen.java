package io.github.libvirt4j.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp;
import org.jline.utils.InfoCmp.Capability;

/// The terminal of standard output. Only this class, and those for it, load the terminal library.
final class Screen implements AutoCloseable {
    private static final int DEFAULT_WIDTH = 80;
    private static final int DEFAULT_HEIGHT = 24;

    private final Terminal terminal;
    private final Attributes before;
    private final Display display;

    /// The terminal has wrapped, or cut off, what stood there.
    private volatile boolean resized = true;

    private Screen(Terminal terminal) {
        this.terminal = terminal;
        this.before = terminal.getAttributes();
        this.display = new Display(terminal, true);
    }

    /// The number of columns of the terminal.
    static int width() {
        try (Terminal terminal = terminal()) {
            return columns(terminal);
        } catch (IOException e) {
            return DEFAULT_WIDTH;
        }
    }

    static Terminal terminal() throws IOException {
        return TerminalBuilder.builder()
                .system(true)
                .systemOutput(TerminalBuilder.SystemOutput.SysOut)
                .provider(TerminalBuilder.PROP_PROVIDER_FFM)
                .type(type())
                .encoding(StandardCharsets.UTF_8)
                .dumb(true)
                .graphemeCluster(false)
                .build();
    }

    /// The type that the environment names; `dumb` if it names none.
    static String namedType() {
        String type = System.getenv("TERM");
        return type == null || type.isEmpty() ? Terminal.TYPE_DUMB : type;
    }

    /// The type of the terminal, or the plainest where nothing is known of it: from a newer terminal than this machine,
    /// as after `ssh`. The library logs that, with a stack trace.
    private static String type() throws IOException {
        String type = namedType();
        try {
            String _ = InfoCmp.getInfoCmp(type);
            return type;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } catch (IOException e) {
            return "ansi";
        }
    }

    private static int columns(Terminal terminal) {
        return terminal.getColumns() > 0 ? terminal.getColumns() : DEFAULT_WIDTH;
    }

    /// Takes the whole screen, until it is closed. Keys are read one by one and without an echo.
    ///
    /// @param interrupt is called on Ctrl-C
    static Screen take(Runnable interrupt) throws IOException {
        Terminal terminal = terminal();
        Screen screen = new Screen(terminal);
        terminal.enterRawMode();
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.clear_screen);
        terminal.puts(Capability.cursor_invisible);
        terminal.handle(Terminal.Signal.WINCH, _ -> screen.resized = true);
        terminal.handle(Terminal.Signal.INT, _ -> interrupt.run());
        terminal.flush();
        return screen;
    }

    int columns() {
        return columns(terminal);
    }

    int rows() {
        return terminal.getRows() > 0 ? terminal.getRows() : DEFAULT_HEIGHT;
    }

    /// Shows lines, which may have colours, from the top; those that do not fit are left out.
    void show(List<String> lines) {
        if (resized) {
            resized = false;
            display.clear();
        }
        display.resize(Size.of(columns(), rows()));
        display.update(
                lines.stream()
                        .limit(rows())
                        .map(line -> AttributedString.fromAnsi(line).columnSubSequence(0, columns()))
                        .toList(),
                -1);
        terminal.flush();
    }

    /// Reads a key.
    ///
    /// @return −1 at the end of the input, −2 if none came within the limit
    int key(long millis) throws IOException {
        return terminal.reader().read(millis);
    }

    @Override
    public void close() throws IOException {
        terminal.puts(Capability.cursor_visible);
        terminal.puts(Capability.exit_ca_mode);
        terminal.flush();
        terminal.setAttributes(before);
        terminal.close();
    }
}
