package io.github.libvirt4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Measures side by side; `bench/run` starts it.
@Command(
        name = "bench/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures libvirt4j against C and other bindings, in one run.",
            "Without names all is measured; then the results, the charts and docs/performance.md are written anew."
        })
public final class Main implements Callable<Integer> {
    @Option(
            names = "--quick",
            description = "in three minutes, and only what has a goal; ends with 1 if a ratio got worse than"
                    + " bench/results/quick.json by more than its tolerance")
    private boolean quick;

    @Option(names = "--accept", description = "with --quick: writes bench/results/quick.json instead of comparing")
    private boolean accept;

    @Option(names = "--report", description = "measures nothing; draws and writes what bench/results/full.json has")
    private boolean report;

    @Parameters(
            paramLabel = "NAME",
            description = "what to measure: ${COMPLETION-CANDIDATES}",
            completionCandidates = Names.class)
    private List<String> names = List.of();

    private Main() {}

    /// The names of measurements.
    static final class Names implements Iterable<String> {
        @Override
        public java.util.Iterator<String> iterator() {
            return Measurements.ALL.stream().map(each -> each.name).iterator();
        }
    }

    /// Runs.
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        // bench/run starts it in the project's folder.
        var place = new Place(Path.of("bench").toAbsolutePath());
        Path full = place.results("full.json");
        if (report) {
            Report.write(Results.read(full), place);
            return 0;
        }
        List<Measurement> chosen = chosen();
        Results results = Results.empty(Machine.describe(place));
        var run = new Run(place, quick, results);
        run.build();
        for (Measurement measurement : chosen) {
            try {
                run.measure(measurement);
                Table.print(measurement, results);
            } catch (IOException | RuntimeException e) {
                // The others are measured all the same: a whole run takes long.
                run.leaveOut(measurement.name, String.valueOf(e.getMessage()));
            }
            results.write(Path.of(place.target(quick ? "quick.json" : "full.json")));
        }
        Path baseline = place.results("quick.json");
        if (quick && !accept && Files.exists(baseline)) {
            return Check.compare(run, chosen, Results.read(baseline), results) && results.isWhole(chosen) ? 0 : 1;
        }
        if (results.isWhole(all())) {
            results.write(quick ? baseline : full);
            if (!quick) {
                Report.write(results, place);
            }
        }
        return results.isWhole(chosen) ? 0 : 1;
    }

    private List<Measurement> chosen() {
        for (String name : names) {
            if (Measurements.ALL.stream().noneMatch(each -> each.name.equals(name))) {
                throw new IllegalArgumentException(
                        "No measurement " + name + "; there are " + String.join(", ", new Names()));
            }
        }
        return all().stream()
                .filter(each -> names.isEmpty() || names.contains(each.name))
                .toList();
    }

    /// A quick run leaves out what has nothing to be compared.
    private List<Measurement> all() {
        return Measurements.ALL.stream()
                .filter(each -> !quick || !each.compared().isEmpty())
                .toList();
    }
}
