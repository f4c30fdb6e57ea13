package io.github.libvirt4j.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A [SessionDaemon] that listens for TLS too, and lets in who has a certificate of the same authority.
public final class TlsDaemon implements AutoCloseable {
    private final SessionDaemon daemon;
    private final int port;

    /// Starts one.
    ///
    /// @param users who of those with a certificate is let in, by a password; all, if there are none
    public TlsDaemon(Certificates certificates, String mechanism, Map<String, String> users) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        daemon = SessionDaemon.start(mechanism, users);
        Path folder = daemon.folder();
        // Its user cannot read ours.
        for (Path file : new Path[] {
            certificates.certificate("ca"), certificates.certificate("server"), certificates.key("server")
        }) {
            Files.setPosixFilePermissions(
                    certificates.copy(file, folder), PosixFilePermissions.fromString("rw-r--r--"));
        }
        Path configuration = folder.resolve("libvirtd.conf");
        Files.writeString(configuration, Files.readString(configuration).replace("listen_tls = 0", """
                listen_tls = 1
                tls_port = "%d"
                auth_tls = "%s"
                ca_file = "%s/cacert.pem"
                cert_file = "%3$s/servercert.pem"
                key_file = "%3$s/serverkey.pem"
                """.formatted(
                        port, users.isEmpty() ? "none" : "sasl", folder)));
        daemon.restart();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!listens()) {
            if (System.nanoTime() > deadline) {
                String log = Files.readString(folder.resolve("log"));
                daemon.close();
                throw new IOException("Nobody listens for TLS: " + log);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private boolean listens() {
        try (SocketChannel _ = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Its test driver.
    public String uri(Certificates certificates) {
        return uri("127.0.0.1", certificates.folder());
    }

    /// Its test driver, by one of the machine's names.
    public String uri(String host, Path certificates) {
        return "test+tls://" + host + ":" + port + "/default?pkipath=" + certificates;
    }

    /// The daemon itself.
    public SessionDaemon daemon() {
        return daemon;
    }

    @Override
    public void close() {
        daemon.close();
    }
}
