package io.github.libvirt4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The page `docs/performance.md` and its charts.
final class Report {
    private Report() {}

    static void write(Results results, Place place) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("""
                # Where it stands

                Measured side by side, in one run on one machine: this library against plain C, libvirt-java (JNA), the bindings
                of Python and Go, an empty upcall of the JVM, and one stub for each closure. `bench/run` does all of it anew and
                writes this page; [bench/README.md](../bench/README.md) says how it is laid out.

                - Each peer is a small program that does the same work, in a process of its own. All live at the same time and take
                  turns of a tenth of a second or so, round by round; figures are medians of all rounds, beside the lowest and the
                  highest.
                - A ratio is to what was measured in the same round, and names it: it is the median of the ratios of the rounds, so
                  that a machine that is faster in one round than in another does not count. Times depend on the machine; ratios
                  less so.
                - Beside a goal's figure stands what the rounds of the run leave open (95 %), where there are enough of them. A goal
                  is "reached" by the median, and "missed" if all of that range misses it; in between it is about there. What
                  differs from one process to the next of the same program is not in it.
                - JVM peers have rounds before the first that counts.
                - A peer that cannot be had on a machine is left out, and named.

                ## Goals
                """);
        lines.addAll(Table.goals(Measurements.ALL, results));
        lines.add("");
        lines.add("## Machine");
        lines.add("");
        results.machine().forEach((what, is) -> lines.add("- " + what + ": " + is));
        results.leftOut().forEach((what, why) -> lines.add("- left out: " + what + " (" + why + ")"));
        Files.createDirectories(place.results("charts"));
        for (Measurement measurement : Measurements.ALL) {
            lines.add("");
            lines.add("## " + measurement.title);
            lines.add("");
            lines.add(measurement.method + " `bench/run " + measurement.name + "`");
            if (measurement.isCharted()) {
                for (Map.Entry<String, String> chart :
                        Chart.of(measurement, results).entrySet()) {
                    String file = "charts/" + chart.getKey() + ".svg";
                    Files.writeString(place.results(file), chart.getValue());
                    lines.add("");
                    lines.add("![" + measurement.title + "](../bench/results/" + file + ")");
                }
            }
            lines.add("");
            lines.addAll(Table.values(measurement, results));
        }
        Path page = place.bench().resolveSibling("docs").resolve("performance.md");
        Files.writeString(page, String.join("\n", lines) + "\n");
    }
}
