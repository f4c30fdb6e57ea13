package io.github.libvirt4j.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/// Keeps lines on the terminal, until the user types `q` or Ctrl-C.
final class Live {
    private static final long BETWEEN_LOOKS = 250;

    private Live() {}

    /// Whether there is a terminal to read keys from, and to show something on that can change.
    static boolean isPossible(Printer out) {
        return out.isTerminal() && Printer.isTerminal(0) && !Screen.namedType().equals(Terminal.TYPE_DUMB);
    }

    /// @param timeout the longest time; null for none
    /// @param lines makes the lines for a number of columns
    /// @param keys receives each key
    static void show(Ending ending, @Nullable Duration timeout, IntFunction<List<String>> lines, IntConsumer keys)
            throws IOException, InterruptedException {
        long begun = System.nanoTime();
        try (Screen screen = Screen.take(ending::come)) {
            while (!ending.hasCome() && (timeout == null || System.nanoTime() - begun < timeout.toNanos())) {
                screen.show(lines.apply(screen.columns()));
                int key = screen.key(BETWEEN_LOOKS);
                if (key == 'q') {
                    ending.come();
                } else if (key >= 0) {
                    keys.accept(key);
                } else if (key == -1) {
                    // The input has ended, and does not say so again later.
                    Thread.sleep(BETWEEN_LOOKS);
                }
            }
        }
    }
}
