package io.github.libvirt4j;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.UnfinishedStreamException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;

/// A stream as a Java channel. Safe for use by any thread.
final class StreamChannel implements ByteChannel {
    private final Stream stream;

    StreamChannel(Stream stream) {
        this.stream = stream;
    }

    @FunctionalInterface
    private interface Transfer {
        int of(ByteBuffer buffer);
    }

    private int transfer(Transfer transfer, ByteBuffer buffer) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        try {
            return transfer.of(buffer);
        } catch (LibvirtException | IllegalStateException e) {
            if (isOpen()) {
                throw new IOException(e);
            }
            // Meanwhile, by another thread.
            var closed = new AsynchronousCloseException();
            closed.initCause(e);
            throw closed;
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return transfer(stream::receive, into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int before = from.position();
        int sent;
        do {
            sent = transfer(stream::send, from);
        } while (sent > 0 && from.hasRemaining());
        return from.position() - before;
    }

    @Override
    public boolean isOpen() {
        return !stream.isClosed();
    }

    @Override
    public void close() throws IOException {
        try {
            stream.close();
        } catch (UnfinishedStreamException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return stream.toString();
    }
}
