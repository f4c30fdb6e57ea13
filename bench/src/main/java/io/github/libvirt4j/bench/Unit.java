package io.github.libvirt4j.bench;

import java.util.List;
import java.util.Locale;

/// What a figure counts, and whether more of it is better.
enum Unit {
    NANOSECONDS("time", false, List.of("ns", "µs", "ms", "s"), 1000),
    EVENTS("events/s", true, List.of("/s", "k/s", "M/s"), 1000),
    BYTES("bytes", false, List.of("B", "KiB", "MiB", "GiB"), 1024),
    THROUGHPUT("MiB/s", true, List.of("MiB/s"), 1);

    final String label;
    final boolean moreIsBetter;

    @SuppressWarnings("ImmutableEnumChecker") // List.of.
    private final List<String> names;

    private final int step;

    Unit(String label, boolean moreIsBetter, List<String> names, int step) {
        this.label = label;
        this.moreIsBetter = moreIsBetter;
        this.names = names;
        this.step = step;
    }

    /// In three digits or so.
    String format(double value) {
        int i = 0;
        double scaled = value;
        while (i < names.size() - 1 && scaled >= step) {
            scaled /= step;
            i++;
        }
        return digits(scaled) + " " + names.get(i);
    }

    /// Three digits, or all before the point.
    static String digits(double value) {
        int places = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + places + "f", value);
    }
}
