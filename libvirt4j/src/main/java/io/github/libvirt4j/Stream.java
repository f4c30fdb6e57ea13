package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamFree;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamRecv;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamRecvAll;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamRecvFlags;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamRecvHole;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamSend;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamSendAll;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamSendHole;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamSparseRecvAll;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamSparseSendAll;

import io.github.libvirt4j.error.CallAbandonedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.UnfinishedStreamException;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.internal.c.StackProbe;
import io.github.libvirt4j.internal.call.HandlerScope;
import io.github.libvirt4j.internal.callback.CallScope;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.internal.stream.StreamCallbacks;
import io.github.libvirt4j.internal.stream.StreamCallbacks.Drain;
import io.github.libvirt4j.internal.stream.StreamCallbacks.Feed;
import io.github.libvirt4j.internal.stream.StreamEnd;
import io.github.libvirt4j.stream.Sink;
import io.github.libvirt4j.stream.Source;
import io.github.libvirt4j.stream.SparseSink;
import io.github.libvirt4j.stream.SparseSource;
import io.github.libvirt4j.stream.StreamHandler;
import io.github.libvirt4j.stream.StreamRegistration;
import io.github.libvirt4j.stream.ThrowingSink;
import io.github.libvirt4j.stream.ThrowingSource;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.StreamEventType;
import io.github.libvirt4j.types.StreamRecvFlags;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;

/// Data that goes to or comes from the other side of a connection: the content of a volume, a guest's
/// console, a screenshot. C: `virStreamPtr`. Safe for use by any thread.
///
/// [Connect#newStream] makes one. It is given to what is to go over it, such as [DomainConsole#open] or
/// [StorageVol#download], once. Then data is sent and received: all of it with a lambda, by [#sendAll] and
/// [#receiveAll]; piece by piece, by [#send] and [#receive]; or by what Java has, [#channel],
/// [#inputStream], [#outputStream]. At the end [#finish] makes sure that all arrived, and [#close] releases
/// it.
///
/// ```java
/// try (Stream stream = connect.newStream()) {
///     volume.download(stream, 0, 0);
///     stream.receiveAll(file::write);
///     stream.finish();
/// }
/// ```
///
/// ## The end of a stream
///
/// [#finish] is the one proof that data arrived. Closing a stream that was not finished aborts it, and if
/// data was sent over it, the close throws an [UnfinishedStreamException]: the other side may have the data
/// in part only. This is so of the stream itself, blocking or not, and of its [channel][#channel], its [input
/// stream][#inputStream] and its [output stream][#outputStream], where that exception is the cause of an
/// `IOException`. The first close throws and releases the stream all the same; closing it again does nothing.
/// In a `try` with resources the exception of the block comes first, and that of the close is suppressed in
/// it.
///
/// The close does not throw
/// - after [#finish], also if that failed: its exception says so;
/// - after [#abort];
/// - after sending has failed, or was not waited for to its end ([CallAbandonedException]), which an
///   exception has said;
/// - if nothing was sent;
/// - if the stream is a console or a channel of a guest, a conversation without an end that could be waited
///   for.
///
/// A connection that is closed aborts its streams. A stream that loses data by that says so in the log, and
/// when it is closed afterwards, the close throws. A stream that was forgotten says so in the log.
///
/// Methods throw [LibvirtException] if libvirt refuses or the transfer fails, and [IllegalStateException]
/// after the stream was finished, aborted or closed. A call that waits for data comes back with one of the
/// two when the stream is ended on another thread; on a driver inside the process
/// (`test:///`, `qemu:///embed`) it does not, and the stream is aborted when the call is done.
public final class Stream extends Handle {
    /// The result of [#receive] at a hole, with the flag to stop there.
    public static final int HOLE = -3;

    /// The most bytes that libvirt sends in one message; a larger piece is sent in several.
    static final int LARGEST_PIECE = 262_120;

    private static final int WOULD_BLOCK = -2;

    private final Connect connect;
    private final boolean blocking;
    private final StreamEnd end;

