package io.github.libvirt4j.junit;

import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorLevel;
import io.github.libvirt4j.types.ErrorNumber;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Passes connections on to a daemon's unix socket, message by message of libvirt's protocol, with faults.
/// Safe for use by any thread.
///
/// Over tcp, as the messages of a unix socket can carry file descriptors.
final class FaultyProxy implements AutoCloseable {
    /// `REMOTE_PROGRAM`; keepalive is another.
    private static final int REMOTE = 0x20008086;

    /// `VIR_NET_CALL`, `VIR_NET_REPLY`, and `VIR_NET_MESSAGE`, which is an event.
    private static final int CALL = 0;

    private static final int REPLY = 1;
    private static final int EVENT = 2;

    /// `VIR_NET_ERROR`.
    private static final int ERROR = 1;

    // The places of the words before the body: the length of all, and the header.
    private static final int PROGRAM = 4;
    private static final int VERSION = 8;
    private static final int PROCEDURE = 12;
    private static final int TYPE = 16;
    private static final int SERIAL = 20;
    private static final int BODY = 28;

    /// The longest message is shorter (`VIR_NET_MESSAGE_MAX`).
    private static final int MOST = 64 << 20;

    private final UnixDomainSocketAddress daemon;
    private final ServerSocketChannel server;

    /// Changed under the lock of this, and read without it too.
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();

    // All guarded by this.
    private boolean refuses;
    private Events events = Events.PASS;
    private int eventsMet;
    private final List<Message> held = new ArrayList<>();
    private int callsToFailure;
    private Failure failure = new Failure(ErrorNumber.OK, "");
    private int callsToHang;
    private final List<Message> hanging = new ArrayList<>();

    /// How events are passed on.
    enum Events {
        PASS,
        DROP,
        HOLD,
        REPEAT
    }

    private record Failure(ErrorNumber code, String message) {}

    /// A message that waits.
    private record Message(Session session, ByteBuffer bytes) {}

    FaultyProxy(Path socket) throws IOException {
        daemon = UnixDomainSocketAddress.of(socket);
        server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        start("accept", this::accept);
    }

    /// Not a virtual thread, whose carriers are those of the program: a call without a time limit pins one
    /// until the proxy has passed it on.
    private static void start(String name, Runnable work) {
        Thread.ofPlatform().daemon().name("libvirt4j-faults-" + name).start(work);
    }

    String uri() {
        return "test+tcp://127.0.0.1:" + server.socket().getLocalPort() + "/default";
    }

