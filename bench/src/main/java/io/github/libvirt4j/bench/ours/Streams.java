package io.github.libvirt4j.bench.ours;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.StorageVol;
import io.github.libvirt4j.Stream;
import io.github.libvirt4j.stream.SparseSink;
import io.github.libvirt4j.stream.SparseSource;
import io.github.libvirt4j.types.StorageVolDownloadFlags;
import io.github.libvirt4j.types.StorageVolUploadFlags;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/// `streams URI channel|closure|stream MIB SPARSE_MIB`, as `streams.c`; `stream` is by `InputStream` and
/// `OutputStream`.
final class Streams {
    /// What libvirt sends in one message: of more, the rest would make a small one each time.
    private static final int PIECE = 262_120;
    private static final int MIB = 1024 * 1024;
    private static final int EVERY = 100 * MIB;

    private final byte[] bytes = new byte[PIECE];
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    private final Connect connect;
    private final StoragePool pool;

    private Streams(Connect connect) {
        this.connect = connect;
        this.pool = connect.storagePools().lookupByName("bench");
    }

    private interface Move {
        /// Moves so many bytes, and says how many it did.
        long run(Stream stream, long size) throws IOException;
    }

    static void run(Peer.Arguments arguments) throws IOException {
        try (Connect connect = Connect.open(arguments.text(0))) {
            var streams = new Streams(connect);
            while (Peer.turn()) {
                streams.round(arguments.text(1), arguments.number(2), arguments.number(3));
            }
        }
    }

    private void round(String form, int mib, int sparse) throws IOException {
        switch (form) {
            case "channel" -> {
                up("up", "up", mib, this::upByChannel);
                down("down", "down", mib, this::downByChannel);
            }
            case "stream" -> {
                up("up", "up", mib, this::upByStream);
                down("down", "down", mib, this::downByStream);
            }
            default -> {
                up("up", "up", mib, this::upByClosure);
                down("down", "down", mib, this::downByClosure);
                up("sparse-up", "holes-up", sparse, this::upWithHoles, StorageVolUploadFlags.SPARSE_STREAM);
                down("sparse-down", "holes-down", sparse, this::downWithHoles, StorageVolDownloadFlags.SPARSE_STREAM);
            }
        }
    }

    private void up(String figure, String name, int mib, Move move, StorageVolUploadFlags... flags) throws IOException {
        long size = (long) mib * MIB;
        try (StorageVol volume = pool.volumes().lookupByName(name)) {
            measure(figure, mib, move, stream -> volume.upload(stream, 0, size, flags));
        }
    }

    private void down(String figure, String name, int mib, Move move, StorageVolDownloadFlags... flags)
            throws IOException {
        long size = (long) mib * MIB;
        try (StorageVol volume = pool.volumes().lookupByName(name)) {
            measure(figure, mib, move, stream -> volume.download(stream, 0, size, flags));
        }
    }

    private interface Begin {
        void with(Stream stream);
    }

    private void measure(String figure, int mib, Move move, Begin begin) throws IOException {
        long size = (long) mib * MIB;
        long start = System.nanoTime();
        try (Stream stream = connect.newStream()) {
            begin.with(stream);
            long moved = move.run(stream, size);
            if (moved != size) {
                throw new IllegalStateException(figure + ": " + moved + " bytes of " + size);
            }
            stream.finish();
        }
        Peer.say(figure, 1, mib / ((System.nanoTime() - start) / 1e9));
    }

    private long upByChannel(Stream stream, long size) throws IOException {
        // Closed with the stream.
        ByteChannel channel = stream.channel();
        for (long left = size; left > 0; ) {
            left -= channel.write(piece.clear().limit((int) Math.min(left, PIECE)));
        }
        return size;
    }

    private long downByChannel(Stream stream, long size) throws IOException {
        ByteChannel channel = stream.channel();
        long got = 0;
        for (int read; (read = channel.read(piece.clear())) >= 0; ) {
            got += read;
        }
        return got;
    }

    private long upByStream(Stream stream, long size) throws IOException {
        OutputStream out = stream.outputStream();
        for (long left = size; left > 0; left -= Math.min(left, PIECE)) {
            out.write(bytes, 0, (int) Math.min(left, PIECE));
        }
        return size;
    }

    private long downByStream(Stream stream, long size) throws IOException {
        InputStream in = stream.inputStream();
        long got = 0;
        for (int read; (read = in.read(bytes)) >= 0; ) {
            got += read;
        }
        return got;
    }

    private final class Pattern implements SparseSource<RuntimeException>, SparseSink<RuntimeException> {
        private final long size;
        private long done;

        Pattern(long size) {
            this.size = size;
        }

        @Override
        public int read(ByteBuffer into) {
            if (done == size) {
                return -1;
            }
            int length = (int) Math.min(Math.min(size - done, PIECE), into.remaining());
            into.put(bytes, 0, length);
            done += length;
            return length;
        }

        @Override
        public Section section() {
            long at = done % EVERY;
            if (done == size) {
                return Section.END;
            }
            return at < MIB ? Section.data(MIB - at) : Section.hole(Math.min(EVERY - at, size - done));
        }

        @Override
        public void skip(long length) {
            done += length;
        }

        @Override
        public void write(ByteBuffer from) {
            int length = Math.min(from.remaining(), PIECE);
            from.get(bytes, 0, length);
            done += length;
        }

        @Override
        public void hole(long length) {
            done += length;
        }
    }

    private long upByClosure(Stream stream, long size) {
        var pattern = new Pattern(size);
        stream.sendAll(pattern);
        return pattern.done;
    }

    private long downByClosure(Stream stream, long size) {
        var pattern = new Pattern(size);
        stream.receiveAll(pattern);
        return pattern.done;
    }

    private long upWithHoles(Stream stream, long size) {
        var pattern = new Pattern(size);
        stream.sparseSendAll(pattern);
        return pattern.done;
    }

    private long downWithHoles(Stream stream, long size) {
        var pattern = new Pattern(size);
        stream.sparseReceiveAll(pattern);
        return pattern.done;
    }
}
