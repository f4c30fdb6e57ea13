package io.github.libvirt4j.it;

import static io.github.libvirt4j.types.DomainEventType.RESUMED;
import static io.github.libvirt4j.types.DomainEventType.STARTED;
import static io.github.libvirt4j.types.DomainEventType.STOPPED;
import static io.github.libvirt4j.types.DomainEventType.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainEventResumedDetailType;
import io.github.libvirt4j.types.DomainEventStartedDetailType;
import io.github.libvirt4j.types.DomainEventStoppedDetailType;
import io.github.libvirt4j.types.DomainEventSuspendedDetailType;
import io.github.libvirt4j.types.DomainJobKeys;
import io.github.libvirt4j.types.DomainJobOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Long jobs on a guest as a whole: it is saved and restored, and goes to another host.
class JobEventsTest extends OneGuest {
    @Override
    Guest make(Connect on) throws IOException {
        return Guest.paused(DAEMON, on);
    }

    private static Events jobs(Connect connect) {
        return Events.of(connect, DomainEvent.LIFECYCLE, DomainEvent.JOB_COMPLETED, DomainEvent.MIGRATION_ITERATION);
    }

    private static void expectCompleted(Events events, DomainIdentity domain, DomainJobOperation operation)
            throws InterruptedException {
        DomainEvent.JobCompleted event = events.next(DomainEvent.JobCompleted.class);
        assertThat(event.domain()).isEqualTo(domain);
        var params = event.params();
        assertThat(params.get(DomainJobKeys.OPERATION)).hasValue(raw(operation));
        assertThat(params.require(DomainJobKeys.TIME_ELAPSED))
                .isBetween(0L, 600_000L);
        assertThat(params.require(DomainJobKeys.MEMORY_TOTAL))
                .isGreaterThan(Guest.MIB << 20);
        assertThat(params.get(DomainJobKeys.MEMORY_REMAINING)).hasValue(0L);
    }

    @Test
    @Receives({DomainEvent.Lifecycle.class, DomainEvent.JobCompleted.class, DomainEvent.MigrationIteration.class})
    void saveAndRestore() throws Exception {
        Path file = DAEMON.folder().resolve("saved");
        try (Events events = jobs(connect())) {
            guest().domain().resume();
            events.expect(guest().lifecycle(RESUMED, DomainEventResumedDetailType.UNPAUSED));
            virsh("save", guest().name(), file.toString());
            events.expectInOrder(
                    guest().lifecycle(SUSPENDED, DomainEventSuspendedDetailType.PAUSED),
                    guest().lifecycle(STOPPED, DomainEventStoppedDetailType.SAVED));
            events.expect(new DomainEvent.MigrationIteration(identity(), 1));
            expectCompleted(events, identity(), DomainJobOperation.SAVE);
            virsh("restore", file.toString(), "--paused");
            events.expectInOrder(
                    guest().lifecycle(STARTED, DomainEventStartedDetailType.RESTORED),
                    guest().lifecycle(SUSPENDED, DomainEventSuspendedDetailType.RESTORED));
            virsh("managedsave", guest().name());
            events.expect(guest().lifecycle(STOPPED, DomainEventStoppedDetailType.SAVED));
            expectCompleted(events, identity(), DomainJobOperation.SAVE);
            guest().domain().create();
            events.expect(guest().lifecycle(STARTED, DomainEventStartedDetailType.RESTORED));
            events.expect(guest().lifecycle(SUSPENDED, DomainEventSuspendedDetailType.RESTORED));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /// The disk is where both can reach it.
    @Test
    @Receives({DomainEvent.Lifecycle.class, DomainEvent.JobCompleted.class, DomainEvent.MigrationIteration.class})
    void migration() throws Exception {
        try (SessionDaemon other = SessionDaemon.start()) {
            String uri = other.unixUri("qemu:///session");
            try (Connect there = Connect.open(uri);
                    Events arrivals = jobs(there);
                    Events events = jobs(connect());
                    Guest guest = Guest.paused(DAEMON, connect())) {
                for (String each : new String[] {"vmlinuz", "initrd.gz"}) {
                    Files.copy(DAEMON.folder().resolve(each), other.folder().resolve(each));
                }
                guest.domain().resume();
                events.expect(guest.lifecycle(RESUMED, DomainEventResumedDetailType.UNPAUSED));
                Path socket = other.folder().resolve("migration");
                virsh("migrate", guest.name(), uri, "--live", "--unsafe", "--migrateuri", "unix://" + socket);
                events.expectInOrder(
                        guest.lifecycle(SUSPENDED, DomainEventSuspendedDetailType.MIGRATED),
                        guest.lifecycle(STOPPED, DomainEventStoppedDetailType.MIGRATED));
                events.expect(new DomainEvent.MigrationIteration(guest.identity(), 1));
                expectCompleted(events, guest.identity(), DomainJobOperation.MIGRATION_OUT);
                arrivals.expectInOrder(
                        guest.lifecycle(STARTED, DomainEventStartedDetailType.MIGRATED),
                        guest.lifecycle(RESUMED, DomainEventResumedDetailType.MIGRATED));
                there.domains().lookup(guest.identity()).destroy();
            }
        }
    }
}
