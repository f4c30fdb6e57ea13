package io.github.libvirt4j.cli;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Writes pictures as PNG. Java's own writer is in a module that would make an image of the command half as
/// large again.
final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int BYTES_OF_PIXEL = 3;

    private Png() {}

    /// A picture of eight bits for each of red, green and blue.
    ///
    /// @param pixels an array that has them, row by row, from `offset` on
    static byte[] of(int width, int height, byte[] pixels, int offset) {
        var png = new ByteArrayOutputStream();
        png.writeBytes(SIGNATURE);
        // Eight bits, in colour, and none of the variants of compression, filters and interlacing.
        chunk(
                png,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) 8)
                        .put((byte) 2)
                        .array());
        int row = width * BYTES_OF_PIXEL;
        var rows = new ByteArrayOutputStream();
        for (int y = 0; y < height; y++) {
            // Its filter: none.
            rows.write(0);
            rows.write(pixels, offset + y * row, row);
        }
        chunk(png, "IDAT", deflated(rows.toByteArray()));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static byte[] deflated(byte[] data) {
        var out = new ByteArrayOutputStream();
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(data);
            deflater.finish();
            byte[] piece = new byte[64 * 1024];
            while (!deflater.finished()) {
                out.write(piece, 0, deflater.deflate(piece));
            }
        }
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        png.writeBytes(name);
        png.writeBytes(data);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
