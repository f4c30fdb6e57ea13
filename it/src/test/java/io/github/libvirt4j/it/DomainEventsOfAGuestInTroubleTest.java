package io.github.libvirt4j.it;

import static io.github.libvirt4j.types.DomainEventType.RESUMED;
import static io.github.libvirt4j.types.DomainEventType.SUSPENDED;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.testing.RootDaemon;
import io.github.libvirt4j.types.DomainEventIoErrorAction;
import io.github.libvirt4j.types.DomainEventResumedDetailType;
import io.github.libvirt4j.types.DomainEventSuspendedDetailType;
import io.github.libvirt4j.types.DomainEventWatchdogAction;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What befalls a guest that has booted, and nobody says it in QEMU's place.
@ExtendWith(NothingLeft.class)
@Timeout(180)
class DomainEventsOfAGuestInTroubleTest {
    private static final String SYSTEM = "qemu:///system";

    /// A disk that promises more than there is room for, on a filesystem that only the daemon's namespace
    /// has.
    @Test
    @Receives({DomainEvent.IoError.class, DomainEvent.IoErrorReason.class, DomainEvent.Lifecycle.class})
    void writesUntilThereIsNoRoom() throws Exception {
        try (RootDaemon daemon = RootDaemon.start();
                Connect connect = Connect.open(daemon.unixUri(SYSTEM))) {
            Path small = daemon.folder().resolve("small");
            daemon.run("mkdir", small.toString());
            daemon.run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
            String disk = small.resolve("disk").toString();
            daemon.run("truncate", "--size=16M", disk);
            try (Guest guest = Guest.booting(daemon, connect, """
                            <disk type='file'>
                              <driver name='qemu' type='raw' error_policy='stop'/>
                              <source file='%s'/>
                              <target dev='vdb' bus='virtio'/>
                            </disk>
                            """.formatted(disk));
                    Console console = new Console(connect, guest);
                    Events events = Events.of(
                            connect, DomainEvent.IO_ERROR, DomainEvent.IO_ERROR_REASON, DomainEvent.LIFECYCLE)) {
                console.await("GUEST READY");
                console.start("dd if=/dev/zero of=/dev/vdb bs=1M count=4 conv=fsync && echo room''enough");
                int action = DomainEventIoErrorAction.PAUSE.value();
                events.expectAll(
                        new DomainEvent.IoError(guest.identity(), disk, "virtio-disk1", action),
                        new DomainEvent.IoErrorReason(guest.identity(), disk, "virtio-disk1", action, "enospc"),
                        guest.lifecycle(SUSPENDED, DomainEventSuspendedDetailType.IOERROR));
                daemon.run("mount", "-o", "remount,size=32m", small.toString());
                guest.domain().resume();
                events.expect(guest.lifecycle(RESUMED, DomainEventResumedDetailType.UNPAUSED));
                console.await("roomenough");
            }
        }
    }

    /// The guest's kernel has no driver for it: what one would do is done by hand, once, and never again.
    @Test
    @Receives({DomainEvent.Watchdog.class, DomainEvent.Lifecycle.class})
    void doesNotFeedItsWatchdog() throws Exception {
        try (RootDaemon daemon = RootDaemon.start();
                Connect connect = Connect.open(daemon.unixUri(SYSTEM));
                Guest guest = Guest.booting(daemon, connect, "<watchdog model='i6300esb' action='pause'/>");
                Console console = new Console(connect, guest);
                Events events = Events.of(connect, DomainEvent.WATCHDOG, DomainEvent.LIFECYCLE)) {
            console.await("GUEST READY");
            console.run("dog=$(dirname $(grep -l 0x25ab /sys/bus/pci/devices/*/device)); echo 1 >$dog/enable");
            console.run("read at _ <$dog/resource");
            // Its two stages, of a thousandth of a second each. Each write to them is to be unlocked.
            for (int stage : new int[] {0, 4}) {
                console.run("devmem $((at + 12)) 16 0x80; devmem $((at + 12)) 16 0x86");
                console.run("devmem $((at + " + stage + ")) 32 1");
            }
            // From now on it runs.
            console.start("printf '\\002' | dd of=$dog/config bs=1 seek=104 conv=notrunc");
            events.expect(new DomainEvent.Watchdog(guest.identity(), DomainEventWatchdogAction.PAUSE.value()));
            events.expect(guest.lifecycle(SUSPENDED, DomainEventSuspendedDetailType.WATCHDOG));
        }
    }
}
