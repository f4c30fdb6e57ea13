package io.github.libvirt4j.bench;

import io.github.libvirt4j.bench.Measurement.Figure;
import io.github.libvirt4j.bench.Measurement.Series;
import io.github.libvirt4j.bench.Results.Sample;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One run: all series of a measurement in turns, round by round, so that what changes on the machine meanwhile meets
/// all.
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
        List<Series> series = new ArrayList<>(measurement.series);
        series.removeIf(one -> !peers.contains(one.peer()) || (quick && !measurement.isCompared(one)));
        Map<Key, List<List<Double>>> found = new LinkedHashMap<>();
        try (var scene = new Scene(
                place, Integer.parseInt(measurement.fill("{mib}", quick).replace("{mib}", "1")))) {
            for (int round = 0; round < measurement.rounds(quick); round++) {
                for (Series one : List.copyOf(series)) {
                    try {
                        once(measurement, one, scene)
                                .forEach((key, values) -> found.computeIfAbsent(key, _ -> new ArrayList<>())
                                        .add(values));
                    } catch (IOException e) {
                        if (one.peer() == Peer.OURS) {
                            throw e;
                        }
                        leaveOut(measurement.name + ", " + one.name(), String.valueOf(e.getMessage()));
                        series.remove(one);
                        found.keySet().removeIf(key -> key.series.equals(one.name()));
                    }
                }
                Collections.rotate(series, 1);
            }
        }
        // In the order of the measurement, whoever was first.
        for (Series one : measurement.series) {
            found.forEach((key, values) -> {
                if (key.series.equals(one.name())) {
                    results.put(measurement.name, key.figure, key.series, key.n, Sample.of(values));
                }
            });
        }
    }

    private Map<Key, List<Double>> once(Measurement measurement, Series one, Scene scene)
            throws IOException, InterruptedException {
        Map<Key, List<Double>> found = new LinkedHashMap<>();
        List<String> words = scene.fill(measurement.fill(one.work(), quick));
        List<String> options =
                words.stream().takeWhile(word -> word.startsWith("-")).toList();
        List<String> command = new ArrayList<>(one.peer().command(place, options));
        command.addAll(words.subList(options.size(), words.size()));
        Path errors = Path.of(place.target("errors.log"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        long start = System.nanoTime();
        Process process = builder.start();
        process.getOutputStream().close();
        try (BufferedReader lines = process.inputReader()) {
            for (String line; (line = lines.readLine()) != null; ) {
                double fromStart = System.nanoTime() - start;
                String[] parts = line.split(" ", -1);
                Figure figure = measurement.figure(parts[0]);
                found.computeIfAbsent(new Key(parts[0], one.name(), Long.parseLong(parts[1])), _ -> new ArrayList<>())
                        .add(figure.fromStart() ? fromStart : Double.parseDouble(parts[2]));
            }
        }
        if (process.waitFor() != 0) {
            List<String> said = Files.readAllLines(errors);
            throw new IOException(
                    one.name() + " ended with " + process.exitValue() + (said.isEmpty() ? "" : ": " + said.getFirst()));
        }
        return found;
    }
}
