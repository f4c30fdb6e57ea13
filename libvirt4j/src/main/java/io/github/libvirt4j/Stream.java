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
import io.github.libvirt4j.internal.Observers;
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

/// A transfer of data to or from the other side of a connection: the content of a volume, a guest's console,
/// a screenshot. C: `virStreamPtr`. Safe for use by any thread.
///
/// [Connect#newStream] makes a stream. One call, such as [DomainConsole#open] or [StorageVol#download],
/// attaches it to its subject. The program then sends and receives: everything with a lambda, by [#sendAll]
/// and [#receiveAll]; piece by piece, by [#send] and [#receive]; or through Java's own types, [#channel],
/// [#inputStream], [#outputStream]. At the end [#finish] confirms that everything arrived, and [#close]
/// releases the stream.
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
/// Only [#finish] proves that data arrived. Closing an unfinished stream aborts it, and if data was sent, the
/// close throws an [UnfinishedStreamException]: the other side may have received only a part. This applies to
/// the stream, blocking or not, and to its [channel][#channel], its [input stream][#inputStream] and its
/// [output stream][#outputStream], where that exception is the cause of an `IOException`. The close that
/// throws has released the stream; closing again does nothing. In a `try` with resources the exception of the
/// block comes first, and that of the close is suppressed in it.
///
/// The close does not throw
/// - after [#finish], even if that failed, because its exception was thrown then;
/// - after [#abort];
/// - after a send that failed or was abandoned ([CallAbandonedException]), for the same reason;
/// - if nothing was sent;
/// - if the stream is a guest's console or channel, a conversation without an end to wait for.
///
/// Closing a connection aborts its streams. A stream that loses data by this logs a warning, and its own
/// close throws afterwards. A stream that was forgotten logs a warning as well.
///
/// Methods throw [LibvirtException] if libvirt refuses or the transfer fails, and [IllegalStateException]
/// after the stream was finished, aborted or closed. If another thread ends the stream, a call that blocks
/// for data throws one of the two. Drivers inside the process (`test:///`, `qemu:///embed`) are the
/// exception: there the call continues to block, and the stream is aborted when it returns.
public final class Stream extends Handle {
    /// The result of [#receive] before a hole, with [StreamRecvFlags#STOP_AT_HOLE].
    public static final int HOLE = -3;

    /// The most bytes that libvirt sends in one message; a larger piece is sent in several.
    static final int LARGEST_PIECE = 262_120;

    private static final int WOULD_BLOCK = -2;

    private final Connect connect;
    private final boolean blocking;
    final StreamEnd end;

    /// Null unless a receive has to wait before it calls C.
    private volatile @Nullable Conversation conversation;

    /// Frees a stream that no handle was made of.
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

    /// Whether sending and receiving block until there is room or data. True by default; false with
    /// [StreamFlags.NONBLOCK][io.github.libvirt4j.types.StreamFlags#NONBLOCK].
    public boolean isBlocking() {
        return blocking;
    }

    /// Attaches the stream to its subject.
    ///
    /// @param from the connection of the subject
    /// @param call calls the C function that takes the stream
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

    /// Calls a function that moves data.
    int use(String function, IntCall call) {
        return flow(function, null, () -> whileOpen(call));
    }

    /// Moves data. A call that is abandoned leaves the stream unusable: how much was moved is not known.
    private <T extends @Nullable Object> T flow(
            String function, @Nullable LongSupplier waitingSince, Supplier<T> call) {
        try {
            return timed(
                    function,
                    waitingSince,
                    Observers.isEmpty() ? call : () -> Observers.call(connect.toString(), function, call));
        } catch (CallAbandonedException e) {
            if (e.isBegun()) {
                end.abandoned();
            }
            throw e;
        }
    }

    /// Calls a function that needs the stream to be open. The stream is not ended during the call, except
    /// where that makes the call return.
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