    /// Null unless data is waited for before C is asked for it.
    private volatile @Nullable Conversation conversation;

    /// For one that nothing was made of.
    static final NativeObject.Release FREE = stream -> virStreamFree(stream);

    Stream(Connect connect, boolean blocking) {
        this(connect, blocking, new StreamEnd(connect.object, connect.closeWatch(), connect.isRemote()));
    }

    private Stream(Connect connect, boolean blocking, StreamEnd end) {
        super(connect.object, end, connect.timedCalls);
        this.connect = connect;
        this.blocking = blocking;
        this.end = end;
    }

    /// The connection it belongs to.
    public Connect connect() {
        return connect;
    }

    @Override
    Connection connection() {
        return connect;
    }

    /// Whether it waits until there is data, or room for data; not so with
    /// [StreamFlags.NONBLOCK][io.github.libvirt4j.types.StreamFlags#NONBLOCK].
    public boolean isBlocking() {
        return blocking;
    }

    /// Lets something go over it: calls what takes a stream in C.
    ///
    /// @param from which connection that is of
    <T> T attach(Connection from, Made<T> call) {
        return attach(from, false, call);
    }

    /// Attaches the stream to something interactive: the other side may fall silent, waiting for an answer.
    <T> T attachConversation(Connection from, Made<T> call) {
        return attach(from, true, call);
    }

    private <T> T attach(Connection from, boolean conversation, Made<T> call) {
        if (from != connect) {
            throw new IllegalArgumentException(this + " is of another connection than " + from);
        }
        return timed("Giving a stream away", () -> {
            MemorySegment pointer = enter();
            try {
                end.beginAttaching(conversation);
                T made;
                boolean attached = false;
                try {
                    made = call.of(pointer);
                    if (conversation && blocking && connect.isRemote()) {
                        this.conversation = new Conversation(this, end);
                    }
                    attached = true;
                } finally {
                    end.endAttaching(attached);
                }
                if (this.conversation != null) {
                    end.awaitEndOfConnection();
                }
                return made;
            } finally {
                object.leave();
            }
        });
    }

    /// Uses it while data flows.
    int use(String function, IntCall call) {
        return flow(function, null, () -> whileOpen(call));
    }

    /// Lets data flow. If that is not waited for to its end, nothing more can go over the stream.
    private <T extends @Nullable Object> T flow(
            String function, @Nullable LongSupplier waitingSince, Supplier<T> call) {
        try {
            return timed(function, waitingSince, call);
        } catch (CallAbandonedException e) {
            if (e.isBegun()) {
                end.abandoned();
            }
            throw e;
        }
    }

    /// Calls what needs the stream to be open. It is not ended meanwhile, or the call comes back.
    int whileOpen(IntCall call) {
        MemorySegment pointer = enter();
        try {
            end.begin();
            try {
                return call.on(pointer);
            } finally {
                end.end();
            }
        } finally {
            object.leave();
        }
    }

    /// Sends some of what is in `data`, from its position on, and moves that on.
    ///
    /// @c {@index virStreamSend} libvirt 0.7.2
    /// @param data fastest if it is a direct buffer; the memory of a mapped file is copied. Where another
    ///     library than Java's mapped it, the file must not be cut off: that would end the VM
    /// @return how many bytes were taken: at least one if there are any; a stream that does not block takes
    ///     none, 0, when it has no room. They may be under way still: [#finish] knows
    /// @throws CallAbandonedException if the connection has a time limit, and this was not waited for to its
    ///     end. Whether it was sent is not known then, and the stream can only be aborted or closed
    public int send(ByteBuffer data) {
        int length = Math.min(data.remaining(), LARGEST_PIECE);
        if (length == 0) {
            return whileOpen(_ -> 0);
        }
        try (Arena arena = arena()) {
            MemorySegment piece = MemorySegment.ofBuffer(data).asSlice(0, length);
            MemorySegment bytes =
                    isOurs(data) ? piece : CMemory.room(arena, length).copyFrom(piece);
            int sent = send("virStreamSend", length, p -> virStreamSend(p, bytes, length));
            int count = sent == WOULD_BLOCK ? 0 : sent;
            data.position(data.position() + count);
            return count;
        }
    }

