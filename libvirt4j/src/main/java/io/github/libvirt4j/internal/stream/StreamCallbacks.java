package io.github.libvirt4j.internal.stream;

import io.github.libvirt4j.error.ProtocolViolationException;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.call.HandlerScope;
import io.github.libvirt4j.internal.call.TimedCalls;
import io.github.libvirt4j.internal.callback.CallScope;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes;
import io.github.libvirt4j.stream.Sink;
import io.github.libvirt4j.stream.Source;
import io.github.libvirt4j.stream.SparseSink;
import io.github.libvirt4j.stream.SparseSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.util.List;

/// The C side of a stream's callbacks.
///
/// The closures of one call share an opaque, so each is behind an object that knows all of them: a [Feed]
/// when data is sent, a [Drain] when it is received. C gets −1 where one throws, and aborts the stream: 0
/// would be the end of the data to one side, and "again" to the other.
public final class StreamCallbacks {
    /// `virStreamSourceFunc`.
    public static final Upcall SOURCE = upcall("virStreamSourceFunc", "source");

    /// `virStreamSourceHoleFunc`.
    public static final Upcall SOURCE_HOLE = upcall("virStreamSourceHoleFunc", "sourceHole");

    /// `virStreamSourceSkipFunc`.
    public static final Upcall SOURCE_SKIP = upcall("virStreamSourceSkipFunc", "sourceSkip");

    /// `virStreamSinkFunc`.
    public static final Upcall SINK = upcall("virStreamSinkFunc", "sink");

    /// `virStreamSinkHoleFunc`.
    public static final Upcall SINK_HOLE = upcall("virStreamSinkHoleFunc", "sinkHole");

    static final Upcall EVENT = Upcall.of(
            "virStreamEventCallback", CallbackTypes.virStreamEventCallback(), MethodHandles.lookup(), "event", null);

    /// More than that no buffer can have. C takes an int for an answer, and is content with less than it
    /// offered.
    private static final int LARGEST_BUFFER = Integer.MAX_VALUE - 8;

    private StreamCallbacks() {}

    private static Upcall upcall(String type, String target) {
        return Upcall.of(type, CallbackTypes.of(type), MethodHandles.lookup(), target, -1);
    }

    /// All of them.
    public static List<Upcall> upcalls() {
        return List.of(SOURCE, SOURCE_HOLE, SOURCE_SKIP, SINK, SINK_HOLE, EVENT);
    }

    /// A source, while C asks it. Belongs to the thread of the call.
    public static final class Feed {
        private final Source<?> source;
        private final Object owner;
        private boolean ended;

        /// The number of bytes left in the section of data that the source has announced.
        private long announced;

        /// @param owner of whom this is a handler, as [HandlerScope] knows it
        public Feed(Source<?> source, Object owner) {
            this.source = source;
            this.owner = owner;
        }

        /// Has the source put something into memory.
        ///
        /// @param <X> what it throws
        /// @return how many bytes; 0 at the end
        public <X extends Exception> int fill(MemorySegment data, long size) throws X {
            // C asks for nothing where a sparse source said that it was at the end.
            if (size == 0) {
                return 0;
            }
            int count = ended ? 0 : this.<X>read(data, size);
            if (count == 0 && !ended) {
                throw new IllegalStateException(
                        source + " put nothing into the buffer, and did not return -1 as at the end");
            }
            announced = Math.max(0, announced - count);
            if (ended && announced > 0) {
                throw new IllegalStateException(
                        source + " ended " + announced + " bytes before the section of data did that it announced");
            }
            return count;
        }

        @SuppressWarnings("unchecked") // The caller knows whose it is.
        private <X extends Exception> int read(MemorySegment data, long size) throws X {
            try (HandlerScope _ = HandlerScope.of(owner);
                    TimedCalls.Outside _ = TimedCalls.outside();
                    Arena arena = Arena.ofConfined()) {
                ByteBuffer buffer = buffer("virStreamSourceFunc", data, size, arena);
                ended = ((Source<X>) source).read(buffer) < 0;
                return buffer.position();
            }
        }

        private SparseSource<?> sparse() {
            return (SparseSource<?>) source;
        }