    /// Sends bytes of `data`, from its position on, and advances the position by the number sent.
    ///
    /// @c {@index virStreamSend} libvirt 0.7.2
    /// @param data fastest if it is a direct buffer; the memory of a file mapped by Java is copied. A file
    ///     mapped by another library must not be truncated meanwhile: the fault would end the VM
    /// @return the number of bytes accepted: at least 1 if `data` has any; on a non-blocking stream 0 if it
    ///     has no room. Accepted bytes may not have arrived yet: [#finish] confirms that
    /// @throws CallAbandonedException if the [call timeout][Opening#callTimeout] expired during the call.
    ///     Whether the bytes were sent is not known then, and the stream can only be aborted or closed
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

    /// Sends data, and remembers that its arrival is not confirmed.
    ///
    /// @param most the number of bytes that C can have accepted
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

    /// Whether C can use a buffer's memory itself, until the call returns. The memory of a mapped file is
    /// excluded, as the file can be truncated: in C the fault ends the VM, in Java it is an `InternalError`.
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

    /// Receives bytes into `into`, from its position on, and advances the position by the number received.
    /// Without flags it calls `virStreamRecv`, with flags `virStreamRecvFlags`.
    ///
    /// @c {@index virStreamRecv} libvirt 0.7.2
    /// @c {@index virStreamRecvFlags} libvirt 3.4.0
    /// @param into fastest if it is a direct buffer
    /// @param flags default: a hole is received as zeroes. [StreamRecvFlags#STOP_AT_HOLE] stops before it;
    ///     only for a sparse stream, and not on every driver
    /// @return the number of bytes received; −1 at the end of the data; 0 if `into` has no room, or on a
    ///     non-blocking stream if there is no data now; [#HOLE] before a hole, with the flag:
    ///     [#receiveHole] has to take it
    /// @throws CallAbandonedException if the [call timeout][Opening#callTimeout] expired during the call. The
    ///     received bytes are lost then, and the stream can only be aborted or closed. Exception: a console
    ///     or a channel from which nothing had come. There the call was not begun
    ///     ([CallAbandonedException#isBegun]), and the next receive gets later data
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

    /// Sends a hole: a range that reads as zeroes and takes no space. Only for a sparse stream.
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

    /// Sends all data of a source. [#finish] then confirms that it arrived.
    ///
    /// A source that throws aborts the stream, and this method throws the same object, with libvirt's error
    /// suppressed in it. The source must not finish, abort or close the stream itself.
    ///
    /// @c {@index virStreamSendAll} libvirt 0.7.2
    /// @param source called repeatedly until it returns −1, on this thread, or with a
    ///     [call timeout][Opening#callTimeout] on one of the library's
    /// @param <X> the checked exceptions of the source
    /// @throws X if the source throws it
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

    /// Sends all data of a source, for languages without checked exceptions. Otherwise as
    /// [#sendAll(Source)].
    ///
    /// @throws Exception if the source throws it, the same object
    @SuppressWarnings("overloads") // Source is a ThrowingSource, and therefore always the more specific.
    public void sendAll(ThrowingSource source) throws Exception {
        Source<Exception> known = source::read;
        sendAll(known);
    }

    /// Sends all data and holes of a source. Only for a sparse stream. Otherwise as [#sendAll].
    ///
    /// @c {@index virStreamSparseSendAll} libvirt 3.4.0
    /// @throws X if the source throws it
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

    /// Receives all data, into a sink. [#finish] then confirms that all was there.
    ///
    /// A sink that throws aborts the stream, and this method throws the same object, with libvirt's error
    /// suppressed in it. The sink must not finish, abort or close the stream itself.
    ///
    /// @c {@index virStreamRecvAll} libvirt 0.7.2
    /// @param sink called with the data on this thread, or with a [call timeout][Opening#callTimeout] on one
    ///     of the library's
    /// @param <X> the checked exceptions of the sink
    /// @throws X if the sink throws it
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