    /// Sends data, and keeps in mind that nobody knows yet whether it arrives.
    ///
    /// @param most how many bytes C can have taken
    private int send(String function, int most, IntCall call) {
        return use(function, p -> {
            int result = call.on(p);
            if (result == WOULD_BLOCK) {
                return sentOrReceived(result, most, function);
            }
            if (result < 0) {
                LibvirtException failed = failed(function);
                end.refusedData();
                throw failed;
            }
            end.sent();
            return sentOrReceived(result, most, function);
        });
    }

    /// Whether C can be given a buffer's memory itself: until the call returns, which its caller waits for.
    /// Not so the memory of a mapped file, which can be cut off: a fault in C ends the VM, in Java it is an
    /// `InternalError`.
    private boolean isOurs(ByteBuffer buffer) {
        return buffer.isDirect()
                && timedCalls == null
                && !MemorySegment.ofBuffer(buffer).isMapped();
    }

    private int sentOrReceived(int result, int most, String function) {
        // libvirt goes on to say that nothing has come yet when nothing will come any more.
        if (result == WOULD_BLOCK && connect.isRemote() && connect.isBroken()) {
            throw failed(function);
        }
        return result == WOULD_BLOCK || result == HOLE
                ? result
                : CMemory.count(function, check(result, function), most);
    }

    /// Receives some data into `into`, from its position on, and moves that on. With a flag it calls
    /// `virStreamRecvFlags`, without one `virStreamRecv`.
    ///
    /// @c {@index virStreamRecv} libvirt 0.7.2
    /// @c {@index virStreamRecvFlags} libvirt 3.4.0
    /// @param into fastest if it is a direct buffer
    /// @param flags [StreamRecvFlags#STOP_AT_HOLE]: not to make zeroes of holes. Only of a stream of
    ///     something sparse, and not on every driver
    /// @return how many bytes came: −1 at the end; 0 if `into` has no room, and with a stream that does not
    ///     block if there is no data now; [#HOLE] before a hole, if asked to stop there, which
    ///     [#receiveHole] is to take
    /// @throws CallAbandonedException if the connection has a time limit, and this was not waited for to its
    ///     end. What it received is lost then, and the stream can only be aborted or closed. Not so of a
    ///     console or a channel from which nothing had come: there it was not begun
    ///     ([CallAbandonedException#isBegun]), and what comes later is there for the next
    public int receive(ByteBuffer into, StreamRecvFlags... flags) {
        if (into.isReadOnly()) {
            throw new IllegalArgumentException("The buffer is read-only");
        }
        int bits = Flag.combine(flags);
        int length = Math.min(into.remaining(), LARGEST_PIECE);
        if (length == 0) {
            return whileOpen(_ -> 0);
        }
        try (Arena arena = arena()) {
            MemorySegment room = MemorySegment.ofBuffer(into).asSlice(0, length);
            MemorySegment bytes = isOurs(into) ? room : CMemory.room(arena, length);
            int received = receive(p -> bits == 0
                    ? sentOrReceived(virStreamRecv(p, bytes, length), length, "virStreamRecv")
                    : sentOrReceived(virStreamRecvFlags(p, bytes, length, bits), length, "virStreamRecvFlags"));
            if (received > 0) {
                if (!isOurs(into)) {
                    MemorySegment.copy(bytes, 0, room, 0, received);
                }
                into.position(into.position() + received);
            }
            return switch (received) {
                case 0 -> {
                    end.watch().drained();
                    yield -1;
                }
                case WOULD_BLOCK -> 0;
                default -> received;
            };
        }
    }

    private int receive(IntCall call) {
        Conversation waiting = conversation;
        // On the loop nothing can come while C begins to wait.
        return waiting == null || ProcessLoop.isCurrentThread() ? use("virStreamRecv", call) : waiting.receive(call);
    }

