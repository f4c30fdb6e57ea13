package io.github.libvirt4j.bench.ours;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.NotFoundException;
import java.time.Duration;

/// `calls URI WARM ROUNDS [limited]`, as `calls.c`; `limited` is with a time limit for each call.
final class Calls {
    private Calls() {}

    static void run(Peer.Arguments arguments) {
        int warm = arguments.number(1);
        var opening = Connect.to(arguments.text(0));
        if (arguments.all().contains("limited")) {
            opening = opening.callTimeout(Duration.ofMinutes(1));
        }
        try (Connect connect = opening.open();
                Domain domain = connect.lookupDomainByName("vm500")) {
            for (int round = 0; round < warm + arguments.number(2); round++) {
                boolean told = round >= warm;
                measure("name", 100_000, told, domain::name);
                measure("info", 50_000, told, domain::info);
                measure(
                        "lookup",
                        50_000,
                        told,
                        () -> connect.lookupDomainByName("vm500").close());
                measure("list", 100, told, () -> connect.domains().forEach(Domain::close));
                measure("missing", 20_000, told, () -> {
                    try {
                        connect.lookupDomainByName("nobody").close();
                    } catch (NotFoundException _) {
                        return;
                    }
                    throw new IllegalStateException();
                });
            }
        }
    }

    private static void measure(String figure, int times, boolean told, Runnable call) {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            call.run();
        }
        if (told) {
            Peer.say(figure, 1, (double) (System.nanoTime() - start) / times);
        }
    }
}
