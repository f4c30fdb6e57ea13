package io.github.libvirt4j.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.libvirt4j.bench.Measurement.Goal;
import io.github.libvirt4j.bench.Measurement.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// What a run found: by measurement, figure, series and N.
record Results(
        Map<String, String> machine,
        Map<String, String> leftOut,
        Map<String, Map<String, Map<String, NavigableMap<Long, Sample>>>> values) {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    /// The values of one figure.
    record Sample(double median, double lowest, double highest, int count) {
        static Sample of(double[] values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            int middle = sorted.length / 2;
            double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
            return new Sample(median, sorted[0], sorted[sorted.length - 1], sorted.length);
        }
    }

    static Results empty(Map<String, String> machine) {
        return new Results(machine, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    static Results read(Path file) throws IOException {
        return GSON.fromJson(Files.readString(file), Results.class);
    }

    void write(Path file) throws IOException {
        Files.writeString(file, GSON.toJson(this) + "\n");
    }

    void put(String measurement, String figure, String series, long n, double[] samples) {
        values.computeIfAbsent(measurement, _ -> new LinkedHashMap<>())
                .computeIfAbsent(figure, _ -> new LinkedHashMap<>())
                .computeIfAbsent(series, _ -> new TreeMap<>())
                .put(n, Sample.of(samples));
    }

    /// By N; empty if it was not measured.
    NavigableMap<Long, Sample> get(String measurement, Point point) {
        return values.getOrDefault(measurement, Map.of())
                .getOrDefault(point.figure(), Map.of())
                .getOrDefault(point.series(), new TreeMap<>());
    }

    /// The ratio a goal is about, or the number.
    OptionalDouble of(Measurement measurement, Goal goal) {
        NavigableMap<Long, Sample> of = get(measurement.name, goal.of());
        Map.Entry<Long, Sample> last = of.lastEntry();
        if (last == null) {
            return OptionalDouble.empty();
        }
        double value = last.getValue().median();
        if (goal.to().isEmpty()) {
            return OptionalDouble.of(value);
        }
        Point point = goal.to().getFirst();
        Sample other = get(measurement.name, point).get(point.equals(goal.of()) ? of.firstKey() : last.getKey());
        return other == null ? OptionalDouble.empty() : OptionalDouble.of(value / other.median());
    }
}
