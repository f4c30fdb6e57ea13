package io.github.libvirt4j.it;

import static io.github.libvirt4j.types.DomainEventType.RESUMED;
import static io.github.libvirt4j.types.DomainEventType.STARTED;
import static io.github.libvirt4j.types.DomainEventType.STOPPED;
import static io.github.libvirt4j.types.DomainEventType.SUSPENDED;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.testing.RootDaemon;
import io.github.libvirt4j.types.DomainEventResumedDetailType;
import io.github.libvirt4j.types.DomainEventStartedDetailType;
import io.github.libvirt4j.types.DomainEventStoppedDetailType;
import io.github.libvirt4j.types.DomainEventSuspendedDetailType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// A guest that goes from one host of root's to another, and back: both have networks of their own, and a
/// cable between them that all of it goes over.
@ExtendWith(NothingLeft.class)
@Timeout(180)
class MigrationEventsTest {
    private static final String SYSTEM = "qemu:///system";

    @Test
    @Receives(DomainEvent.Lifecycle.class)
    void thereAndBackAgain() throws Exception {
        try (RootDaemon here = RootDaemon.start();
                RootDaemon there = RootDaemon.start();
                RootDaemon.Cable cable = here.cable(there);
                Connect onHere = Connect.open(here.unixUri(SYSTEM));
                Connect onThere = Connect.open(there.unixUri(SYSTEM));
                Events ofHere = Events.of(onHere, DomainEvent.LIFECYCLE);
                Events ofThere = Events.of(onThere, DomainEvent.LIFECYCLE);
                Guest guest = Guest.paused(here, onHere)) {
            guest.domain().resume();
            migrate(guest, here, cable.farAddress());
            expectMigration(guest, ofHere, ofThere);
            migrate(guest, there, cable.nearAddress());
            expectMigration(guest, ofThere, ofHere);
            try (Domain again = onHere.domains().lookup(guest.identity())) {
                again.suspend();
            }
            ofHere.expect(guest.lifecycle(SUSPENDED, DomainEventSuspendedDetailType.PAUSED));
        }
    }

    /// The daemons do it among themselves.
    private static void migrate(Guest guest, RootDaemon from, String to) throws Exception {
        Virsh.run(
                from.unixUri(SYSTEM),
                "migrate",
                guest.name(),
                "qemu+tcp://" + to + "/system",
                "--live",
                "--p2p",
                "--unsafe",
                "--migrateuri",
                "tcp://" + to);
    }

    private static void expectMigration(Guest guest, Events from, Events to) throws InterruptedException {
        from.expectInOrder(
                guest.lifecycle(SUSPENDED, DomainEventSuspendedDetailType.MIGRATED),
                guest.lifecycle(STOPPED, DomainEventStoppedDetailType.MIGRATED));
        to.expectInOrder(
                guest.lifecycle(STARTED, DomainEventStartedDetailType.MIGRATED),
                guest.lifecycle(RESUMED, DomainEventResumedDetailType.MIGRATED));
    }
}
