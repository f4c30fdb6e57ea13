package io.github.libvirt4j.bench.ours;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.event.DomainEvent;
import java.io.IOException;

/// `leaks N…`: bytes on the heap and outside of it, after so many cycles of what is taken and given back. As
/// many as the first N go before: what a start needs is not to hide what is lost.
final class Leaks {
    private Leaks() {}

    static void run(Peer.Arguments arguments) throws IOException {
        try (Connect connect = Connect.open("test:///default")) {
            measure(
                    "register",
                    arguments,
                    () -> connect.on(DomainEvent.LIFECYCLE, _ -> {}).close());
            measure(
                    "handle",
                    arguments,
                    () -> connect.domains().lookupByName("test").close());
        }
    }

    private static void measure(String what, Peer.Arguments arguments, Runnable cycle) throws IOException {
        int done = -Integer.parseInt(arguments.text(0));
        for (; done < 0; done++) {
            cycle.run();
        }
        // What it takes to measure belongs to the start as well.
        Memory.all();
        for (String each : arguments.all()) {
            int n = Integer.parseInt(each);
            for (; done < n; done++) {
                cycle.run();
            }
            Peer.say(what + "-heap", n, (double) Memory.heap());
            long outside = Memory.resident() - Runtime.getRuntime().totalMemory();
            Peer.say(what + "-native", n, (double) outside);
        }
    }
}
