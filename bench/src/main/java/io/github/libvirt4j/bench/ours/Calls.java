package io.github.libvirt4j.bench.ours;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.types.DomainMemoryKeys;
import io.github.libvirt4j.types.DomainStatsTypes;
import io.github.libvirt4j.types.TypedParameters;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/// `calls URI [limited]`, as `calls.c`; `limited` is with a time limit for each call.
final class Calls {
    private Calls() {}

    static void run(Peer.Arguments arguments) throws IOException {
        var opening = Connect.to(arguments.text(0));
        if (arguments.all().contains("limited")) {
            opening = opening.callTimeout(Duration.ofMinutes(1));
        }
        try (Connect connect = opening.open();
                Domain domain = connect.domains().lookupByName("vm500")) {
            while (Peer.turn()) {
                measure("name", 10_000, domain::name);
                measure("info", 5_000, domain::info);
                measure(
                        "lookup",
                        5_000,
                        () -> connect.domains().lookupByName("vm500").close());
                measure("list", 10, () -> connect.domains().listAll().forEach(Domain::close));
                measure("missing", 2_000, () -> {
                    try {
                        connect.domains().lookupByName("nobody").close();
                    } catch (NotFoundException _) {
                        return;
                    }
                    throw new IllegalStateException();
                });
                measure("identities", 10, () -> connect.domains().identities());
                measure("stats", 10, () -> connect.domains().allStats(Set.of(DomainStatsTypes.STATE)));
                measure("get-parameters", 2_000, () -> domain.memory().parameters());
                measure(
                        "set-parameters",
                        2_000,
                        () -> domain.memory()
                                .setParameters(TypedParameters.builder()
                                        .set(DomainMemoryKeys.HARD_LIMIT, 3_000_000L)
                                        .set(DomainMemoryKeys.SOFT_LIMIT, 2_000_000L)
                                        .build()));
            }
        }
    }

    private static void measure(String figure, int times, Runnable call) {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            call.run();
        }
        Peer.say(figure, 1, (double) (System.nanoTime() - start) / times);
    }
}
