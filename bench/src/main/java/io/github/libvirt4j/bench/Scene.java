package io.github.libvirt4j.bench;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.testing.SessionDaemon;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What a work needs around it, made when its arguments first ask for it: `{storage}` is the URI of a daemon
/// with the pool of the stream's volumes, `{idle}` and `{work}` are those of two daemons, `{node}` that of a
/// driver in the process with 1000 domains; `{cds}`, `{cds1}`, `{aot}` and `{aot1}` are archives of the VM;
/// `{library}` is the C that Java calls.
final class Scene implements Closeable {
    private static final Pattern NAME = Pattern.compile("\\{([a-z0-9]+)}");
    private static final long MIB = 1024 * 1024;
    private static final long SPARSE = 8 * 1024 * MIB;
    private static final String LAST = "first";

    private final Place place;
    private final int mib;
    private final Map<String, String> made = new HashMap<>();
    private final Deque<Closeable> toClose = new ArrayDeque<>();

    /// For streams of that size.
    Scene(Place place, int mib) {
        this.place = place;
        this.mib = mib;
    }

    /// The words of it, filled in.
    List<String> fill(String work) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        for (String word : work.split(" ", -1)) {
            Matcher matcher = NAME.matcher(word);
            words.add(
                    matcher.find()
                            ? matcher.replaceFirst(
                                    Matcher.quoteReplacement(get(Objects.requireNonNull(matcher.group(1)))))
                            : word);
        }
        return words;
    }

    private String get(String name) throws IOException, InterruptedException {
        String known = made.get(name);
        if (known == null) {
            known = make(name);
            made.put(name, known);
        }
        return known;
    }

    private String make(String name) throws IOException, InterruptedException {
        return switch (name) {
            case "library" -> place.library();
            case "node" -> node();
            case "storage" -> storage();
            case "idle", "work" -> daemon().unixUri("test:///default");
            case "cds" -> archive(name, "-XX:ArchiveClassesAtExit=");
            case "cds1" -> archive(name, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:ArchiveClassesAtExit=");
            case "aot" -> archive(name, "-XX:AOTCacheOutput=");
            case "aot1" -> archive(name, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:AOTCacheOutput=");
            default -> throw new IllegalArgumentException(name);
        };
    }

    private String node() throws IOException {
        Path file = Path.of(place.target("node.xml"));
        Files.writeString(
                file,
                IntStream.range(0, 1000)
                        .mapToObj(
                                "<domain type='test'><name>vm%d</name><memory>1024</memory><os><type>hvm</type></os></domain>"
                                        ::formatted)
                        .collect(Collectors.joining("\n", "<node>", "</node>")));
        return "test://" + file;
    }

    private SessionDaemon daemon() {
        SessionDaemon daemon = SessionDaemon.start();
        toClose.push(daemon::close);
        return daemon;
    }

    /// Memory, where there is some: disks are not what is compared.
    private String storage() throws IOException {
        Path memory = Path.of("/dev/shm");
        Path folder = Files.createTempDirectory(Files.isWritable(memory) ? memory : Path.of("/tmp"), "libvirt4j-bench");
        toClose.push(() -> {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        });
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        volume(folder.resolve("up"), mib * MIB, mib * MIB);
        volume(folder.resolve("down"), mib * MIB, mib * MIB);
        volume(folder.resolve("holes-up"), SPARSE, 100 * MIB);
        volume(folder.resolve("holes-down"), SPARSE, 100 * MIB);
        String uri = daemon().unixUri("storage:///session");
        try (Connect connect = Connect.open(uri)) {
            // The daemon keeps it without us.
            connect.storagePools()
                    .create("<pool type='dir'><name>bench</name><target><path>%s</path></target></pool>"
                            .formatted(folder))
                    .close();
        }
        return uri;
    }

    /// With a MiB of data at the beginning of each piece.
    private static void volume(Path file, long size, long every) throws IOException {
        byte[] data = new byte[(int) MIB];
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            for (long at = 0; at < size; at += every) {
                access.seek(at);
                for (long done = 0; done < (every == size ? size : MIB); done += MIB) {
                    access.write(data);
                }
            }
            access.setLength(size);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    }

    /// Of a run of what is then run with it.
    private String archive(String name, String... options) throws IOException, InterruptedException {
        String file = place.target(LAST + "." + name);
        List<String> all = new ArrayList<>(List.of(options));
        all.add(all.removeLast() + file);
        List<String> command = new ArrayList<>(Peer.OURS.command(place, all));
        command.add(LAST);
        place.run(command);
        return file;
    }

    @Override
    public void close() throws IOException {
        while (!toClose.isEmpty()) {
            toClose.pop().close();
        }
    }
}
