package io.github.libvirt4j.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.libvirt4j.bench.Measurement.Goal;
import io.github.libvirt4j.bench.Measurement.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// What a run found: by measurement, figure, series and N.
record Results(
        Map<String, String> machine,
        Map<String, String> leftOut,
        Map<String, Map<String, Map<String, NavigableMap<Long, Sample>>>> values) {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    /// The values of one figure.
    ///
    /// @param rounds the median of each round
    record Sample(double median, double lowest, double highest, int count, List<Double> rounds) {
        /// Of the values of each round.
        static Sample of(List<List<Double>> rounds) {
            List<Double> all = rounds.stream().flatMap(List::stream).sorted().toList();
            return new Sample(
                    median(all),
                    all.getFirst(),
                    all.getLast(),
                    all.size(),
                    rounds.stream().map(Sample::median).toList());
        }

        /// The ratios of the rounds: a round takes place in one weather.
        Found ratioTo(Sample other) {
            return Found.of(IntStream.range(0, Math.min(rounds.size(), other.rounds.size()))
                    .mapToObj(round -> rounds.get(round) / other.rounds.get(round))
                    .toList());
        }

        private static double median(List<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            int middle = sorted.size() / 2;
            return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        }
    }

    /// What a number or a ratio is.
    ///
    /// @param value the median of the rounds
    /// @param low where it may be as well, up to `high`, by what the rounds of this run leave open (95 %):
    ///     two of them, in order, that are as far from the middle as chance explains; the value, if there are
    ///     not six
    record Found(double value, double low, double high) {
        static Found of(List<Double> rounds) {
            List<Double> sorted = rounds.stream().sorted().toList();
            int count = sorted.size();
            double median = Sample.median(rounds);
            int below = below(count);
            return below == 0
                    ? new Found(median, median, median)
                    : new Found(median, sorted.get(below - 1), sorted.get(count - below));
        }

        /// How many of so many rounds are on one side of the middle in one of forty runs, at most.
        private static int below(int count) {
            double ofOne = Math.pow(0.5, count);
            double all = 0;
            int below = -1;
            while (all <= 0.025) {
                below++;
                all += ofOne;
                ofOne = ofOne * (count - below) / (below + 1);
            }
            return below;
        }
    }

    /// The model of the processor.
    String processor() {
        return machine.getOrDefault("processor", "unknown");
    }

    static Results empty(Map<String, String> machine) {
        return new Results(machine, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    static Results read(Path file) throws IOException {
        return GSON.fromJson(Files.readString(file), Results.class);
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, GSON.toJson(this) + "\n");
    }

    void put(String measurement, String figure, String series, long n, Sample sample) {
        values.computeIfAbsent(measurement, _ -> new LinkedHashMap<>())
                .computeIfAbsent(figure, _ -> new LinkedHashMap<>())
                .computeIfAbsent(series, _ -> new TreeMap<>())
                .put(n, sample);
    }

    /// Whether there is something of each of them.
    boolean isWhole(List<Measurement> measurements) {
        return measurements.stream().allMatch(measurement -> values.containsKey(measurement.name));
    }

    /// By N; empty if it was not measured.
    NavigableMap<Long, Sample> get(String measurement, Point point) {
        return values.getOrDefault(measurement, Map.of())
                .getOrDefault(point.figure(), Map.of())
                .getOrDefault(point.series(), new TreeMap<>());
    }

    /// The ratio a goal is about, or the number.
    Optional<Found> of(Measurement measurement, Goal goal) {
        NavigableMap<Long, Sample> of = get(measurement.name, goal.of());
        Map.Entry<Long, Sample> last = of.lastEntry();
        if (last == null) {
            return Optional.empty();
        }
        if (goal.to().isEmpty()) {
            return Optional.of(Found.of(last.getValue().rounds()));
        }
        Point point = goal.to().getFirst();
        Sample other = get(measurement.name, point).get(point.equals(goal.of()) ? of.firstKey() : last.getKey());
        return other == null ? Optional.empty() : Optional.of(last.getValue().ratioTo(other));
    }
}
