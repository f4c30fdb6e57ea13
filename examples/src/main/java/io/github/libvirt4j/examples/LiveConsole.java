package io.github.libvirt4j.examples;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Stream;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.types.StreamEventType;
import io.github.libvirt4j.types.StreamFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.concurrent.CountDownLatch;

/// Connects the terminal to the serial console of a domain, line by line, until the input ends or the domain
/// stops: `LiveConsole URI DOMAIN`.
public final class LiveConsole {
    private LiveConsole() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Connect connect = Connect.open(arguments[0]);
                Domain domain = connect.domains().lookupByName(arguments[1]);
                Stream console = connect.newStream(StreamFlags.NONBLOCK)) {
            domain.console().open(null, console);
            var over = new CountDownLatch(1);
            ByteBuffer piece = ByteBuffer.allocate(4096);
            console.on(EnumSet.of(StreamEventType.READABLE), (self, _) -> {
                if (print(self.stream(), piece)) {
                    over.countDown();
                }
            });
            // A read of the terminal cannot be interrupted: the thread must not keep the VM alive.
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    send(console);
                } finally {
                    over.countDown();
                }
            });
            over.await();
            console.abort();
        }
    }

    /// Prints what has arrived.
    ///
    /// @return whether it was the last
    private static boolean print(Stream console, ByteBuffer piece) {
        int received;
        try {
            while ((received = console.receive(piece.clear())) > 0) {
                System.out.print(StandardCharsets.ISO_8859_1.decode(piece.flip()));
            }
        } catch (LibvirtException e) {
            System.err.println("The console ended: " + e.getMessage());
            return true;
        }
        System.out.flush();
        return received < 0;
    }

    private static void send(Stream console) {
        byte[] line = new byte[1024];
        try {
            for (int length; (length = System.in.read(line)) >= 0; ) {
                ByteBuffer rest = ByteBuffer.wrap(line, 0, length);
                while (rest.hasRemaining()) {
                    console.send(rest);
                }
            }
        } catch (IOException e) {
            System.err.println("The terminal cannot be read: " + e.getMessage());
        }
    }
}
