package io.github.libvirt4j.it;

import static io.github.libvirt4j.types.DomainEventType.PMSUSPENDED;
import static io.github.libvirt4j.types.DomainEventType.STARTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.types.ConnectDomainEventAgentLifecycleReason;
import io.github.libvirt4j.types.ConnectDomainEventAgentLifecycleState;
import io.github.libvirt4j.types.DomainEventPmSuspendedDetailType;
import io.github.libvirt4j.types.DomainEventStartedDetailType;
import io.github.libvirt4j.types.DomainModificationImpact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// What a guest does that has booted, by its own hand or when it is asked to.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DomainEventsOfAGuestTest extends OneGuest {
    private static final String MAC = "52:54:00:00:00:01";

    private @Nullable Console console;

    @Override
    Guest make(Connect on) throws IOException {
        return Guest.booting(DAEMON, on, """
                <interface type='user' trustGuestRxFilters='yes'>
                  <mac address='%s'/><model type='virtio'/>
                </interface>
                """.formatted(MAC));
    }

    @BeforeAll
    void boot() {
        console = new Console(connect(), guest());
        console().await("GUEST READY");
        console().run("name-ports 1");
    }

    @AfterAll
    void leave() {
        console().close();
    }

    private Console console() {
        return Objects.requireNonNull(console);
    }

    @Test
    @Receives(DomainEvent.RtcChange.class)
    void setsItsClock() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.RTC_CHANGE)) {
            console().run("date -s @$(($(date +%s) + 7200)); hwclock -w -u");
            DomainEvent.RtcChange event = events.next(DomainEvent.RtcChange.class);
            assertThat(event).isEqualTo(new DomainEvent.RtcChange(identity(), event.utcOffset()));
            assertThat(event.utcOffset()).isBetween(Duration.ofMinutes(115), Duration.ofMinutes(125));
        }
    }

    @Test
    @Receives(DomainEvent.BalloonChange.class)
    void givesMemoryBack() throws Exception {
        long kib = 200 << 10;
        try (Events events = Events.of(connect(), DomainEvent.BALLOON_CHANGE)) {
            guest().domain().memory().set(kib, DomainModificationImpact.LIVE);
            events.expect(new DomainEvent.BalloonChange(identity(), kib));
            guest().domain().memory().set(Guest.MIB << 10, DomainModificationImpact.LIVE);
            events.expect(new DomainEvent.BalloonChange(identity(), Guest.MIB << 10));
        }
    }

    @Test
    @Receives(DomainEvent.BlockThreshold.class)
    void writesMoreThanAThreshold() throws Exception {
        long threshold = 1 << 20;
        try (Events events = Events.of(connect(), DomainEvent.BLOCK_THRESHOLD)) {
            guest().domain().disk("vda").setThreshold(threshold);
            console().run("dd if=/dev/zero of=/dev/vda bs=1M count=4 conv=fsync");
            DomainEvent.BlockThreshold event =
                    events.next(DomainEvent.BlockThreshold.class, e -> e.dev().equals("vda"));
            assertThat(event)
                    .isEqualTo(new DomainEvent.BlockThreshold(
                            identity(), "vda", guest().disk().toString(), threshold, event.excess()));
            assertThat(event.excess()).isBetween(1L, 4L << 20);
        }
    }

    @Test
    @Receives(DomainEvent.AgentLifecycle.class)
    void startsAndStopsItsAgent() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.AGENT_LIFECYCLE)) {
            console().run("qemu-ga -d -p /dev/virtio-ports/org.qemu.guest_agent.0");
            events.expect(agent(ConnectDomainEventAgentLifecycleState.CONNECTED));
            assertThat(virsh("qemu-agent-command", guest().name(), "{\"execute\": \"guest-get-host-name\"}"))
                    .contains("\"return\"");
            console().run("killall qemu-ga");
            events.expect(agent(ConnectDomainEventAgentLifecycleState.DISCONNECTED));
        }
    }

    private DomainEvent.AgentLifecycle agent(ConnectDomainEventAgentLifecycleState state) {
        return new DomainEvent.AgentLifecycle(
                identity(), raw(state), raw(ConnectDomainEventAgentLifecycleReason.CHANNEL));
    }

    @Test
    @Receives({DomainEvent.DeviceAdded.class, DomainEvent.DeviceRemoved.class})
    void letsGoOfADisk() throws Exception {
        Path file = Guest.file(DAEMON, "plugged.raw", 1 << 20);
        String disk = """
                <disk type='file'>
                  <source file='%s'/><target dev='vdb' bus='virtio'/><alias name='ua-plugged'/>
                </disk>
                """.formatted(file);
        try (Events events = Events.of(connect(), DomainEvent.DEVICE_ADDED, DomainEvent.DEVICE_REMOVED)) {
            guest().domain().attachDevice(disk);
            events.expect(new DomainEvent.DeviceAdded(identity(), "ua-plugged"));
            console().run("while [ ! -e /sys/block/vdb ]; do sleep 0.1; done");
            guest().domain().detachDevice(disk);
            events.expect(new DomainEvent.DeviceRemoved(identity(), "ua-plugged"));
        } finally {
            Files.delete(file);
        }
    }

    @Test
    @Receives(DomainEvent.NicMacChange.class)
    void changesTheAddressOfItsNetworkDevice() throws Exception {
        String address = "52:54:00:00:00:02";
        try (Events events = Events.of(connect(), DomainEvent.NIC_MAC_CHANGE)) {
            console().run("ip link set eth0 address " + address);
            events.expect(new DomainEvent.NicMacChange(identity(), "net0", MAC, address));
        }
    }

    /// The last: it does not get far afterwards, not even to power off.
    @Test
    @Order(Integer.MAX_VALUE)
    @Receives({DomainEvent.PmSuspend.class, DomainEvent.PmWakeup.class, DomainEvent.Lifecycle.class})
    void sleepsAndWakesUp() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.PMSUSPEND, DomainEvent.PMWAKEUP, DomainEvent.LIFECYCLE)) {
            console().start("echo mem >/sys/power/state; echo awa''ke");
            events.expect(new DomainEvent.PmSuspend(identity(), 0));
            events.expect(guest().lifecycle(PMSUSPENDED, DomainEventPmSuspendedDetailType.MEMORY));
            virsh("dompmwakeup", guest().name());
            events.expect(new DomainEvent.PmWakeup(identity(), 0));
            events.expect(guest().lifecycle(STARTED, DomainEventStartedDetailType.WAKEUP));
            console().await("awake");
        }
    }
}
