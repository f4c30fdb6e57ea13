package io.github.libvirt4j.support;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Reads a disk that QEMU exports by NBD: the fixed newstyle handshake, and simple replies.
public final class NbdClient implements AutoCloseable {
    private static final long OPTION = 0x49484156454F5054L;
    private static final int REQUEST = 0x25609513;
    private static final int REPLY = 0x67446698;
    private static final int EXPORT_NAME = 1;
    private static final int DISCONNECT = 2;

    private final SocketChannel channel;
    private final long size;

    public NbdClient(Path socket, String export) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        receive(18);
        // A fixed handshake, without zeroes behind the size.
        send(ByteBuffer.allocate(4).putInt(3));
        byte[] name = export.getBytes(StandardCharsets.UTF_8);
        send(ByteBuffer.allocate(16 + name.length)
                .putLong(OPTION)
                .putInt(EXPORT_NAME)
                .putInt(name.length)
                .put(name));
        size = receive(10).getLong();
    }

    private void send(ByteBuffer filled) throws IOException {
        filled.flip();
        while (filled.hasRemaining()) {
            channel.write(filled);
        }
    }

    private ByteBuffer receive(int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        while (into.hasRemaining()) {
            if (channel.read(into) < 0) {
                throw new EOFException("NBD");
            }
        }
        return into.flip();
    }

    /// The whole disk.
    public byte[] read() throws IOException {
        byte[] disk = new byte[Math.toIntExact(size)];
        int most = 1 << 20;
        for (int at = 0; at < disk.length; at += most) {
            int length = Math.min(most, disk.length - at);
            send(request(0, at, length));
            ByteBuffer head = receive(16);
            if (head.getInt() != REPLY || head.getInt() != 0) {
                throw new IOException("NBD: no data at " + at);
            }
            receive(length).get(disk, at, length);
        }
        return disk;
    }

    private static ByteBuffer request(int type, long at, int length) {
        return ByteBuffer.allocate(28)
                .putInt(REQUEST)
                .putShort((short) 0)
                .putShort((short) type)
                .putLong(at)
                .putLong(at)
                .putInt(length);
    }

    @Override
    public void close() throws IOException {
        send(request(DISCONNECT, 0, 0));
        channel.close();
    }
}
