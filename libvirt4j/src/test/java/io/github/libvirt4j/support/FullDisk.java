package io.github.libvirt4j.support;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// A disk that QEMU reaches by NBD, and on which there is no space: each write fails.
public final class FullDisk implements AutoCloseable {
    private static final long MAGIC = 0x4E42444D41474943L;
    private static final long OPTION = 0x49484156454F5054L;
    private static final long OPTION_REPLY = 0x3E889045565A9L;
    private static final int UNSUPPORTED = 0x80000001;
    private static final int REPLY = 0x67446698;
    private static final int EXPORT_NAME = 1;
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int DISCONNECT = 2;
    private static final int NO_SPACE = 28;

    private final ServerSocketChannel server;
    private final long size;

    public FullDisk(Path socket, long size) throws IOException {
        this.size = size;
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
        Thread.ofPlatform().daemon().name("full-disk").start(this::acceptAll);
    }

    private void acceptAll() {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                serve(
                        new DataInputStream(Channels.newInputStream(client)),
                        new DataOutputStream(Channels.newOutputStream(client)));
            } catch (IOException e) {
                // QEMU hangs up, or the test is over.
            }
        }
    }

    private void serve(DataInputStream in, DataOutputStream out) throws IOException {
        out.writeLong(MAGIC);
        out.writeLong(OPTION);
        out.writeShort(3);
        boolean isWithoutZeroes = (in.readInt() & 2) != 0;
        int option = 0;
        while (option != EXPORT_NAME) {
            in.readLong();
            option = in.readInt();
            in.skipNBytes(in.readInt());
            if (option != EXPORT_NAME) {
                out.writeLong(OPTION_REPLY);
                out.writeInt(option);
                out.writeInt(UNSUPPORTED);
                out.writeInt(0);
            }
        }
        out.writeLong(size);
        // It has flags, and a flush.
        out.writeShort(1 | 1 << 2);
        out.write(new byte[isWithoutZeroes ? 0 : 124]);
        for (int type = transmit(in, out); type != DISCONNECT; type = transmit(in, out)) {
            out.flush();
        }
    }

    private static int transmit(DataInputStream in, DataOutputStream out) throws IOException {
        in.readInt();
        in.readShort();
        int type = in.readShort();
        long handle = in.readLong();
        in.readLong();
        int length = in.readInt();
        if (type == WRITE) {
            in.skipNBytes(length);
        }
        out.writeInt(REPLY);
        out.writeInt(type == WRITE ? NO_SPACE : 0);
        out.writeLong(handle);
        if (type == READ) {
            out.write(new byte[length]);
        }
        return type;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