    private void accept() {
        try {
            while (true) {
                begin(server.accept());
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void begin(SocketChannel near) throws IOException {
        near.setOption(StandardSocketOptions.TCP_NODELAY, true);
        synchronized (this) {
            SocketChannel far = refuses ? null : connect();
            if (far == null) {
                near.close();
                return;
            }
            var session = new Session(near, far);
            sessions.add(session);
            start("up", session::up);
            start("down", session::down);
        }
    }

    /// Null if the daemon has ended.
    private @Nullable SocketChannel connect() {
        try {
            return SocketChannel.open(daemon);
        } catch (IOException e) {
            return null;
        }
    }

    /// A connection of the program, and the one to the daemon.
    private final class Session {
        private final SocketChannel near;
        private final SocketChannel far;

        Session(SocketChannel near, SocketChannel far) {
            this.near = near;
            this.far = far;
        }

        void up() {
            try {
                while (true) {
                    ByteBuffer message = read(near);
                    if (is(message, CALL)) {
                        call(this, message);
                    } else {
                        write(far, message);
                    }
                }
            } catch (IOException e) {
                end();
            }
        }

        void down() {
            try {
                while (true) {
                    ByteBuffer message = read(far);
                    if (is(message, EVENT)) {
                        event(this, message);
                    } else {
                        write(near, message);
                    }
                }
            } catch (IOException e) {
                end();
            }
        }

        /// Either side hears of the other's end. The channels are closed before the lock is acquired, as a write
        /// to a program that does not read holds it.
        void end() {
            close(near);
            close(far);
            synchronized (FaultyProxy.this) {
                sessions.remove(this);
                hanging.removeIf(message -> message.session.equals(this));
                held.removeIf(message -> message.session.equals(this));
            }
        }

        private static void close(SocketChannel channel) {
            try {
                channel.close();
            } catch (IOException e) {
                // It is closed all the same.
            }
        }

        /// To the program or the daemon. An end is noticed by who reads.
        void send(SocketChannel to, ByteBuffer message) {
            try {
                write(to, message);
            } catch (IOException e) {
                end();
            }
        }
    }

    private static ByteBuffer read(SocketChannel from) throws IOException {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        fill(from, length);
        int all = length.getInt(0);
        if (all < BODY || all > MOST) {
            throw new IOException("A message of " + all + " bytes");
        }
        ByteBuffer message = ByteBuffer.allocate(all).putInt(all);
        fill(from, message);
        return message.clear();
    }

    private static void fill(SocketChannel from, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (from.read(buffer) < 0) {
                throw new EOFException();
            }
        }
    }

    private static void write(SocketChannel to, ByteBuffer message) throws IOException {
        ByteBuffer rest = message.duplicate();
        synchronized (to) {
            while (rest.hasRemaining()) {
                to.write(rest);
            }
        }
    }

    private static boolean is(ByteBuffer message, int type) {
        return message.getInt(PROGRAM) == REMOTE && message.getInt(TYPE) == type;
    }

    private void call(Session session, ByteBuffer message) {
        ByteBuffer refusal = null;
        synchronized (this) {
            if (!sessions.contains(session)) {
                return;
            }
            callsToHang--;
            callsToFailure--;
            if (callsToHang == 0) {
                hanging.add(new Message(session, message));
                notifyAll();
                return;
            }
            if (callsToFailure == 0) {
                refusal = refusal(message, failure);
            }
        }
        if (refusal != null) {
            session.send(session.near, refusal);
        } else {
            session.send(session.far, message);
        }
    }

    /// The reply to a call with an error, a `virNetMessageError` in XDR: all strings and objects can be
    /// absent.
    private static ByteBuffer refusal(ByteBuffer call, Failure failure) {
        byte[] text = failure.message.getBytes(StandardCharsets.UTF_8);
        int padded = (text.length + 3) / 4 * 4;
        int size = BODY + 12 * Integer.BYTES + padded;
        ByteBuffer reply = ByteBuffer.allocate(size);
        reply.putInt(size)
                .putInt(call.getInt(PROGRAM))
                .putInt(call.getInt(VERSION))
                .putInt(call.getInt(PROCEDURE))
                .putInt(REPLY)
                .putInt(call.getInt(SERIAL))
                .putInt(ERROR);
        reply.putInt(failure.code.value()).putInt(ErrorDomain.TEST.value());
        reply.putInt(1).putInt(text.length).put(text).position(reply.position() + padded - text.length);
        reply.putInt(ErrorLevel.ERROR.value());
        // No domain, three strings, two numbers, no network.
        return reply.clear();
    }

    private void event(Session session, ByteBuffer message) {
        synchronized (this) {
            if (!sessions.contains(session)) {
                return;
            }
            Events now = events;
            eventsMet++;
            if (now == Events.HOLD) {
                held.add(new Message(session, message));
            }
            if (now == Events.REPEAT || now == Events.PASS) {
                // With the lock: those that were held come before it.
                session.send(session.near, message);
            }
            if (now == Events.REPEAT) {
                session.send(session.near, message);
            }
            notifyAll();
        }
    }

    synchronized void events(Events fault) {
        if (fault == Events.DROP) {
            held.clear();
        } else if (fault == Events.REPEAT) {
            pass(false);
        }
        events = fault;
        eventsMet = 0;
    }

    synchronized void pass(boolean reversed) {
        events = Events.PASS;
        if (reversed) {
            Collections.reverse(held);
        }
        List<Message> all = List.copyOf(held);
        held.clear();
        all.forEach(message -> message.session.send(message.session.near, message.bytes));
    }

    synchronized boolean awaitEvents(int count, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(limit);
        while (eventsMet < count) {
            if (!await(deadline)) {
                return false;
            }
        }
        return true;
    }

    private boolean await(long deadline) throws InterruptedException {
        long left = deadline - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return left > 0;
    }

    synchronized void failCall(int n, ErrorNumber code, String message) {
        callsToFailure = check(n);
        failure = new Failure(Objects.requireNonNull(code, "code"), Objects.requireNonNull(message, "message"));
    }

    synchronized void hangCall(int n) {
        callsToHang = check(n);
    }

    private static int check(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("Call number " + n + " has been made; 1 is the next");
        }
        return n;
    }

    synchronized boolean awaitHang(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(limit);
        while (hanging.isEmpty()) {
            if (!await(deadline)) {
                return false;
            }
        }
        return true;
    }

    synchronized void resumeCalls() {
        List<Message> all = List.copyOf(hanging);
        hanging.clear();
        all.forEach(message -> message.session.send(message.session.far, message.bytes));
    }

    synchronized void refuse(boolean all) {
        refuses = all;
    }

    void disconnect() {
        sessions.forEach(Session::end);
    }

    /// Disconnects twice: first to end a write that holds the lock, then what began meanwhile.
    @Override
    public void close() throws IOException {
        server.close();
        disconnect();
        refuse(true);
        disconnect();
    }
}
