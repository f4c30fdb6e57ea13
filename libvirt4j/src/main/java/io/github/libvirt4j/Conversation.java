package io.github.libvirt4j;

import io.github.libvirt4j.error.CallAbandonedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.stream.StreamCallbacks;
import io.github.libvirt4j.internal.stream.StreamCallbacks.Feed;
import io.github.libvirt4j.stream.Sink;
import io.github.libvirt4j.stream.Source;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Transfers over a console or a channel of a guest: as C does them, except the wait before each piece, and
/// that the stream is aborted here if one fails. C would abort it with the callback registered by which data
/// is waited for.
final class Conversation {
    private Conversation() {}

    /// `virStreamSendAll`.
    static <X extends Exception> void sendAll(Stream stream, Source<X> source) throws X {
        var feed = new Feed(source, stream.object);
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer piece = CMemory.room(arena, Stream.LARGEST_PIECE).asByteBuffer();
            Conversation.<X>orAbort(stream, () -> {
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

    /// `virStreamRecvAll`.
    static <X extends Exception> void receiveAll(Stream stream, Sink<X> sink) throws X {
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer piece = CMemory.room(arena, Stream.LARGEST_PIECE).asByteBuffer();
            Conversation.<X>orAbort(stream, () -> {
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
    private static <X extends Exception> void orAbort(Stream stream, Work<X> work) throws X {
        try {
            work.run();
        } catch (Throwable t) {
            if (t instanceof CallAbandonedException
                    || (stream.timedCalls != null && Thread.currentThread().isInterrupted())) {
                Workers.execute(() -> abortQuietly(stream));
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

    private static void abortQuietly(Stream stream) {
        try {
            stream.abort();
        } catch (LibvirtException | IllegalStateException e) {
            // It is closed meanwhile, or the other side is gone: nothing goes over it in either case.
        }
    }
}
