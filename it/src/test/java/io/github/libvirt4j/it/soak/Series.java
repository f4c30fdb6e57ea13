package io.github.libvirt4j.it.soak;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// What is looked at over time.
///
/// @param share by which its level may be higher in the last quarter than in the second
/// @param amount by which it may be higher if that is more
record Series(String title, ToDoubleFunction<Sample> value, double share, double amount) {
    static final List<Series> ALL = List.of(
            new Series("closures on loan", sample -> sample.closuresOnLoan(), 0.25, 20),
            new Series("handles", sample -> sample.handlesOpen(), 0.25, 40),
            new Series("calls abandoned", sample -> sample.callsAbandoned(), 0.25, 20),
            new Series("threads", sample -> sample.footprint().threads(), 0.1, 10),
            new Series("file descriptors", sample -> sample.footprint().files(), 0.1, 20),
            new Series(
                    "heap after a collection, MB", sample -> sample.footprint().heap() / 1e6, 0.05, 1),
            new Series(
                    "allocated by C, but for the VM, MB",
                    sample -> sample.footprint().allocatedByLibraries() / 1e6,
                    0.05,
                    2),
            new Series("resident, MB", sample -> sample.footprint().resident() / 1e6, 0.05, 4));

    /// Of fewer there is no telling.
    private static final int FEWEST = 40;

    /// What is wrong, if it grows.
    Optional<String> growth(List<Sample> samples) {
        int quarter = samples.size() / 4;
        if (samples.size() < FEWEST) {
            return Optional.empty();
        }
        double before = level(samples.subList(quarter, 2 * quarter));
        double after = level(samples.subList(3 * quarter, samples.size()));
        return after - before <= Math.max(before * share, amount)
                ? Optional.empty()
                : Optional.of("%s: %.1f in the last quarter, %.1f in the second".formatted(title, after, before));
    }

    /// What a tenth of the samples is below: where it always comes back to, without peaks.
    private double level(List<Sample> samples) {
        return samples.stream()
                .mapToDouble(value)
                .sorted()
                .skip(samples.size() / 10)
                .findFirst()
                .orElseThrow();
    }
}
