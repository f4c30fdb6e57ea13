package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Stream;
import io.github.libvirt4j.types.DomainConsoleFlags;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Connects the terminal to a console of a domain.
@Command(
        name = "console",
        description = {
            "Connects the terminal to the first serial console of a domain, until Ctrl-] or the domain's end.",
            "All other keys go to the domain, Ctrl-C as well. Without a terminal it copies bytes in both directions."
        },
        footer = "console web")
final class Console extends OnDomain {
    /// Ctrl-].
    private static final int LEAVE = 0x1d;

    private static final int PIECE = 64 * 1024;

    @Option(names = "--device", paramLabel = "ALIAS", description = "another one: serial1, …")
    private @Nullable String device;

    @Option(names = "--force", description = "disconnect the user of a console that is in use")
    private boolean force;

    private volatile boolean left;

    @Override
    public Integer call() throws Exception {
        if (isJson()) {
            throw wrong("A console has no --json: what comes from the domain is printed as it is");
        }
        return super.call();
    }

    @Override
    int on(Domain domain) throws IOException {
        try (Stream stream = domain.connect().newStream()) {
            DomainConsoleFlags[] flags =
                    force ? new DomainConsoleFlags[] {DomainConsoleFlags.FORCE} : new DomainConsoleFlags[0];
            domain.console().open(device, stream, flags);
            if (Printer.isTerminal(0)) {
                try (RawTerminal terminal = RawTerminal.enter()) {
                    err().println("Connected to " + domain.name() + " (" + terminal.size() + "); Ctrl-] leaves");
                    // In raw mode a line feed moves down only.
                    err().control("\r");
                    talk(stream);
                    err().control("\r\n");
                }
                err().println((left ? "Left " : "End of the console of ") + domain.name());
            } else {
                talk(stream);
            }
        }
        return Status.OK;
    }

    /// Copies in both directions, until the end of what comes from the domain.
    private void talk(Stream stream) throws IOException {
        Thread.ofPlatform().daemon().name("keyboard").start(() -> send(stream));
        // Neither is closed: the process still has both.
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        byte[] bytes = new byte[PIECE];
        ByteBuffer piece = ByteBuffer.wrap(bytes);
        int count = receive(stream, piece);
        while (count >= 0) {
            out.write(bytes, 0, count);
            count = receive(stream, piece.clear());
        }
    }

    /// @return −1 at the end
    private int receive(Stream stream, ByteBuffer piece) {
        try {
            return stream.receive(piece);
        } catch (RuntimeException e) {
            if (left) {
                return -1;
            }
            throw e;
        }
    }

    /// Sends what is typed, until Ctrl-] on a terminal. The end of a file that is typed is not that of the
    /// console: an answer may come.
    private void send(Stream stream) {
        boolean terminal = Printer.isTerminal(0);
        byte[] bytes = new byte[PIECE];
        InputStream in = new FileInputStream(FileDescriptor.in);
        try {
            int count = in.read(bytes);
            while (count > 0) {
                int end = terminal ? leave(bytes, count) : count;
                ByteBuffer typed = ByteBuffer.wrap(bytes, 0, end);
                while (typed.hasRemaining()) {
                    stream.send(typed);
                }
                if (end < count) {
                    left = true;
                    stream.abort();
                    return;
                }
                count = in.read(bytes);
            }
        } catch (IOException | RuntimeException e) {
            // Also the end of the other direction, which says why.
            stream.abort();
        }
    }

    /// Where Ctrl-] is among the bytes; their number if it is not.
    private static int leave(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] == LEAVE) {
                return i;
            }
        }
        return count;
    }
}
