package io.github.libvirt4j.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// Standard input and output of the programs of a test, which run in its VM.
final class Terminal extends OutputStream {
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(60);

    private final PrintStream out = System.out;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PipedOutputStream keyboard = new PipedOutputStream();

    Terminal() throws IOException {
        System.setOut(new PrintStream(this, true, StandardCharsets.UTF_8));
        System.setIn(new PipedInputStream(keyboard));
    }

    @Override
    public synchronized void write(int b) {
        printed.write(b);
        notifyAll();
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
        printed.write(bytes, from, length);
        notifyAll();
    }

    /// Returns the text that was printed so far.
    synchronized String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    /// Waits until a text was printed.
    synchronized void await(String text) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT;
        while (!text().contains(text)) {
            long rest = deadline - System.nanoTime();
            if (rest <= 0) {
                throw new AssertionError("No '" + text + "' in: " + text());
            }
            TimeUnit.NANOSECONDS.timedWait(this, rest);
        }
    }

    /// Where a test types.
    OutputStream keyboard() {
        return keyboard;
    }

    @Override
    public void close() {
        System.setOut(out);
    }
}
