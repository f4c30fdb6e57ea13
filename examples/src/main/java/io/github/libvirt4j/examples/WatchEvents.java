package io.github.libvirt4j.examples;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.DomainEvent;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/// Prints what happens to the domains of a hypervisor, until the connection breaks off: `WatchEvents URI`.
public final class WatchEvents {
    private WatchEvents() {}

    public static void main(String[] arguments) throws InterruptedException {
        var broken = new CountDownLatch(1);
        try (Connect connect = Connect.open(arguments[0])) {
            // Of one registration the events come in their order, one at a time, on a thread of the library's.
            connect.on(
                    Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT, DomainEvent.IO_ERROR, DomainEvent.DEVICE_ADDED),
                    event -> System.out.println(event));
            connect.on(ConnectEvent.CLOSED, closed -> {
                System.out.println("The connection broke off: " + closed.reason());
                broken.countDown();
            });
            System.out.println("Watching " + connect.uri());
            broken.await();
        }
    }
}
