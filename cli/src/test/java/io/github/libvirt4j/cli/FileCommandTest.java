package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.testing.SessionDaemon;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import javax.imageio.ImageIO;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The subcommands that read and write files.
@Timeout(60)
class FileCommandTest {
    private static final String TEST = "test:///default";
    private static final int MIB = 1024 * 1024;

    private final Path folder;
    private final String uri = SessionDaemon.shared().unixUri("storage:///session");
    private final String name = "pool-" + UUID.randomUUID();
    private final Path volume;

    FileCommandTest(@TempDir Path folder) {
        this.folder = folder;
        this.volume =
                SessionDaemon.shared().folder().resolve("data").resolve(name).resolve("disk");
    }

    @BeforeEach
    void makePool() {
        try (Connect connect = Connect.open(uri)) {
            StoragePool pool = connect.storagePools().define("""
                    <pool type='dir'><name>%s</name><target><path>%s</path></target></pool>
                    """.formatted(name, volume.getParent()));
            pool.build();
            pool.create();
            pool.volumes().create("""
                    <volume>
                      <name>disk</name>
                      <capacity unit='MiB'>3</capacity>
                      <allocation>0</allocation>
                      <target><format type='raw'/></target>
                    </volume>
                    """);
        }
    }

    @AfterEach
    void removePool() throws IOException {
        try (Connect connect = Connect.open(uri)) {
            StoragePool pool = connect.storagePools().lookupByName(name);
            pool.volumes().lookupByName("disk").delete();
            pool.destroy();
            pool.undefine();
        }
        Files.delete(Objects.requireNonNull(volume.getParent()));
        assertThat(Libvirt.closuresOnLoan()).isZero();
        assertThat(Libvirt.handlesOpen()).isZero();
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().endsWith(".part"))).isEmpty();
        }
    }

    private static byte[] random(int size) {
        byte[] data = new byte[size];
        new Random(size).nextBytes(data);
        return data;
    }

    @Test
    void copiesAVolumeThereAndBack() throws Exception {
        byte[] data = random(3 * MIB);
        Path file = Files.write(folder.resolve("file"), data);
        Result upload = Result.of("vol-upload", "-c", uri, name, "disk", file.toString());
        assertThat(upload.err()).isEmpty();
        assertThat(upload.out()).matches("3145728 bytes in \\d+\\.\\d s \\(.*/s\\)\n");
        assertThat(upload.status()).isZero();
        assertThat(volume).hasBinaryContent(data);
        Path copy = folder.resolve("copy");
        Result download = Result.of("vol-download", "-c", uri, name, "disk", copy.toString());
        assertThat(download.err()).isEmpty();
        assertThat(download.out()).startsWith("3145728 bytes");
        assertThat(download.status()).isZero();
        assertThat(copy).hasBinaryContent(data);
        assertThat(Result.of(
                                "vol-download",
                                "-c",
                                uri,
                                name,
                                "disk",
                                copy.toString(),
                                "--offset",
                                "1000",
                                "--length",
                                "10")
                        .status())
                .isZero();
        assertThat(copy).hasBinaryContent(Arrays.copyOfRange(data, 1000, 1010));
        assertThat(Result.of("vol-upload", "-c", uri, name, "disk", copy.toString(), "--offset", "0")
                        .status())
                .isZero();
        System.arraycopy(data, 1000, data, 0, 10);
        assertThat(volume).hasBinaryContent(data);
    }

    @Test
    void managesVolumes() {
        Result created = Result.of("vol-create", "-c", uri, name, "a&b", "2M", "--format", "raw");
        assertThat(created).isEqualTo(new Result(0, "a&b: created, 2.0 MiB\n", ""));
        Result list = Result.of("vol-list", "-c", uri, name);
        assertThat(list.out().lines().map(line -> line.split(" +", 2)[0])).containsExactly("NAME", "a&b", "disk");
        assertThat(Result.of("vol-resize", "-c", uri, name, "a&b", "3MiB").out())
                .isEqualTo("a&b: resized to 3.0 MiB\n");
        assertThat(Result.of("vol-info", "-c", uri, name, "a&b").out()).contains("capacity:   3.0 MiB\n");
        assertThat(Result.of("vol-info", "--json", "-c", uri, name, "a&b").out())
                .contains("\"capacity\":3145728");
        failsWith(2, "'much' is not a size", "vol-create", "-c", uri, name, "c", "much");
        failsWith(5, "exist", "vol-create", "-c", uri, name, "a&b", "1M");
        failsWith(4, "did you mean 'disk'?", "vol-info", "-c", uri, name, "dsik");
        assertThat(Result.of("vol-delete", "-c", uri, name, "a&b").out()).isEqualTo("a&b: deleted\n");
        failsWith(4, "No volume 'a&b'", "vol-delete", "-c", uri, name, "a&b");
    }

    @Test
    void keepsHoles() throws Exception {
        Path file = folder.resolve("file");
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(3L * MIB);
            access.seek(MIB);
            access.write(1);
        }
        assertThat(Result.of("vol-upload", "-c", uri, name, "disk", file.toString(), "--sparse")
                        .status())
                .isZero();
        Path copy = folder.resolve("copy");
        assertThat(Result.of("vol-download", "-c", uri, name, "disk", copy.toString(), "--sparse")
                        .out())
                .startsWith("3145728 bytes");
        assertThat(Files.mismatch(file, copy)).isEqualTo(-1);
        assertThat(blocks(copy)).isEqualTo(blocks(file)).isLessThan(100);
    }

    private static long blocks(Path file) throws IOException {
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        return Long.parseLong(new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    }

    @Test
    void saysThatThereIsNoRoom() {
        failsWith(1, "No space left on device", "vol-download", "-c", uri, name, "disk", "/dev/full");
        failsWith(1, "No space left on device", "vol-download", "-c", uri, name, "disk", "/dev/full", "--sparse");
    }

    /// `--offset` and `--length` are of the volume, with holes as well.
    @Test
    void keepsHolesOfARange() throws Exception {
        Path file = folder.resolve("file");
        byte[] expected = new byte[2 * MIB];
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(2L * MIB);
            access.seek(MIB);
            access.write(random(10));
            access.seek(0);
            access.readFully(expected);
        }
        String[] upload = {"vol-upload", "-c", uri, name, "disk", file.toString(), "--sparse", "--offset", "1048576"};
        assertThat(Result.of(upload).status()).isZero();
        assertThat(Arrays.copyOfRange(Files.readAllBytes(volume), MIB, 3 * MIB)).isEqualTo(expected);
        Path copy = folder.resolve("copy");
        List<String> download =
                List.of("vol-download", "-c", uri, name, "disk", copy.toString(), "--sparse", "--offset", "1048576");
        assertThat(Result.of(download.toArray(String[]::new)).out()).startsWith("2097152 bytes");
        assertThat(copy).hasBinaryContent(expected);
        assertThat(blocks(copy)).isLessThan(100);
        List<String> part = new ArrayList<>(download);
        part.addAll(List.of("--length", "1048580"));
        assertThat(Result.of(part.toArray(String[]::new)).out()).startsWith("1048580 bytes");
        assertThat(copy).hasBinaryContent(Arrays.copyOf(expected, MIB + 4));
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        Path copy = folder.resolve("copy");
        failsWith(4, "No storage pool 'none' on " + uri, "vol-download", "-c", uri, "none", "disk", copy.toString());
        failsWith(
                4,
                "No volume 'none' on storage pool " + name,
                "vol-download",
                "-c",
                uri,
                name,
                "none",
                copy.toString());
        failsWith(
                1,
                "ended after 3145728 of 3145729 bytes",
                "vol-download",
                "-c",
                uri,
                name,
                "disk",
                copy.toString(),
                "--length",
                "3145729");
        assertThat(copy).doesNotExist();
        failsWith(1, "NoSuchFileException: " + copy, "vol-upload", "-c", uri, name, "disk", copy.toString());
        failsWith(
                1,
                "there is no folder",
                "vol-download",
                "-c",
                uri,
                name,
                "disk",
                copy.resolve("x").toString());
        failsWith(1, "is not a regular file", "vol-upload", "-c", uri, name, "disk", folder.toString(), "--sparse");
        failsWith(
                1,
                "has 3145728 bytes, and none from 3145729 on",
                "vol-download",
                "-c",
                uri,
                name,
                "disk",
                copy.toString(),
                "--offset",
                "3145729");
        failsWith(2, "--offset and --length", "vol-upload", "-c", uri, name, "disk", copy.toString(), "--offset", "-1");
        failsWith(2, "Missing required parameters: 'VOLUME', 'FILE'", "vol-upload", "disk");
        failsWith(2, "Missing required parameters: 'POOL', 'VOLUME', 'FILE'", "vol-download");
        failsWith(
                2,
                "'run vol-upload' does not take the argument 'more'",
                "vol-upload",
                "-c",
                uri,
                name,
                "disk",
                "file",
                "more");
    }

    private static void failsWith(int status, String message, String... arguments) {
        Result result = Result.of(arguments);
        assertThat(result.err()).contains(message);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.status()).isEqualTo(status);
    }

    @Test
    void takesAScreenshot() throws Exception {
        Path file = folder.resolve("screen.png");
        Result result = Result.of("screenshot", "-c", TEST, "test", file.toString());
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        assertThat(result.out()).isEqualTo(file + ": image/png, " + Files.size(file) + " bytes\n");
        assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(1120);
        byte[] picture = Files.readAllBytes(file);
        Files.write(file, new byte[1]);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThat(Result.of("screenshot", "-c", TEST, "test", link.toString()).status())
                .isZero();
        assertThat(link).isSymbolicLink();
        assertThat(file).hasBinaryContent(picture);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        failsWith(4, "No domain 'none'", "screenshot", "-c", TEST, "none", file.toString());
        failsWith(
                1,
                "there is no folder",
                "screenshot",
                "-c",
                TEST,
                "test",
                folder.resolve("no/file").toString());
        failsWith(2, "Missing required parameter: 'FILE'", "screenshot", "test");
        failsWith(
                2,
                "--screen must be at least 0, not -1",
                "screenshot",
                "-c",
                TEST,
                "test",
                file.toString(),
                "--screen",
                "-1");
    }

    /// It is not replaced by a file.
    @Test
    void takesAScreenshotIntoAPipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        FutureTask<byte[]> reader = new FutureTask<>(() -> Files.readAllBytes(pipe));
        Thread.ofPlatform().daemon().start(reader);
        Result result = Result.of("screenshot", "-c", TEST, "test", pipe.toString());
        assertThat(result.err()).isEmpty();
        assertThat(reader.get()).startsWith(0x89, 'P', 'N', 'G');
        assertThat(Files.isRegularFile(pipe)).isFalse();
    }

    private static byte[] ppm(String header, int... pixels) {
        byte[] bytes = Arrays.copyOf(header.getBytes(StandardCharsets.US_ASCII), header.length() + pixels.length);
        for (int i = 0; i < pixels.length; i++) {
            bytes[header.length() + i] = (byte) pixels[i];
        }
        return bytes;
    }

    @Test
    void makesPngOfPortablePixmaps() throws Exception {
        // 35, first of the colors, is the sign of a comment.
        for (String header : List.of("P6\n2 1\n255\n", "P6 # a\n# b\n2\t1 255 ")) {
            byte[] png = Screenshot.png(ppm(header, 35, 1, 2, 255, 254, 0));
            BufferedImage image = ImageIO.read(new java.io.ByteArrayInputStream(png));
            assertThat(image.getWidth()).isEqualTo(2);
            assertThat(image.getHeight()).isEqualTo(1);
            assertThat(image.getRGB(0, 0)).isEqualTo(0xff230102);
            assertThat(image.getRGB(1, 0)).isEqualTo(0xfffffe00);
        }
        for (byte[] wrong : List.of(
                ppm("P6\n2 1\n255\n", 1, 2, 3),
                ppm("P5\n2 1\n255\n", 1, 2, 3, 4, 5, 6),
                ppm("P6\n99999999999 1\n255\n"),
                ppm("P6\n0 1\n255\n"),
                new byte[0])) {
            Assertions.assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> Screenshot.png(wrong))
                    .withMessageContaining("picture");
        }
    }
}
