package io.github.libvirt4j.cli;

import io.github.libvirt4j.stream.Transfer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/// How far a transfer is: a line that is written over and over again on a terminal, and a line now and then
/// elsewhere.
final class ProgressBar implements Transfer.Progress {
    private static final long EVERY_ON_TERMINAL = Duration.ofMillis(100).toNanos();
    private static final long EVERY_ELSEWHERE = Duration.ofSeconds(5).toNanos();
    private static final int WIDTH = 20;
    private static final String ERASE_LINE = "\r\u001b[K";

    /// What is too long for a narrow terminal is cut off; a second line would not be overwritten.
    private static final String NO_WRAP = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";

    private final Printer out;
    private final boolean terminal;
    private final LongSupplier clock;
    private long begun;
    private long first;
    private long shown;
    private long done;

    /// One where errors go: they go to a terminal if somebody is watching, wherever input and output go.
    ProgressBar(Printer err) {
        this(err, err.isTerminal() && !"dumb".equals(System.getenv("TERM")), System::nanoTime);
    }

    /// @param clock of nanoseconds
    ProgressBar(Printer out, boolean terminal, LongSupplier clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        this.begun = clock.getAsLong();
        this.shown = begun;
    }

    /// Begins anew with work that was done before: the rate is that of what follows.
    void from(long before) {
        first = before;
        begun = clock.getAsLong();
    }

    @Override
    public void on(long now, long total) {
        done = now;
        long time = clock.getAsLong();
        if (time - shown < (terminal ? EVERY_ON_TERMINAL : EVERY_ELSEWHERE)) {
            return;
        }
        shown = time;
        if (terminal) {
            out.control(ERASE_LINE + NO_WRAP + bar(total) + line(time, total) + WRAP);
        } else {
            out.println(line(time, total));
        }
    }

    private String bar(long total) {
        if (total <= 0) {
            return "";
        }
        int full = (int) (WIDTH * Math.min(1.0, (double) done / total));
        return "[" + "#".repeat(full) + " ".repeat(WIDTH - full) + "] ";
    }

    private String line(long time, long total) {
        String soFar = total < 0
                ? new Size(done).toString()
                : percent(total) + " " + new Size(done) + " of " + new Size(total);
        double rate = rate(time);
        String line = soFar + ", " + new Size((long) rate) + "/s";
        return total < 0 || rate < 1
                ? line
                : line + ", " + duration((long) (Math.max(0, total - done) / rate)) + " left";
    }

    private String percent(long total) {
        return total == 0 ? "100%" : String.format(Locale.ROOT, "%3d%%", (long) Math.min(100, 100.0 * done / total));
    }

    private double rate(long time) {
        return Math.max(0, done - first) * 1e9 / Math.max(1, time - begun);
    }

    /// Clears the line, for what comes after it.
    void end() {
        if (terminal) {
            out.control(ERASE_LINE);
        }
    }

    /// The number of bytes copied.
    Size done() {
        return new Size(done);
    }

    /// The time since it began.
    Duration time() {
        return Duration.ofNanos(clock.getAsLong() - begun);
    }

    /// What was done, in one line.
    String summary() {
        long time = clock.getAsLong();
        return String.format(
                Locale.ROOT, "%d bytes in %.1f s (%s/s)", done, (time - begun) / 1e9, new Size((long) rate(time)));
    }

    private static String duration(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d h", seconds / 3600, seconds / 60 % 60);
    }
}
