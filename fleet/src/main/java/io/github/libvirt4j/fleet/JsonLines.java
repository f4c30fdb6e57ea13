package io.github.libvirt4j.fleet;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A sink that writes each record as one line of JSON, a CloudEvent in structured mode; see
/// [CloudEvents#json]. After a write that failed, it begins a new line.
public final class JsonLines implements Sink {
    private final OutputStream out;

    /// Whether the last write has failed, which can have left a part of a line.
    private boolean isBroken;

    private JsonLines(OutputStream out) {
        this.out = out;
    }

    /// Writes to the standard output of the process, which stays open.
    public static JsonLines stdout() {
        return new JsonLines(new FileOutputStream(FileDescriptor.out) {
            @Override
            public void close() {}
        });
    }

    /// Writes to a stream, in UTF-8, and closes it. A [PrintStream], such as `System.out`, keeps its first
    /// error: each write throws from then on. [#stdout] recovers.
    public static JsonLines to(OutputStream out) {
        return new JsonLines(out);
    }

    @Override
    public void write(List<FleetRecord> records) throws IOException {
        check();
        var lines = new StringBuilder(isBroken ? "\n" : "");
        for (FleetRecord record : records) {
            lines.append(CloudEvents.json(record)).append('\n');
        }
        isBroken = true;
        out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
        check();
        isBroken = false;
    }

    private void check() throws IOException {
        if (out instanceof PrintStream printer && printer.checkError()) {
            throw new IOException("The stream has failed, and does not say why; open another one");
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
