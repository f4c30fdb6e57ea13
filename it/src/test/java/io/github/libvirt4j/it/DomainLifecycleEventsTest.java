package io.github.libvirt4j.it;

import static io.github.libvirt4j.types.DomainEventType.CRASHED;
import static io.github.libvirt4j.types.DomainEventType.DEFINED;
import static io.github.libvirt4j.types.DomainEventType.PMSUSPENDED;
import static io.github.libvirt4j.types.DomainEventType.RESUMED;
import static io.github.libvirt4j.types.DomainEventType.SHUTDOWN;
import static io.github.libvirt4j.types.DomainEventType.STARTED;
import static io.github.libvirt4j.types.DomainEventType.STOPPED;
import static io.github.libvirt4j.types.DomainEventType.SUSPENDED;
import static io.github.libvirt4j.types.DomainEventType.UNDEFINED;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.testing.QemuMonitor;
import io.github.libvirt4j.types.DomainEventCrashedDetailType;
import io.github.libvirt4j.types.DomainEventDefinedDetailType;
import io.github.libvirt4j.types.DomainEventPmSuspendedDetailType;
import io.github.libvirt4j.types.DomainEventResumedDetailType;
import io.github.libvirt4j.types.DomainEventShutdownDetailType;
import io.github.libvirt4j.types.DomainEventStartedDetailType;
import io.github.libvirt4j.types.DomainEventStoppedDetailType;
import io.github.libvirt4j.types.DomainEventSuspendedDetailType;
import io.github.libvirt4j.types.DomainEventType;
import io.github.libvirt4j.types.DomainEventUndefinedDetailType;
import io.github.libvirt4j.types.EnumValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The ways of a guest's life: as its owner, its hypervisor and itself decide. What a guest does is written
/// to its monitor; a running one has begun to boot.
class DomainLifecycleEventsTest extends OneGuest {
    @Override
    Guest make(Connect on) throws IOException {
        return Guest.paused(DAEMON, on, "<watchdog model='i6300esb' action='pause'/><panic model='isa'/>");
    }

    private Events lifecycles() {
        return Events.of(connect(), DomainEvent.LIFECYCLE);
    }

    @Test
    @Receives(DomainEvent.Lifecycle.class)
    void definition() throws Exception {
        var first = new DomainIdentity("ä-" + UUID.randomUUID(), UUID.randomUUID());
        var renamed = new DomainIdentity("b-" + UUID.randomUUID(), first.uuid());
        String xml = """
                <domain type='qemu'>
                  <name>%s</name><uuid>%s</uuid><memory unit='MiB'>32</memory>
                  <os><type arch='x86_64'>hvm</type></os>
                </domain>
                """.formatted(first.name(), first.uuid());
        try (Events events = lifecycles();
                Domain domain = connect().domains().define(xml);
                Domain _ = connect().domains().define(xml)) {
            domain.rename(renamed.name());
            domain.undefine();
            events.expectInOrder(
                    event(first, DEFINED, DomainEventDefinedDetailType.ADDED),
                    event(first, DEFINED, DomainEventDefinedDetailType.UPDATED),
                    event(first, UNDEFINED, DomainEventUndefinedDetailType.RENAMED),
                    event(renamed, DEFINED, DomainEventDefinedDetailType.RENAMED),
                    event(renamed, UNDEFINED, DomainEventUndefinedDetailType.REMOVED));
        }
    }

    private static DomainEvent.Lifecycle event(DomainIdentity domain, DomainEventType type, EnumValue detail) {
        return new DomainEvent.Lifecycle(domain, raw(type), raw(detail));
    }

    @Test
    @Receives(DomainEvent.Lifecycle.class)
    void byItsOwner() throws Exception {
        try (Events events = lifecycles();
                Guest guest = Guest.paused(DAEMON, connect())) {
            Domain domain = guest.domain();
            domain.resume();
            domain.suspend();
            domain.destroy();
            events.expectInOrder(
                    guest.lifecycle(DEFINED, DomainEventDefinedDetailType.ADDED),
                    guest.lifecycle(STARTED, DomainEventStartedDetailType.BOOTED),
                    guest.lifecycle(SUSPENDED, DomainEventSuspendedDetailType.PAUSED),
                    guest.lifecycle(RESUMED, DomainEventResumedDetailType.UNPAUSED),
                    guest.lifecycle(SUSPENDED, DomainEventSuspendedDetailType.PAUSED),
                    guest.lifecycle(STOPPED, DomainEventStoppedDetailType.DESTROYED));
        }
    }

