package io.github.libvirt4j.bench;

import io.github.libvirt4j.bench.Measurement.Series;
import io.github.libvirt4j.bench.Results.Sample;
import io.github.libvirt4j.bench.Turns.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// One run: all series of a measurement in short turns, round by round, so that what changes on the machine
/// meanwhile meets all.
final class Run {
    private final Place place;
    private final boolean quick;
    private final Results results;

    /// The peers that can be had.
    private final List<Peer> peers = new ArrayList<>();

    Run(Place place, boolean quick, Results results) {
        this.place = place;
        this.quick = quick;
        this.results = results;
    }

    /// Builds the peers.
    void build() throws InterruptedException {
        for (Peer peer : Peer.values()) {
            try {
                peer.build(place);
                peers.add(peer);
            } catch (IOException e) {
                leaveOut(peer.title, String.valueOf(e.getMessage()));
            }
        }
    }

    /// Says that something is not measured, and why.
    void leaveOut(String what, String why) {
        System.err.println("Left out: " + what + ": " + why);
        results.leftOut().put(what, why);
    }

    private record Key(String figure, String series, long n) {}

    /// Measures one, into the results.
    void measure(Measurement measurement) throws Exception {
        System.err.println(measurement.title);
        try (var scene = new Scene(
                place, Integer.parseInt(measurement.fill("{mib}", quick).replace("{mib}", "1")))) {
            measure(measurement, scene);
        }
    }

    private void measure(Measurement measurement, Scene scene) throws IOException, InterruptedException {
        Map<Key, List<List<Double>>> found = new LinkedHashMap<>();
        Map<Series, Turns> turns = new LinkedHashMap<>();
        try {
            for (Series one : measurement.series) {
                if (peers.contains(one.peer()) && (!quick || measurement.isCompared(one))) {
                    turns.put(one, new Turns(command(measurement, one, scene), errors(turns.size())));
                }
            }
            // The rounds before the first that counts; the others wait, as they do in each other's turns.
            for (Series one : List.copyOf(turns.keySet())) {
                for (int round = 0; round < measurement.warmUp(one) && turns.containsKey(one); round++) {
                    turn(measurement, one, turns);
                }
            }
            for (int round = 0; round < measurement.rounds(quick); round++) {
                List<Series> order = new ArrayList<>(turns.keySet());
                Collections.rotate(order, round);
                for (Series one : order) {
                    turn(measurement, one, turns)
                            .forEach((key, values) -> found.computeIfAbsent(key, _ -> new ArrayList<>())
                                    .add(values));
                }
            }
        } finally {
            turns.values().forEach(Turns::close);
        }
        // In the order of the measurement, whoever was first.
        for (Series one : turns.keySet()) {
            found.forEach((key, values) -> {
                if (key.series.equals(one.name())) {
                    results.put(measurement.name, key.figure, key.series, key.n, Sample.of(values));
                }
            });
        }
    }

    private List<String> command(Measurement measurement, Series one, Scene scene)
            throws IOException, InterruptedException {
        List<String> words = scene.fill(measurement.fill(one.work(), quick));
        List<String> options =
                words.stream().takeWhile(word -> word.startsWith("-")).toList();
        List<String> command = new ArrayList<>(one.peer().command(place, options));
        command.addAll(words.subList(options.size(), words.size()));
        return command;
    }

    private Path errors(int number) {
        return Path.of(place.target("errors-" + number + ".log"));
    }

    /// What one says in a turn; one that fails has no other, which is an error if it is ours.
    private Map<Key, List<Double>> turn(Measurement measurement, Series one, Map<Series, Turns> turns)
            throws IOException, InterruptedException {
        Map<Key, List<Double>> found = new LinkedHashMap<>();
        try {
            for (Line line : Objects.requireNonNull(turns.get(one)).next()) {
                boolean fromStart = measurement.figure(line.figure()).fromStart();
                found.computeIfAbsent(new Key(line.figure(), one.name(), line.n()), _ -> new ArrayList<>())
                        .add(fromStart ? line.sinceStart() : line.value());
            }
        } catch (IOException e) {
            if (one.peer() == Peer.OURS) {
                throw new IOException(one.name() + " " + e.getMessage(), e);
            }
            leaveOut(measurement.name + ", " + one.name(), String.valueOf(e.getMessage()));
            turns.remove(one);
            return Map.of();
        }
        return found;
    }
}