    /// Sends a hole: what reads as zeroes and takes no room. Only to something sparse.
    ///
    /// @c {@index virStreamSendHole} libvirt 3.4.0
    /// @param length in bytes
    public void sendHole(long length) {
        if (length <= 0) {
            throw new IllegalArgumentException("A hole of " + length + " bytes");
        }
        send("virStreamSendHole", 0, p -> virStreamSendHole(p, length, 0));
    }

    /// Takes the hole at which [#receive] stopped.
    ///
    /// @c {@index virStreamRecvHole} libvirt 3.4.0
    /// @return its length in bytes; 0 if there is none
    public long receiveHole() {
        try (Arena arena = arena()) {
            MemorySegment length = arena.allocate(ValueLayout.JAVA_LONG);
            use("virStreamRecvHole", p -> check(virStreamRecvHole(p, length, 0), "virStreamRecvHole"));
            return length.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /// Sends all that a source has. [#finish] is still to be called, to know that it arrived.
    ///
    /// A source that throws aborts the stream, and what it threw comes out of this, the same object, with
    /// libvirt's error as suppressed. It is not to finish, abort or close the stream itself.
    ///
    /// @c {@index virStreamSendAll} libvirt 0.7.2
    /// @param source is asked on this thread, or with a [call timeout][Opening#callTimeout] on one of
    ///     the library's, again and again, until it returns −1
    /// @param <X> the checked exceptions of the source
    /// @throws X what the source threw
    /// @throws IllegalStateException also if the source makes no progress, or the stream does not block
    public <X extends Exception> void sendAll(Source<X> source) throws X {
        Conversation waiting = conversation;
        if (waiting != null) {
            refuseWithin("sendAll");
            waiting.sendAll(Objects.requireNonNull(source, "source"));
            return;
        }
        this.<Feed, X>all(
                "virStreamSendAll",
                new Feed(Objects.requireNonNull(source, "source"), object),
                (p, opaque) -> sentAll(virStreamSendAll(p, StreamCallbacks.SOURCE.pointer(0), opaque)));
    }

    /// Sends all that a source has, for languages without checked exceptions. As [#sendAll(Source)] in all
    /// else.
    ///
    /// @throws Exception what the source threw, the same object
    @SuppressWarnings("overloads") // Source is a ThrowingSource, and therefore always the more specific.
    public void sendAll(ThrowingSource source) throws Exception {
        Source<Exception> known = source::read;
        sendAll(known);
    }

    /// Sends all data and holes that a source has. Only to something sparse. As [#sendAll] in all else.
    ///
    /// @c {@index virStreamSparseSendAll} libvirt 3.4.0
    /// @throws X what the source threw
    public <X extends Exception> void sparseSendAll(SparseSource<X> source) throws X {
        this.<Feed, X>all(
                "virStreamSparseSendAll",
                new Feed(Objects.requireNonNull(source, "source"), object),
                (p, opaque) -> sentAll(virStreamSparseSendAll(
                        p,
                        StreamCallbacks.SOURCE.pointer(0),
                        StreamCallbacks.SOURCE_HOLE.pointer(0),
                        StreamCallbacks.SOURCE_SKIP.pointer(0),
                        opaque)));
    }

    private int sentAll(int result) {
        if (result >= 0) {
            end.sent();
        }
        return result;
    }

    /// Receives all data there is, into a sink. [#finish] is still to be called.
    ///
    /// A sink that throws aborts the stream, and what it threw comes out of this, the same object, with
    /// libvirt's error as suppressed. It is not to finish, abort or close the stream itself.
    ///
    /// @c {@index virStreamRecvAll} libvirt 0.7.2
    /// @param sink is given the data on this thread, or with a [call timeout][Opening#callTimeout] on
    ///     one of the library's
    /// @param <X> the checked exceptions of the sink
    /// @throws X what the sink threw
    /// @throws IllegalStateException also if the sink makes no progress, or the stream does not block
    public <X extends Exception> void receiveAll(Sink<X> sink) throws X {
        Conversation waiting = conversation;
        if (waiting != null) {
            refuseWithin("receiveAll");
            waiting.receiveAll(Objects.requireNonNull(sink, "sink"));
            return;
        }
        this.<Drain, X>all(
                "virStreamRecvAll",
                new Drain(Objects.requireNonNull(sink, "sink"), object),
                (p, opaque) -> virStreamRecvAll(p, StreamCallbacks.SINK.pointer(0), opaque));
    }

    /// Receives all data there is, for languages without checked exceptions. As [#receiveAll(Sink)] in all
    /// else.
    ///
    /// @throws Exception what the sink threw, the same object
    @SuppressWarnings("overloads") // Sink is a ThrowingSink, and therefore always the more specific.
    public void receiveAll(ThrowingSink sink) throws Exception {
        Sink<Exception> known = sink::write;
        receiveAll(known);
    }

    /// Receives all data and holes there are, into a sink. Only of something sparse. As [#receiveAll] in all
    /// else.
    ///
    /// @c {@index virStreamSparseRecvAll} libvirt 3.4.0
    /// @throws X what the sink threw
    public <X extends Exception> void sparseReceiveAll(SparseSink<X> sink) throws X {
        this.<Drain, X>all(
                "virStreamSparseRecvAll",
                new Drain(Objects.requireNonNull(sink, "sink"), object),
                (p, opaque) -> virStreamSparseRecvAll(
                        p, StreamCallbacks.SINK.pointer(0), StreamCallbacks.SINK_HOLE.pointer(0), opaque));
    }

    private <C, X extends Exception> void all(
            String function, C closure, ToIntBiFunction<MemorySegment, MemorySegment> call) throws X {
        mustBlock(function);
        refuseWithin(function);
        if (conversation != null) {
            throw new IllegalStateException(function + " of a console or a channel, which has no holes");
        }
        try (CallScope<C> scope = CallScope.lend(closure)) {
            LibvirtException error = flow(function, scope::waitingSince, () -> {
                AtomicReference<@Nullable LibvirtException> failed = new AtomicReference<>();
                whileOpen(p -> {
                    if (call.applyAsInt(p, scope.opaque()) < 0) {
                        failed.set(failed(function));
                        // libvirt has aborted it.
                        end.failed();
                    }
                    return 0;
                });
                return failed.get();
            });
            scope.<X>check(error);
            if (error != null) {
                throw error;
            }
        }
    }

    private void mustBlock(String what) {
        if (!blocking) {
            throw new IllegalStateException(
                    what + " waits, and the stream does not block; make one without StreamFlags.NONBLOCK");
        }
    }

    /// Within its own source or sink libvirt is in the middle of using it.
    private void refuseWithin(String what) {
        if (HandlerScope.isInside(object)) {
            throw new IllegalStateException(
                    what + " within a source or sink of the stream; throw an exception to end the transfer");
        }
    }

    /// Calls a lambda whenever the stream is ready: when there is data, or room for data.
    ///
    /// ```java
    /// stream.on(EnumSet.of(READABLE), (self, events) -> {
    ///     if (self.stream().receive(buffer.clear()) < 0) {
    ///         self.stream().finish();
    ///     }
    /// });
    /// ```
    ///
    /// Only of a stream that does not block. That it is ready is a state and no event: while the handler is
    /// at work it is not called, and if the stream is still ready when it returns, it is called again. What
    /// is only an error or a hangup is told once, and the last that is told; that the connection broke off
    /// is a hangup. After [#receive] has returned −1, the stream is not
    /// readable any more.
    ///
    /// A stream with a handler is not closed by the garbage collector.
    ///
    /// @c {@index virStreamEventAddCallback} libvirt 0.7.2
    /// @param when what to wait for; [StreamRegistration#update] changes it
    /// @param handler runs on a thread of the library's
    public StreamRegistration on(Set<StreamEventType> when, StreamHandler handler) {
        if (blocking) {
            throw new IllegalStateException("The stream blocks; make one with StreamFlags.NONBLOCK to wait for it");
        }
        if (when.isEmpty()) {
            throw new IllegalArgumentException("Nothing to wait for; name at least one event");
        }
        var registration = new StreamReadiness(this, end, Set.copyOf(when), Objects.requireNonNull(handler, "handler"));
        return timed("virStreamEventAddCallback", () -> {
            whileOpen(p -> end.await(p, registration, (function, result) -> check(result, function)));
            return registration;
        });
    }

    /// The stream as a channel. Closing that closes the stream: call [#finish] first, see [Stream] for what
    /// happens otherwise.
    ///
    /// Failures are `IOException`s there, with libvirt's exception as cause. Of a stream that does
    /// not block, reading and writing return 0 where they would have to wait.
    public ByteChannel channel() {
        return new StreamChannel(this);
    }

    /// Returns the received data as an input stream, unbuffered. Closing that closes the stream; see
    /// [#channel].
    ///
    /// @throws IllegalStateException if the stream does not block
    public InputStream inputStream() {
        mustBlock("An input stream");
        return Channels.newInputStream(channel());
    }

    /// Returns an output stream whose data is sent, unbuffered. Closing that closes the stream; see
    /// [#channel]. Call [#finish] first, and flush before that what buffers in between:
    ///
    /// ```java
    /// try (Stream stream = connect.newStream();
    ///         OutputStream out = stream.outputStream()) {
    ///     volume.upload(stream, 0, 0);
    ///     out.write(content);
    ///     stream.finish();
    /// }
    /// ```
    ///
    /// @throws IllegalStateException if the stream does not block
    public OutputStream outputStream() {
        mustBlock("An output stream");
        return Channels.newOutputStream(channel());
    }

    /// Makes sure that all that was sent has arrived, and all that was to be received was there. Nothing goes
    /// over the stream afterwards; see [Stream] for a stream that is closed without this.
    ///
    /// Handlers of [#on] are not called any more. Waits for the event loop to turn if there were any, and
    /// cannot be called on it.
    ///
    /// @c {@index virStreamFinish} libvirt 0.7.2
    public void finish() {
        end("virStreamFinish", (p, check) -> end.finish(p, check));
    }

    /// Ends it before its time: what was sent may have arrived or not. Does nothing if it was finished, or
    /// aborted before.
    ///
    /// Handlers of [#on] are not called any more. Waits for the event loop to turn if there were any, and
    /// cannot be called on it.
    ///
    /// @c {@index virStreamAbort} libvirt 0.7.2
    public void abort() {
        end("virStreamAbort", (p, check) -> end.abort(p, check));
    }

    private void end(String function, BiConsumer<MemorySegment, IntConsumer> how) {
        refuseWithin(function);
        // What is begun is to be done: a stack that has no room for it overflows here.
        StackProbe.always();
        timed(function, () -> {
            MemorySegment pointer = enter();
            try {
                how.accept(pointer, result -> check(result, function));
            } finally {
                object.leave();
            }
            return null;
        });
    }

    /// Releases it, after aborting it if it was not finished. Closing again does nothing.
    ///
    /// @c {@index virStreamFree} libvirt 0.7.2
    /// @throws UnfinishedStreamException if data was sent and [#finish] not called; see [Stream]. It is
    ///     closed all the same
    @Override
    public void close() {
        refuseWithin("close");
        // What is begun is to be done: a stack that has no room for it overflows here.
        StackProbe.always();
        boolean first = end.beginClosing();
        if (ProcessLoop.isCurrentThread()) {
            // It waits for a turn of this.
            Workers.execute(object::closeNow);
        } else {
            endTimed("Closing a stream", object::closeNow);
        }
        super.close();
        if (first && end.isUnfinished()) {
            throw new UnfinishedStreamException(this + " of " + connect
                    + " was closed before it was finished: what was sent may not have arrived. "
                    + "Call finish() before closing it, or abort() to give the transfer up");
        }
    }

    @Override
    public String toString() {
        return "stream " + object;
    }
}
