package io.github.libvirt4j.it.soak;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainCreateFlags;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/// A guest of QEMU's that stands still, with a console on which nobody says anything, and a channel at whose
/// other end all that comes is sent back. It goes when its daemon is cleared away.
final class EchoGuest implements AutoCloseable {
    static final String CHANNEL = "org.example.0";

    private final UUID uuid;
    private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);

    EchoGuest(SessionDaemon daemon) throws IOException {
        Path socket = daemon.folder().resolve("run/echo");
        server.bind(UnixDomainSocketAddress.of(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
        // QEMU connects to it as well, and says nothing.
        Thread.ofVirtual().start(this::accept);
        uuid = create(daemon, """
                <channel type='unix'>
                  <source mode='connect' path='%s'/>
                  <target type='virtio' name='%s'/>
                </channel>
                """.formatted(socket, CHANNEL));
    }

    /// Makes a guest that stands still, with devices.
    static UUID create(SessionDaemon daemon, String devices) {
        try (Connect connect = Connect.open(daemon.unixUri("qemu:///session"));
                Domain domain = create(connect, devices)) {
            return domain.uuid();
        }
    }

    /// The same, on a connection.
    static Domain create(Connect connect, String devices) {
        return connect.domains().create("""
                <domain type='qemu'>
                  <name>%s</name>
                  <memory unit='MiB'>32</memory>
                  <os><type arch='x86_64'>hvm</type></os>
                  <devices><serial type='pty'/>%s</devices>
                </domain>
                """.formatted(UUID.randomUUID(), devices), DomainCreateFlags.START_PAUSED);
    }

    UUID uuid() {
        return uuid;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel peer = server.accept();
                Thread.ofVirtual().start(() -> echo(peer));
            }
        } catch (IOException e) {
            // It is closed.
        }
    }

    private static void echo(SocketChannel peer) {
        ByteBuffer piece = ByteBuffer.allocate(1000);
        try (peer) {
            while (peer.read(piece) >= 0) {
                piece.flip();
                while (piece.hasRemaining()) {
                    peer.write(piece);
                }
                piece.clear();
            }
        } catch (IOException e) {
            // Who spoke has gone.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
