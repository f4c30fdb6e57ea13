package io.github.libvirt4j.it;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// Passes a connection on to a daemon's tcp port, and records the calls of libvirt's remote protocol.
final class CountingProxy implements AutoCloseable {
    /// `REMOTE_PROGRAM`; keepalive is another.
    private static final int REMOTE = 0x20008086;

    /// `VIR_NET_CALL`.
    private static final int CALL = 0;

    /// The length of a message and of its header: program, version, procedure, type, serial, status.
    private static final int LENGTH = Integer.BYTES;

    private final URI daemon;
    private final ServerSocket server;
    private final List<Integer> calls = new ArrayList<>();

    /// @param daemon where the daemon listens
    CountingProxy(URI daemon) throws IOException {
        this.daemon = daemon;
        server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /// Returns the URI of the daemon's driver, by way of the proxy.
    String uri() {
        return daemon.toString().replace(":" + daemon.getPort() + "/", ":" + server.getLocalPort() + "/");
    }

    /// The procedures that were called since the last time.
    synchronized List<Integer> takeCalls() {
        List<Integer> taken = List.copyOf(calls);
        calls.clear();
        return taken;
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), daemon.getPort());
                Thread.ofVirtual().start(() -> passOn(near, far));
                Thread.ofVirtual().start(() -> {
                    try (near;
                            InputStream from = far.getInputStream();
                            OutputStream to = near.getOutputStream()) {
                        from.transferTo(to);
                    } catch (IOException e) {
                        // One of the two has closed it.
                    }
                });
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void passOn(Socket near, Socket far) {
        try (far;
                DataInputStream from = new DataInputStream(near.getInputStream());
                DataOutputStream to = new DataOutputStream(far.getOutputStream())) {
            while (true) {
                int length = from.readInt();
                int program = from.readInt();
                int version = from.readInt();
                int procedure = from.readInt();
                int type = from.readInt();
                byte[] rest = from.readNBytes(length - 5 * LENGTH);
                if (program == REMOTE && type == CALL) {
                    record(procedure);
                }
                to.writeInt(length);
                to.writeInt(program);
                to.writeInt(version);
                to.writeInt(procedure);
                to.writeInt(type);
                to.write(rest);
            }
        } catch (IOException e) {
            // One of the two has closed it.
        }
    }

    private synchronized void record(int procedure) {
        calls.add(procedure);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
