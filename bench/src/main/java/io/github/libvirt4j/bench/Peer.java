package io.github.libvirt4j.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// A program that does the work by one binding. It is built here with what the system has; one that cannot be
/// had is left out.
enum Peer {
    C("plain C") {
        @Override
        void build(Place place) throws IOException, InterruptedException {
            place.run(List.of(
                    "cc",
                    "-O2",
                    "-shared",
                    "-fPIC",
                    "-o",
                    place.library(),
                    place.peers("c/repeat.c"),
                    place.peers("c/loop.c"),
                    "-lvirt"));
            List<String> command = new ArrayList<>(List.of("cc", "-O2", "-o", place.target("peer-c")));
            Stream.of("peer", "events", "calls", "streams", "epoll", "loop")
                    .forEach(each -> command.add(place.peers("c/" + each + ".c")));
            command.addAll(List.of("-lvirt", "-lpthread"));
            place.run(command);
        }

        @Override
        List<String> command(Place place, List<String> options) {
            return List.of(place.target("peer-c"));
        }
    },

    OURS("libvirt4j") {
        @Override
        void build(Place place) {}

        @Override
        List<String> command(Place place, List<String> options) {
            return java(
                    options,
                    place.target("*") + File.pathSeparator + place.target("lib/*"),
                    "io.github.libvirt4j.bench.ours.Peer");
        }
    },

    JNA("libvirt-java, on JNA") {
        @Override
        void build(Place place) throws IOException, InterruptedException {
            // By Maven, before.
            place.run(List.of("ls", place.peers("jna/target/lib")));
        }

        @Override
        List<String> command(Place place, List<String> options) {
            return java(
                    options,
                    place.peers("jna/target/*") + File.pathSeparator + place.peers("jna/target/lib/*"),
                    "io.github.libvirt4j.bench.jna.Peer");
        }
    },

    PYTHON("libvirt-python") {
        @Override
        void build(Place place) throws IOException, InterruptedException {
            place.run(List.of(PYTHON3, "-c", "import libvirt"));
        }

        @Override
        List<String> command(Place place, List<String> options) {
            return List.of(PYTHON3, place.peers("python/peer.py"));
        }
    },

    GO("libvirt-go") {
        @Override
        void build(Place place) throws IOException, InterruptedException {
            place.run(
                    List.of("go", "build", "-o", place.target("peer-go"), place.peers("go/peer.go")),
                    Map.of("GO111MODULE", "off", "GOPATH", "/usr/share/gocode", "GOCACHE", place.target("go")));
        }

        @Override
        List<String> command(Place place, List<String> options) {
            return List.of(place.target("peer-go"));
        }
    };

    // The system's, not one that comes first in the path: the binding is a package of the system.
    private static final String PYTHON3 = "/usr/bin/python3";

    final String title;

    Peer(String title) {
        this.title = title;
    }

    /// Builds it, or finds that it is there.
    ///
    /// @throws IOException if it cannot be had, and why
    abstract void build(Place place) throws IOException, InterruptedException;

    /// What starts it; the work and its arguments follow.
    ///
    /// @param options of a VM
    abstract List<String> command(Place place, List<String> options);

    boolean isOtherBinding() {
        return this != C && this != OURS;
    }

    boolean isCompiledMeanwhile() {
        return this == OURS || this == JNA;
    }

    private static List<String> java(List<String> options, String path, String main) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(Objects.requireNonNull(System.getProperty("java.home")), "bin", "java")
                .toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        command.addAll(List.of("-cp", path, main));
        return command;
    }
}
