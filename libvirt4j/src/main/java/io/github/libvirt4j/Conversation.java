package io.github.libvirt4j;

import io.github.libvirt4j.error.CallAbandonedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.event.ReadyListener;
import io.github.libvirt4j.internal.stream.StreamCallbacks;
import io.github.libvirt4j.internal.stream.StreamCallbacks.Feed;
import io.github.libvirt4j.internal.stream.StreamEnd;
import io.github.libvirt4j.internal.stream.StreamWatch;
import io.github.libvirt4j.stream.Sink;
import io.github.libvirt4j.stream.Source;
import io.github.libvirt4j.types.StreamEventType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// A blocking stream to a console or a channel of a guest, by way of a daemon: the other side may fall
/// silent, waiting for an answer. Safe for use by any thread.
///
/// C's own wait for a daemon can miss data that comes at its beginning, between its look at what is there and
/// its claim on the connection, and goes on until more comes. A conversation therefore waits here, and calls
/// C when there is something to receive.
final class Conversation {
    private final Stream stream;
    private final StreamEnd end;

    /// One at a time receives: two would be told of the same piece.
    private final Lock receiving = new ReentrantLock();

    /// @param end of the stream
    Conversation(Stream stream, StreamEnd end) {
        this.stream = stream;
        this.end = end;
    }

    /// Waits until there is something to receive, and then receives it.
    ///
    /// @param call receives
    /// @throws IllegalStateException if the stream is ended meanwhile
    int receive(Handle.IntCall call) {
        long begun = System.nanoTime();
        lock(begun);
        try {
            awaitData(begun);
            return stream.use("virStreamRecv", call);
        } finally {
            receiving.unlock();
        }
    }

    private void lock(long begun) {
        if (stream.timedCalls == null) {
            receiving.lock();
        } else {
            stream.timedCalls.lock("virStreamRecv", begun, receiving);
        }
    }

    private void awaitData(long begun) {
        StreamWatch watch = end.watch();
        int _ = stream.whileOpen(p -> {
            if (watch.isDrained()) {
                return 0;
            }
            var arrival = new Arrival(watch);
            // Where it is refused, the call says why.
            if (end.await(p, arrival, (_, _) -> {}) < 0) {
                return 0;
            }
            try {
                if (!await(arrival.came, begun)) {
                    throw new IllegalStateException("The stream was ended while this thread waited for data");
                }
            } finally {
                watch.remove(arrival);
            }
            return 0;
        });
    }

    private boolean await(CompletableFuture<Boolean> came, long begun) {
        return stream.timedCalls == null ? came.join() : stream.timedCalls.await("virStreamRecv", begun, came);
    }

    /// Waits once for data.
    private static final class Arrival extends ReadyListener {
        private final StreamWatch watch;

        /// False if the stream is ended instead.
        private final CompletableFuture<Boolean> came = new CompletableFuture<>();

        Arrival(StreamWatch watch) {
            super(StreamEventType.READABLE.bits());
            this.watch = watch;
        }

        @Override
        protected boolean ready(int events, boolean last) {
            came.complete(true);
            return false;
        }

        @Override
        protected void served(boolean goesOn) {
            watch.served(this, goesOn);
        }

        @Override
        public void over() {
            came.complete(false);
        }
    }

    /// As `virStreamSendAll`, except that the stream is aborted here if it fails. C would abort it with the
    /// callback registered by which data is waited for.
    <X extends Exception> void sendAll(Source<X> source) throws X {
        var feed = new Feed(source, stream.object);
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer piece = CMemory.room(arena, Stream.LARGEST_PIECE).asByteBuffer();
            this.<X>orAbort(() -> {
                int count;
                while ((count = feed.<X>fill(MemorySegment.ofBuffer(piece.clear()), Stream.LARGEST_PIECE)) > 0) {
                    piece.limit(count);
                    while (piece.hasRemaining()) {
                        stream.send(piece);
                    }
                }
            });
        }
    }

    /// As `virStreamRecvAll`, except for the wait before each piece, and that the stream is aborted here if
    /// it fails.
    <X extends Exception> void receiveAll(Sink<X> sink) throws X {
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer piece = CMemory.room(arena, Stream.LARGEST_PIECE).asByteBuffer();
            this.<X>orAbort(() -> {
                while (stream.receive(piece.clear()) >= 0) {
                    StreamCallbacks.empty(MemorySegment.ofBuffer(piece.flip()), piece.limit(), sink, stream.object);
                }
            });
        }
    }

    @FunctionalInterface
    private interface Work<X extends Exception> {
        void run() throws X;
    }

    /// The abort is done in any case, but not waited for where a call was not waited for.
    private <X extends Exception> void orAbort(Work<X> work) throws X {
        try {
            work.run();
        } catch (Throwable t) {
            if (t instanceof CallAbandonedException
                    || (stream.timedCalls != null && Thread.currentThread().isInterrupted())) {
                Workers.execute(this::abortQuietly);
            } else {
                try {
                    stream.abort();
                } catch (LibvirtException | IllegalStateException e) {
                    t.addSuppressed(e);
                }
            }
            throw t;
        }
    }

    private void abortQuietly() {
        try {
            stream.abort();
        } catch (LibvirtException | IllegalStateException e) {
            // It is closed meanwhile, or the other side is gone: nothing goes over it in either case.
        }
    }
}
