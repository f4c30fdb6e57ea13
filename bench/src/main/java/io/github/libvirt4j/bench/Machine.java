package io.github.libvirt4j.bench;

import io.github.libvirt4j.Libvirt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a run runs on, and with which versions.
final class Machine {
    private Machine() {}

    static Map<String, String> describe(Place place) throws IOException, InterruptedException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        facts.put(
                "processor",
                line("/proc/cpuinfo", "model name") + ", "
                        + Runtime.getRuntime().availableProcessors() + " cores");
        facts.put(
                "memory",
                Long.parseLong(line("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / (1024 * 1024) + " GiB");
        facts.put(
                "system",
                line("/etc/os-release", "PRETTY_NAME").replace("\"", "") + ", Linux "
                        + String.valueOf(System.getProperty("os.version")).replaceFirst("[^0-9.].*", ""));
        facts.put("java", System.getProperty("java.vendor.version") + " " + Runtime.version());
        facts.put("libvirt", Libvirt.version().toString());
        facts.put("libvirt-java", jars(place));
        said(place, facts, "gcc", "cc", "-dumpfullversion");
        said(
                place,
                facts,
                "python",
                "/usr/bin/python3",
                "-c",
                "import libvirt, platform; print(platform.python_version(), 'with libvirt-python', '%d.%d.%d' % (libvirt.getVersion() // 1000000, libvirt.getVersion() // 1000 % 1000, libvirt.getVersion() % 1000))");
        said(place, facts, "go", "sh", "-c", "go version && dpkg-query -W golang-github-libvirt-libvirt-go-dev");
        return facts;
    }

    private static String line(String file, String key) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.replaceFirst("^[^:=]*[:=]", "").strip())
                    .findFirst()
                    .orElse("?");
        }
    }

    private static String jars(Place place) throws IOException {
        Path folder = Path.of(place.peers("jna/target/lib"));
        if (!Files.exists(folder)) {
            return "none";
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()).replace(".jar", ""))
                    .filter(name -> name.startsWith("libvirt-") || name.startsWith("jna-"))
                    .sorted()
                    .collect(Collectors.joining(", "));
        }
    }

    private static void said(Place place, Map<String, String> facts, String what, String... command)
            throws InterruptedException {
        try {
            facts.put(what, place.run(List.of(command), Map.of()).replaceAll("\\s+", " "));
        } catch (IOException _) {
            facts.put(what, "none");
        }
    }
}