    @Test
    @Receives(DomainEvent.Lifecycle.class)
    void hypervisorThatIsEnded() throws Exception {
        try (Events events = lifecycles();
                Guest guest = Guest.paused(DAEMON, connect())) {
            signal("TERM", guest);
            events.expectInOrder(
                    guest.lifecycle(SHUTDOWN, DomainEventShutdownDetailType.HOST),
                    guest.lifecycle(STOPPED, DomainEventStoppedDetailType.SHUTDOWN));
            guest.domain().create();
            signal("KILL", guest);
            events.expect(guest.lifecycle(STOPPED, DomainEventStoppedDetailType.FAILED));
        }
    }

    private static void signal(String name, Guest guest) throws IOException, InterruptedException {
        String command =
                "kill -" + name + " " + QemuMonitor.pid(guest.identity().uuid());
        new ProcessBuilder("sh", "-c", command).start().waitFor();
    }

    @Test
    @Receives(DomainEvent.Lifecycle.class)
    void sleepOfTheGuest() throws Exception {
        try (Events events = lifecycles();
                QemuMonitor monitor = guest().monitor()) {
            guest().domain().resume();
            events.expect(guest().lifecycle(RESUMED, DomainEventResumedDetailType.UNPAUSED));
            monitor.event("SUSPEND", "{}");
            events.expect(guest().lifecycle(PMSUSPENDED, DomainEventPmSuspendedDetailType.MEMORY));
            monitor.event("WAKEUP", "{}");
            events.expect(guest().lifecycle(STARTED, DomainEventStartedDetailType.WAKEUP));
            monitor.event("SUSPEND_DISK", "{}");
            events.expect(guest().lifecycle(PMSUSPENDED, DomainEventPmSuspendedDetailType.DISK));
            monitor.event("WAKEUP", "{}");
            events.expect(guest().lifecycle(STARTED, DomainEventStartedDetailType.WAKEUP));
            guest().domain().suspend();
        }
    }

    @Test
    @Receives(DomainEvent.Lifecycle.class)
    void stopForAReason() throws Exception {
        try (Events events = lifecycles();
                QemuMonitor monitor = guest().monitor()) {
            guest().domain().resume();
            monitor.event("BLOCK_IO_ERROR", """
                    {"device": "drive-virtio-disk0", "operation": "write", "action": "stop"}""");
            events.expect(guest().lifecycle(SUSPENDED, DomainEventSuspendedDetailType.IOERROR));
            reallyStop();
            guest().domain().resume();
            monitor.event("WATCHDOG", "{\"action\": \"pause\"}");
            events.expect(guest().lifecycle(SUSPENDED, DomainEventSuspendedDetailType.WATCHDOG));
            reallyStop();
        }
    }

    /// After it was only said.
    private void reallyStop() throws IOException, InterruptedException {
        virsh("qemu-monitor-command", guest().name(), "{\"execute\": \"stop\"}");
    }

    @Test
    @Receives(DomainEvent.Lifecycle.class)
    void crashOfTheGuest() throws Exception {
        try (Events events = lifecycles();
                Guest guest = Guest.paused(DAEMON, connect(), "<panic model='isa'/>");
                QemuMonitor monitor = guest.monitor()) {
            monitor.event("GUEST_CRASHLOADED", "{\"action\": \"run\"}");
            events.expect(guest.lifecycle(CRASHED, DomainEventCrashedDetailType.CRASHLOADED));
            monitor.event("GUEST_PANICKED", "{\"action\": \"pause\"}");
            events.expect(guest.lifecycle(CRASHED, DomainEventCrashedDetailType.PANICKED));
        }
    }

    @Test
    @Receives(DomainEvent.Lifecycle.class)
    void snapshots() throws Exception {
        try (Events events = lifecycles();
                Guest guest = Guest.paused(DAEMON, connect())) {
            String name = guest.name();
            Path overlay = DAEMON.folder().resolve(name + ".overlay");
            // The overlay is of a format that has room for memory.
            virsh("snapshot-create-as", name, "--no-metadata", "--disk-only", "--diskspec", "vda,file=" + overlay);
            virsh("snapshot-create-as", name, "paused");
            guest.domain().resume();
            virsh("snapshot-create-as", name, "running");
            virsh("snapshot-revert", name, "paused", "--force");
            virsh("snapshot-revert", name, "running", "--force");
            events.expectAll(
                    guest.lifecycle(STOPPED, DomainEventStoppedDetailType.FROM_SNAPSHOT),
                    guest.lifecycle(STARTED, DomainEventStartedDetailType.FROM_SNAPSHOT),
                    guest.lifecycle(SUSPENDED, DomainEventSuspendedDetailType.FROM_SNAPSHOT),
                    guest.lifecycle(RESUMED, DomainEventResumedDetailType.FROM_SNAPSHOT));
            Files.delete(overlay);
        }
    }
}
