package io.github.libvirt4j.bench;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Delivery;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Registration;
import io.github.libvirt4j.event.DomainEvent;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/// Lifecycle events per second, as `events.c` measures them: arguments are `direct` or `queued`, the number
/// of events, and the number of rounds; prints a number a round.
public final class EventsPerSecond {
    private EventsPerSecond() {}

    /// Runs.
    public static void main(String[] arguments) throws InterruptedException {
        int events = Integer.parseInt(arguments[1]);
        // Room for all: a handler that cannot keep up would otherwise be measured by what it loses.
        Delivery delivery = arguments[0].equals("direct") ? Delivery.direct() : Delivery.queued(events);
        try (Connect connect = Connect.open("test:///default");
                Domain domain = connect.lookupDomainByName("test")) {
            for (int round = 0; round < Integer.parseInt(arguments[2]); round++) {
                var all = new CountDownLatch(events);
                try (Registration _ = connect.on(Set.of(DomainEvent.LIFECYCLE), delivery, _ -> all.countDown())) {
                    long start = System.nanoTime();
                    for (int i = 0; i < events; i += 2) {
                        domain.suspend();
                        domain.resume();
                    }
                    all.await();
                    System.out.printf("%.0f%n", events / ((System.nanoTime() - start) / 1e9));
                }
            }
        }
    }
}
