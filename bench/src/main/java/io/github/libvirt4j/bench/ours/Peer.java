package io.github.libvirt4j.bench.ours;

import io.github.libvirt4j.Connect;
import java.io.IOException;
import java.util.List;

/// `Peer WORK ARGUMENT…`.
public final class Peer {
    private Peer() {}

    /// Runs.
    public static void main(String[] arguments) throws Throwable {
        var rest = new Arguments(List.of(arguments).subList(1, arguments.length));
        switch (arguments[0]) {
            case "calls" -> Calls.run(rest);
            case "closures" -> Closures.run(rest);
            case "connections" -> Connections.run(rest);
            case "dispatch" -> Dispatch.run(rest);
            case "events" -> Events.run(rest);
            case "first" -> first();
            case "leaks" -> Leaks.run(rest);
            case "loop" -> Loop.run(rest);
            case "streams" -> Streams.run(rest);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /// The arguments of a work.
    record Arguments(List<String> all) {
        String text(int i) {
            return all.get(i);
        }

        int number(int i) {
            return Integer.parseInt(all.get(i));
        }
    }

    /// Waits for the driver to give this peer its next turn; false if there is none.
    static boolean turn() throws IOException {
        System.out.println('.');
        return System.in.read() == '\n';
    }

    /// A line of the protocol.
    static void say(String figure, long n, double value) {
        // Not by printf: of what starts fast, that would be half.
        System.out.println(figure + ' ' + n + ' ' + value);
    }

    /// Process start to the first list of domains: the driver takes the time until the line.
    private static void first() {
        try (Connect connect = Connect.open("test:///default")) {
            if (connect.domains().listAll().getFirst().name().equals("test")) {
                say("first", 1, 0);
            }
        }
    }
}