    /// Receives all data, for languages without checked exceptions. Otherwise as [#receiveAll(Sink)].
    ///
    /// @throws Exception if the sink throws it, the same object
    @SuppressWarnings("overloads") // Sink is a ThrowingSink, and therefore always the more specific.
    public void receiveAll(ThrowingSink sink) throws Exception {
        Sink<Exception> known = sink::write;
        receiveAll(known);
    }

    /// Receives all data and holes, into a sink. Only for a sparse stream. Otherwise as [#receiveAll].
    ///
    /// @c {@index virStreamSparseRecvAll} libvirt 3.4.0
    /// @throws X if the sink throws it
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

    /// Refuses within the stream's own source or sink, where libvirt is in the middle of using the stream.
    private void refuseWithin(String what) {
        if (HandlerScope.isInside(object)) {
            throw new IllegalStateException(
                    what + " within a source or sink of the stream; throw an exception to end the transfer");
        }
    }

    /// Registers a handler for the readiness of a non-blocking stream: data to receive, or room to send.
    ///
    /// ```java
    /// stream.on(EnumSet.of(READABLE), (self, events) -> {
    ///     if (self.stream().receive(buffer.clear()) < 0) {
    ///         self.stream().finish();
    ///     }
    /// });
    /// ```
    ///
    /// Readiness is level-triggered, and masked while the handler runs: if the stream is still ready when the
    /// handler returns, it is called again. An error or a hangup alone is delivered once, and nothing is
    /// delivered after it; a connection that breaks off is a hangup. After [#receive] has returned −1, the
    /// stream is not readable any more.
    ///
    /// A stream with a handler is reachable, and not closed by the garbage collector.
    ///
    /// @c {@index virStreamEventAddCallback} libvirt 0.7.2
    /// @param when the events to wait for; [StreamRegistration#update] changes them
    /// @param handler runs on a thread of the library's, and may block
    /// @throws IllegalStateException also if the stream blocks
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

    /// Returns a channel that sends and receives. Closing the channel closes the stream: call [#finish]
    /// first, as [Stream] explains.
    ///
    /// The channel's methods throw `IOException`s, with libvirt's exception as cause. On a non-blocking
    /// stream reading and writing return 0 where they would block.
    public ByteChannel channel() {
        return new StreamChannel(this);
    }

    /// Returns an unbuffered input stream of the received data. Closing it closes the stream; see
    /// [#channel].
    ///
    /// @throws IllegalStateException if the stream does not block
    public InputStream inputStream() {
        mustBlock("An input stream");
        return Channels.newInputStream(channel());
    }

    /// Returns an unbuffered output stream that sends. Closing it closes the stream; see [#channel]. Flush
    /// buffers in between and call [#finish] first:
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

    /// Confirms that everything sent has arrived, and that everything to receive was there. The stream
    /// carries no data afterwards; [Stream] explains the closing of an unfinished one.
    ///
    /// Handlers of [#on] are not called any more. If there were any, this method waits for a turn of the
    /// event loop.
    ///
    /// @c {@index virStreamFinish} libvirt 0.7.2
    /// @throws IllegalStateException also on the event loop
    public void finish() {
        end("virStreamFinish", (p, check) -> end.finish(p, check));
    }

    /// Gives the transfer up. Data that was sent may have arrived or not. Idempotent, and without effect on a
    /// finished stream.
    ///
    /// Handlers of [#on] are not called any more. If there were any, this method waits for a turn of the
    /// event loop.
    ///
    /// @c {@index virStreamAbort} libvirt 0.7.2
    /// @throws IllegalStateException on the event loop
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

    /// Aborts the stream if it was not finished, and releases it. Closing again does nothing.
    ///
    /// @c {@index virStreamFree} libvirt 0.7.2
    /// @throws UnfinishedStreamException if data was sent and [#finish] not called, after the stream was
    ///     released; see [Stream]
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
