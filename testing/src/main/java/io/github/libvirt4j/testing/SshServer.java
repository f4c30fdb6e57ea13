package io.github.libvirt4j.testing;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// An OpenSSH server on a tcp port of this machine, to whose users a [SessionDaemon] is the daemon of the
/// host. Needs root.
///
/// It lets one user in, by a password or a key, and that user exists for it alone: it lives in namespaces of
/// its own, with the files of users bound over the machine's. What it starts ends with the first process
/// there, and that one with this VM.
public final class SshServer implements AutoCloseable {
    /// Whom it lets in.
    public static final String USER = "libvirt4j";

    private static final long START_LIMIT_SECONDS = 60;

    private final Path folder;
    private final int port;
    private final Process first;

    private SshServer(SessionDaemon daemon, String password) throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "l4j");
        // The user's keys are read as that user.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.writeString(folder.resolve("sshd_config"), """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s/hostkey
                PidFile none
                AuthorizedKeysFile %2$s/key.pub
                StrictModes no
                UsePAM no
                KbdInteractiveAuthentication no
                """.formatted(port, folder));
        // Its input ends when this VM does.
        first = new ProcessBuilder(
                        "sh",
                        "-c",
                        """
                        trap '' HUP INT TERM
                        unshare --mount --pid --fork sh -c '
                            set -e
                            cd "$0"
                            for each in hostkey key stranger; do
                                ssh-keygen -q -t ed25519 -N "" -f $each
                            done
                            # The same user as the daemon is of, by another name.
                            id=$(stat -c %u "$1")
                            { echo "$2:x:$id:$id::$0:/bin/sh"; cat /etc/passwd; } >passwd
                            umask 077
                            { echo "$2:$(echo "$3" | openssl passwd -6 -stdin):1::::::"; cat /etc/shadow; } >shadow
                            umask 022
                            mount --bind passwd /etc/passwd
                            mount --bind shadow /etc/shadow
                            mount -t tmpfs tmpfs /run
                            mkdir /run/sshd /run/libvirt
                            ln -s "$1" /run/libvirt/libvirt-sock
                            /usr/sbin/sshd -f sshd_config -E log
                            read -r _
                        ' "$@"
                        rm -rf "$1"
                        """,
                        "sh",
                        folder.toString(),
                        daemon.socket().toString(),
                        USER,
                        password)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        try {
            awaitStart();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /// Starts one.
    public static SshServer start(SessionDaemon daemon, String password) {
        try {
            return new SshServer(daemon, password);
        } catch (IOException e) {
            throw new UncheckedIOException("sshd cannot be started; it/run installs what is needed", e);
        }
    }

    private void awaitStart() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_LIMIT_SECONDS);
        while (!listens()) {
            if (!first.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("sshd did not start: "
                        + (Files.exists(folder.resolve("out")) ? Files.readString(folder.resolve("out")) : ""));
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

    /// Where it listens, on 127.0.0.1.
    public int port() {
        return port;
    }

    /// The private key it lets the user in by.
    public Path key() {
        return folder.resolve("key");
    }

    /// A private key it does not know.
    public Path strangersKey() {
        return folder.resolve("stranger");
    }

    /// Its own key, as a line of a client's file of known hosts.
    public String knownHost() throws IOException {
        return "[127.0.0.1]:" + port + " " + Files.readString(folder.resolve("hostkey.pub"));
    }

    @Override
    public void close() {
        try {
            first.getOutputStream().close();
            first.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException());
        }
    }
}
