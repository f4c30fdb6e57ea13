package io.github.libvirt4j.it;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Stream;
import io.github.libvirt4j.types.DomainConsoleFlags;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The serial console of a guest, with a shell at its other end.
final class Console implements AutoCloseable {
    private final Stream stream;
    private final ByteBuffer piece = ByteBuffer.allocateDirect(4096);
    private String seen = "";
    private int commands;

    Console(Connect connect, Guest guest) {
        this(connect, guest.domain());
    }

    Console(Connect connect, Domain domain) {
        stream = connect.newStream();
        domain.console().open(null, stream, DomainConsoleFlags.FORCE);
    }

    /// Waits until the guest writes this, and forgets what it wrote before.
    void await(String text) {
        while (!seen.contains(text)) {
            if (stream.receive(piece.clear()) < 0) {
                throw new AssertionError("The console ended; it said " + seen);
            }
            seen += StandardCharsets.ISO_8859_1.decode(piece.flip());
        }
        seen = seen.substring(seen.indexOf(text) + text.length());
    }

    /// Has a command run.
    void start(String command) {
        ByteBuffer line = StandardCharsets.US_ASCII.encode(command + "\n");
        while (line.hasRemaining()) {
            stream.send(line);
        }
    }

    /// Has a command run to its end.
    void run(String command) {
        commands++;
        // The terminal repeats what is typed, and this is not to be found there.
        start(command + "; echo over''" + commands);
        await("over" + commands);
    }

    @Override
    public void close() {
        stream.close();
    }
}
