package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.stream.FileSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Takes a picture of a domain's screen.
@Command(
        name = "screenshot",
        description = "Takes a picture of a domain's screen: PNG, unless the hypervisor has another format than PPM.",
        footer = "screenshot web web.png")
final class Screenshot extends OnDomain {
    private static final Pattern PPM_HEADER = Pattern.compile("P6\\s+(?:#.*\\s+)*(\\d+)\\s+(\\d+)\\s+255\\s");
    private static final int LONGEST_HEADER = 1000;

    @Parameters(index = "1", paramLabel = "FILE", description = "where the picture goes")
    private String fileName = "";

    @Option(names = "--screen", paramLabel = "N", description = "which of its screens, from 0")
    private int screen;

    @Override
    int on(Domain domain) throws IOException {
        if (screen < 0) {
            throw wrong("--screen must be at least 0, not " + screen);
        }
        Path file = Arguments.path(fileName);
        try (FileSink sink = FileSink.to(file)) {
            var bytes = new ByteArrayOutputStream();
            String type = domain.console().screenshot(screen, from -> {
                byte[] piece = new byte[from.remaining()];
                from.get(piece);
                bytes.writeBytes(piece);
            });
            byte[] picture = bytes.toByteArray();
            if (type.equals("image/x-portable-pixmap")) {
                type = "image/png";
                picture = png(picture);
            }
            sink.write(ByteBuffer.wrap(picture));
            sink.complete();
            // Not into the picture.
            Item item =
                    Item.of(domain).with("file", fileName).with("type", type).with("bytes", new Size(picture.length));
            new Output(out().isSame(file) ? err() : out(), isJson())
                    .item(item, fileName + ": " + type + ", " + picture.length + " bytes");
        }
        return Status.OK;
    }

    /// A portable pixmap as PNG.
    static byte[] png(byte[] ppm) {
        Matcher header = PPM_HEADER.matcher(
                new String(ppm, 0, Math.min(ppm.length, LONGEST_HEADER), StandardCharsets.ISO_8859_1));
        if (!header.lookingAt()) {
            throw new Failure("The picture is not a portable pixmap with 8 bits a color, as was said");
        }
        int width = number(header.group(1));
        int height = number(header.group(2));
        if (ppm.length - header.end() < 3L * width * height) {
            throw new Failure("The picture is not complete");
        }
        return Png.of(width, height, ppm, header.end());
    }

    private static int number(@Nullable String digits) {
        try {
            int number = Integer.parseInt(Objects.requireNonNull(digits));
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Too large.
        }
        throw new Failure("The picture cannot be " + digits + " pixels wide or high");
    }
}
