package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private static final long MIB = 1024 * 1024;

    private final AtomicLong now = new AtomicLong();
    private final StringWriter out = new StringWriter();

    private ProgressBar bar(boolean terminal) {
        return new ProgressBar(new Printer(out), terminal, now::get);
    }

    private void passes(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void isOverwrittenOnATerminal() {
        ProgressBar bar = bar(true);
        passes(50);
        bar.on(MIB, 100 * MIB);
        assertThat(out).hasToString("");
        passes(50);
        bar.on(10 * MIB, 100 * MIB);
        assertThat(out)
                .hasToString(
                        "\r\u001b[K\u001b[?7l[##                  ]  10% 10.0 MiB of 100.0 MiB, 100.0 MiB/s, 0 s left\u001b[?7h");
        passes(900);
        out.getBuffer().setLength(0);
        bar.on(100 * MIB, 100 * MIB);
        assertThat(out)
                .hasToString(
                        "\r\u001b[K\u001b[?7l[####################] 100% 100.0 MiB of 100.0 MiB, 100.0 MiB/s, 0 s left\u001b[?7h");
        out.getBuffer().setLength(0);
        bar.end();
        assertThat(out).hasToString("\r\u001b[K");
        assertThat(bar.summary()).isEqualTo("104857600 bytes in 1.0 s (100.0 MiB/s)");
    }

    @Test
    void isALineNowAndThenElsewhere() {
        ProgressBar bar = bar(false);
        passes(4999);
        bar.on(4 * MIB, 1024 * MIB);
        assertThat(out).hasToString("");
        passes(1);
        bar.on(5 * MIB, 1024 * MIB);
        passes(100);
        bar.on(6 * MIB, 1024 * MIB);
        assertThat(out).hasToString("  0% 5.0 MiB of 1.0 GiB, 1.0 MiB/s, 16:59 min left\n");
        bar.end();
        assertThat(out).hasToString("  0% 5.0 MiB of 1.0 GiB, 1.0 MiB/s, 16:59 min left\n");
    }

    @Test
    void saysLessWhereLessIsKnown() {
        ProgressBar bar = bar(true);
        passes(1000);
        bar.on(5000, -1);
        assertThat(out).hasToString("\r\u001b[K\u001b[?7l4.9 KiB, 4.9 KiB/s\u001b[?7h");
        out.getBuffer().setLength(0);
        passes(1000);
        bar.on(0, 0);
        assertThat(out).hasToString("\r\u001b[K\u001b[?7l100% 0 B of 0 B, 0 B/s\u001b[?7h");
        assertThat(bar(true).summary()).isEqualTo("0 bytes in 0.0 s (0 B/s)");
    }

    /// The command can find a job that has run for hours.
    @Test
    void countsTheRateSinceItBegan() {
        ProgressBar bar = bar(true);
        passes(500);
        bar.from(50 * MIB);
        passes(1000);
        bar.on(60 * MIB, 100 * MIB);
        assertThat(out)
                .hasToString(
                        "\r\u001b[K\u001b[?7l[############        ]  60% 60.0 MiB of 100.0 MiB, 10.0 MiB/s, 4 s left\u001b[?7h");
    }

    @Test
    void doesNotGoBeyondItsEnd() {
        ProgressBar bar = bar(true);
        passes(1000);
        bar.on(3000, 2000);
        assertThat(out)
                .hasToString(
                        "\r\u001b[K\u001b[?7l[####################] 100% 2.9 KiB of 2.0 KiB, 2.9 KiB/s, 0 s left\u001b[?7h");
    }
}
