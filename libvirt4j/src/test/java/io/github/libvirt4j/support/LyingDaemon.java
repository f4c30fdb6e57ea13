package io.github.libvirt4j.support;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// The other side of libvirt's protocol on a unix socket, which answers whatever a test says. It lets
/// everybody in, and answers 0 to what it knows nothing of.
public final class LyingDaemon implements AutoCloseable {
    private static final int AUTH_LIST = 66;

    /// `virNetMessageType`.
    private static final int REPLY = 1;

    private static final int STREAM = 3;
    private static final int STREAM_HOLE = 6;

    /// `virNetMessageStatus`.
    private static final int OK = 0;

    private static final int ERROR = 1;

    private static final int CONTINUE = 2;

    /// `virErrorDomain`.
    private static final int QEMU = 10;

    private final Path folder;
    private final ServerSocketChannel server;
    private final Map<Integer, byte[]> answers = new ConcurrentHashMap<>();
    private final Map<Integer, byte[]> failures = new ConcurrentHashMap<>();
    private final Map<Integer, List<Long>> holes = new ConcurrentHashMap<>();
    private final Map<Integer, List<Integer>> asked = new ConcurrentHashMap<>();
    private final List<SocketChannel> clients = new ArrayList<>();

    /// Starts it.
    public LyingDaemon() throws IOException {
        folder = Files.createTempDirectory("l4j");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket()));
        answer(AUTH_LIST, xdr().ints(1, 0));
        Thread.ofVirtual().start(this::accept);
    }

    private Path socket() {
        return folder.resolve("socket");
    }

    /// Where it is, to libvirt.
    public String uri() {
        return "test+unix:///default?socket=" + socket();
    }

    /// What it answers from now on.
    ///
    /// @param procedure a number of libvirt's `remote_procedure`
    public void answer(int procedure, Xdr answer) {
        answers.put(procedure, answer.bytes.toByteArray());
    }

    /// The error with which a procedure fails from now on.
    ///
    /// @param code of `virErrorNumber`
    public void fail(int procedure, int code, String message) {
        // Of QEMU's driver, at level error; without an object, further strings and a network.
        Xdr error = xdr().ints(code, QEMU, 1).string(message).ints(2, 0, 0, 0, 0, 0, 0, 0);
        failures.put(procedure, error.bytes.toByteArray());
    }

    /// The first ints of the arguments with which a procedure was called.
    public List<Integer> asked(int procedure) {
        return asked.getOrDefault(procedure, List.of());
    }

    /// What it sends over the stream of a procedure, behind the answer: holes of those lengths, and the end.
    public void holes(int procedure, Long... lengths) {
        holes.put(procedure, List.of(lengths));
    }

    /// Values as the protocol has them, of which there are none yet.
    public static Xdr xdr() {
        return new Xdr();
    }

    /// Values as the protocol has them, one behind the other.
    public static final class Xdr {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream data = new DataOutputStream(bytes);

        /// Appends ints.
        public Xdr ints(int... values) {
            for (int value : values) {
                write(out -> out.writeInt(value));
            }
            return this;
        }

        /// Appends a 64-bit one.
        public Xdr hyper(long value) {
            return write(out -> out.writeLong(value));
        }

        /// Appends bytes whose number is a multiple of four, without it.
        public Xdr fixed(byte[] value) {
            return write(out -> out.write(value));
        }

        /// Appends a string.
        public Xdr string(String value) {
            byte[] text = value.getBytes(StandardCharsets.ISO_8859_1);
            return ints(text.length).fixed(text).fixed(new byte[-text.length & 3]);
        }

        private Xdr write(Writing writing) {
            try {
                writing.to(data);
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private interface Writing {
            void to(DataOutputStream out) throws IOException;
        }
    }

    private void accept() {
        while (true) {
            try {
                SocketChannel client = server.accept();
                synchronized (clients) {
                    clients.add(client);
                }
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                var in = new DataInputStream(Channels.newInputStream(client));
                OutputStream out = Channels.newOutputStream(client)) {
            while (true) {
                byte[] rest = new byte[in.readInt() - Integer.BYTES];
                in.readFully(rest);
                serve(new DataInputStream(new java.io.ByteArrayInputStream(rest)), out);
            }
        } catch (IOException gone) {
            // It has closed the connection.
        }
    }

    private void serve(DataInputStream call, OutputStream out) throws IOException {
        int program = call.readInt();
        int version = call.readInt();
        int procedure = call.readInt();
        int type = call.readInt();
        int serial = call.readInt();
        if (type == STREAM) {
            // The end of one.
            send(out, xdr().ints(program, version, procedure, STREAM, serial, OK));
            return;
        }
        // Behind the status, which is 0 in a call.
        call.readInt();
        if (call.available() > 0) {
            asked.computeIfAbsent(procedure, _ -> new CopyOnWriteArrayList<>()).add(call.readInt());
        }
        byte[] failure = failures.get(procedure);
        if (failure != null) {
            send(
                    out,
                    xdr().ints(program, version, procedure, REPLY, serial, ERROR)
                            .fixed(failure));
            return;
        }
        byte[] answer = answers.getOrDefault(procedure, new byte[Integer.BYTES]);
        send(out, xdr().ints(program, version, procedure, REPLY, serial, OK).fixed(answer));
        List<Long> lengths = holes.get(procedure);
        if (lengths != null) {
            for (long length : lengths) {
                Xdr hole = xdr().ints(program, version, procedure, STREAM_HOLE, serial, CONTINUE);
                send(out, hole.hyper(length).ints(0));
            }
            send(out, xdr().ints(program, version, procedure, STREAM, serial, CONTINUE));
        }
    }

    private static void send(OutputStream out, Xdr message) throws IOException {
        byte[] bytes = message.bytes.toByteArray();
        out.write(xdr().ints(bytes.length + Integer.BYTES).fixed(bytes).bytes.toByteArray());
    }

    @Override
    public void close() throws IOException {
        server.close();
        synchronized (clients) {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
        Files.deleteIfExists(socket());
        Files.deleteIfExists(folder);
    }
}