        private int section(MemorySegment inData, MemorySegment length) throws Exception {
            SparseSource.Section section;
            try (HandlerScope _ = HandlerScope.of(owner);
                    TimedCalls.Outside _ = TimedCalls.outside()) {
                section = sparse().section();
            }
            announced = section.isData() ? section.length() : 0;
            CMemory.view(inData, Integer.BYTES).set(ValueLayout.JAVA_INT, 0, section.isData() ? 1 : 0);
            CMemory.view(length, Long.BYTES).set(ValueLayout.JAVA_LONG, 0, section.length());
            return 0;
        }

        private int skip(long length) throws Exception {
            try (HandlerScope _ = HandlerScope.of(owner);
                    TimedCalls.Outside _ = TimedCalls.outside()) {
                sparse().skip(length);
                return 0;
            }
        }
    }

    /// A sink, while C feeds it. Belongs to the thread of the call.
    public static final class Drain {
        private final Sink<?> sink;
        private final Object owner;

        /// How many bytes, of data and holes.
        private long received;

        /// @param owner of whom this is a handler, as [HandlerScope] knows it
        public Drain(Sink<?> sink, Object owner) {
            this.sink = sink;
            this.owner = owner;
        }

        private int empty(MemorySegment data, long size) throws Exception {
            int count = StreamCallbacks.empty(data, size, sink, owner);
            received += count;
            return count;
        }

        private int hole(long length) throws Exception {
            long behind = received + length;
            if (length < 0 || behind < 0) {
                throw new ProtocolViolationException(
                        "virStreamSinkHoleFunc", "a hole of " + length + " bytes behind " + received);
            }
            received = behind;
            try (HandlerScope _ = HandlerScope.of(owner);
                    TimedCalls.Outside _ = TimedCalls.outside()) {
                ((SparseSink<?>) sink).hole(length);
                return 0;
            }
        }
    }

    /// Has a sink take all of a piece of data.
    ///
    /// @param owner of whom this is a handler, as [HandlerScope] knows it
    /// @return its size
    public static <X extends Exception> int empty(MemorySegment data, long size, Sink<X> sink, Object owner) throws X {
        try (HandlerScope _ = HandlerScope.of(owner);
                TimedCalls.Outside _ = TimedCalls.outside();
                Arena arena = Arena.ofConfined()) {
            ByteBuffer buffer = buffer("virStreamSinkFunc", data, size, arena).asReadOnlyBuffer();
            while (buffer.hasRemaining()) {
                int before = buffer.position();
                sink.write(buffer);
                // A sink may have narrowed it for itself; what is behind that remains all the same.
                buffer.limit(buffer.capacity());
                if (buffer.position() <= before) {
                    throw new IllegalStateException(
                            sink + " took nothing out of a buffer with " + buffer.remaining() + " bytes");
                }
            }
            return buffer.capacity();
        }
    }

    /// C's memory as a buffer that dies with `arena`.
    private static ByteBuffer buffer(String type, MemorySegment data, long size, Arena arena) {
        long room = Long.compareUnsigned(size, LARGEST_BUFFER) > 0 ? LARGEST_BUFFER : size;
        return CMemory.view(CMemory.array(type, data, room, 1), room, arena).asByteBuffer();
    }

    @SuppressWarnings("unused")
    private static int source(long stream, long data, long size, long opaque) {
        return CallScope.enter(opaque, Feed.class, feed -> feed.fill(MemorySegment.ofAddress(data), size));
    }

    @SuppressWarnings("unused")
    private static int sourceHole(long stream, long inData, long length, long opaque) {
        return CallScope.enter(
                opaque,
                Feed.class,
                feed -> feed.section(MemorySegment.ofAddress(inData), MemorySegment.ofAddress(length)));
    }

    @SuppressWarnings("unused")
    private static int sourceSkip(long stream, long length, long opaque) {
        return CallScope.enter(opaque, Feed.class, feed -> feed.skip(length));
    }

    @SuppressWarnings("unused")
    private static int sink(long stream, long data, long size, long opaque) {
        return CallScope.enter(opaque, Drain.class, drain -> drain.empty(MemorySegment.ofAddress(data), size));
    }

    @SuppressWarnings("unused")
    private static int sinkHole(long stream, long length, long opaque) {
        return CallScope.enter(opaque, Drain.class, drain -> drain.hole(length));
    }

    @SuppressWarnings("unused")
    private static void event(long stream, int events, long opaque) {
        StreamWatch watch = Loans.borrow(opaque, StreamWatch.class);
        if (watch != null) {
            watch.ready(events);
        }
    }
}
