package io.github.libvirt4j.it;

import static io.github.libvirt4j.types.DomainEventGraphicsAddressType.IPV4;
import static io.github.libvirt4j.types.DomainEventGraphicsAddressType.IPV6;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.GraphicsAddress;
import io.github.libvirt4j.event.GraphicsIdentity;
import io.github.libvirt4j.testing.QemuMonitor;
import io.github.libvirt4j.types.ConnectDomainEventAgentLifecycleReason;
import io.github.libvirt4j.types.ConnectDomainEventAgentLifecycleState;
import io.github.libvirt4j.types.ConnectDomainEventChannelLifecycleReason;
import io.github.libvirt4j.types.ConnectDomainEventChannelLifecycleState;
import io.github.libvirt4j.types.ConnectDomainQemuMonitorEventRegisterFlags;
import io.github.libvirt4j.types.DomainEventGraphicsPhase;
import io.github.libvirt4j.types.DomainEventIoErrorAction;
import io.github.libvirt4j.types.DomainEventTrayChangeReason;
import io.github.libvirt4j.types.DomainEventWatchdogAction;
import io.github.libvirt4j.types.DomainMemoryFailureActionType;
import io.github.libvirt4j.types.DomainMemoryFailureFlags;
import io.github.libvirt4j.types.DomainMemoryFailureRecipientType;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.Version;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What QEMU says of a guest, written to its monitor while the guest stands still: also what no guest can be
/// made to do here, and each value there is.
class InjectedDomainEventsTest extends OneGuest {
    private @Nullable QemuMonitor monitor;

    @Override
    Guest make(Connect on) throws IOException {
        return Guest.paused(DAEMON, on, """
                <disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>
                <channel type='unix'><target type='virtio' name='org.example.0'/></channel>
                <watchdog model='i6300esb' action='none'/>
                <memory model='virtio-mem'>
                  <target>
                    <size unit='MiB'>256</size>
                    <node>0</node>
                    <block unit='MiB'>2</block>
                    <requested unit='MiB'>64</requested>
                  </target>
                </memory>
                """);
    }

    @BeforeAll
    void connectToTheMonitor() throws IOException {
        monitor = guest().monitor();
    }

    @AfterAll
    void closeTheMonitor() throws IOException {
        monitor().close();
    }

    private QemuMonitor monitor() {
        return Objects.requireNonNull(monitor);
    }

    @Test
    @Receives(DomainEvent.RtcChange.class)
    void clock() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.RTC_CHANGE)) {
            monitor().event("RTC_CHANGE", "{\"offset\": -7200}");
            monitor().event("RTC_CHANGE", "{\"offset\": 5000000000}");
            events.expect(new DomainEvent.RtcChange(identity(), Duration.ofHours(-2)));
            events.expect(new DomainEvent.RtcChange(identity(), Duration.ofSeconds(5_000_000_000L)));
        }
    }

    @Test
    @Receives(DomainEvent.Watchdog.class)
    void watchdog() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.WATCHDOG)) {
            for (var action : Map.of(
                            "none", DomainEventWatchdogAction.NONE,
                            "pause", DomainEventWatchdogAction.PAUSE,
                            "reset", DomainEventWatchdogAction.RESET,
                            "poweroff", DomainEventWatchdogAction.POWEROFF,
                            "shutdown", DomainEventWatchdogAction.SHUTDOWN,
                            "debug", DomainEventWatchdogAction.DEBUG,
                            "inject-nmi", DomainEventWatchdogAction.INJECTNMI)
                    .entrySet()) {
                monitor().event("WATCHDOG", "{\"action\": \"" + action.getKey() + "\"}");
                events.expect(new DomainEvent.Watchdog(identity(), raw(action.getValue())));
            }
        }
    }

    @Test
    @Receives({DomainEvent.IoError.class, DomainEvent.IoErrorReason.class})
    void diskThatFails() throws Exception {
        String disk = guest().disk().toString();
        int report = raw(DomainEventIoErrorAction.REPORT);
        int none = raw(DomainEventIoErrorAction.NONE);
        // Newer daemons keep QEMU's words, for virDomainGetMessages.
        String other = connect().libVersion().compareTo(new Version(11, 1, 0)) < 0 ? "" : "message";
        try (Events events = Events.of(connect(), DomainEvent.IO_ERROR, DomainEvent.IO_ERROR_REASON)) {
            monitor().event("BLOCK_IO_ERROR", """
                    {"device": "drive-virtio-disk0", "operation": "write", "action": "report", "nospace": true,
                     "reason": "No space left on device"}""".replace('\n', ' '));
            events.expectAll(
                    new DomainEvent.IoError(identity(), disk, "virtio-disk0", report),
                    new DomainEvent.IoErrorReason(identity(), disk, "virtio-disk0", report, "enospc"));
            monitor().event("BLOCK_IO_ERROR", """
                    {"device": "drive-virtio-disk0", "operation": "read", "action": "ignore", "nospace": false,
                     "reason": "Input/output error"}""".replace('\n', ' '));
            events.expectAll(
                    new DomainEvent.IoError(identity(), disk, "virtio-disk0", none),
                    new DomainEvent.IoErrorReason(identity(), disk, "virtio-disk0", none, other));
        }
    }

    @Test
    @Receives(DomainEvent.Graphics.class)
    void somebodyWithANameAtTheScreen() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.GRAPHICS)) {
            monitor().event("VNC_INITIALIZED", """
                    {"server": {"auth": "sasl", "family": "ipv4", "service": "5901", "host": "127.0.0.1"},
                     "client": {"family": "ipv6", "service": "40000", "host": "::1",
                                "x509_dname": "CN=fred", "sasl_username": "fred"}}""".replace('\n', ' '));
            DomainEvent.Graphics event = events.next(DomainEvent.Graphics.class);
            assertThat(event.subject())
                    .containsExactlyInAnyOrder(
                            new GraphicsIdentity("x509dname", "CN=fred"), new GraphicsIdentity("saslUsername", "fred"));
            assertThat(event)
                    .isEqualTo(new DomainEvent.Graphics(
                            identity(),
                            raw(DomainEventGraphicsPhase.INITIALIZE),
                            new GraphicsAddress(raw(IPV4), "127.0.0.1", "5901"),
                            new GraphicsAddress(raw(IPV6), "::1", "40000"),
                            "sasl",
                            event.subject()));
            monitor().event("SPICE_DISCONNECTED", """
                    {"server": {"port": "5920", "family": "ipv4", "host": "127.0.0.1"},
                     "client": {"port": "49004", "family": "ipv4", "host": "127.0.0.1"}}""".replace('\n', ' '));
            events.expect(new DomainEvent.Graphics(
                    identity(),
                    raw(DomainEventGraphicsPhase.DISCONNECT),
                    new GraphicsAddress(raw(IPV4), "127.0.0.1", "5920"),
                    new GraphicsAddress(raw(IPV4), "127.0.0.1", "49004"),
                    "",
                    List.of()));
        }
    }

    @Test
    @Receives(DomainEvent.TrayChange.class)
    void tray() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.TRAY_CHANGE)) {
            for (boolean open : new boolean[] {true, false}) {
                monitor().event("DEVICE_TRAY_MOVED", """
                        {"tray-open": %b, "device": "drive-sata0-0-0", "id": "sata0-0-0"}""".formatted(open));
                events.expect(new DomainEvent.TrayChange(
                        identity(),
                        "sata0-0-0",
                        raw(open ? DomainEventTrayChangeReason.OPEN : DomainEventTrayChangeReason.CLOSE)));
            }
        }
    }

    @Test
    @Receives({DomainEvent.PmSuspend.class, DomainEvent.PmWakeup.class, DomainEvent.PmSuspendDisk.class})
    void sleep() throws Exception {
        try (Events events =
                Events.of(connect(), DomainEvent.PMSUSPEND, DomainEvent.PMWAKEUP, DomainEvent.PMSUSPEND_DISK)) {
            monitor().event("SUSPEND", "{}");
            events.expect(new DomainEvent.PmSuspend(identity(), 0));
            monitor().event("WAKEUP", "{}");
            events.expect(new DomainEvent.PmWakeup(identity(), 0));
            monitor().event("SUSPEND_DISK", "{}");
            events.expect(new DomainEvent.PmSuspendDisk(identity(), 0));
        }
    }

    @Test
    @Receives(DomainEvent.BalloonChange.class)
    void balloon() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.BALLOON_CHANGE)) {
            monitor().event("BALLOON_CHANGE", "{\"actual\": 8796093022208}");
            events.expect(new DomainEvent.BalloonChange(identity(), 1L << 33));
            monitor().event("BALLOON_CHANGE", "{\"actual\": " + (Guest.MIB << 20) + "}");
            events.expect(new DomainEvent.BalloonChange(identity(), Guest.MIB << 10));
        }
    }

    @Test
    @Receives(DomainEvent.DeviceRemovalFailed.class)
    void deviceThatStays() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.DEVICE_REMOVAL_FAILED)) {
            monitor().event("DEVICE_UNPLUG_GUEST_ERROR", """
                    {"device": "virtio-disk0", "path": "/machine/peripheral/virtio-disk0"}""");
            events.expect(new DomainEvent.DeviceRemovalFailed(identity(), "virtio-disk0"));
        }
    }

    @Test
    @Receives(DomainEvent.AgentLifecycle.class)
    void agent() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.AGENT_LIFECYCLE)) {
            for (boolean open : new boolean[] {true, false}) {
                monitor().event("VSERPORT_CHANGE", "{\"id\": \"channel0\", \"open\": " + open + "}");
                events.expect(new DomainEvent.AgentLifecycle(
                        identity(),
                        raw(
                                open
                                        ? ConnectDomainEventAgentLifecycleState.CONNECTED
                                        : ConnectDomainEventAgentLifecycleState.DISCONNECTED),
                        raw(ConnectDomainEventAgentLifecycleReason.CHANNEL)));
            }
        }
    }

    @Test
    @Receives(DomainEvent.ChannelLifecycle.class)
    void channel() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.CHANNEL_LIFECYCLE)) {
            for (boolean open : new boolean[] {true, false}) {
                monitor().event("VSERPORT_CHANGE", "{\"id\": \"channel1\", \"open\": " + open + "}");
                events.expect(new DomainEvent.ChannelLifecycle(
                        identity(),
                        "org.example.0",
                        raw(
                                open
                                        ? ConnectDomainEventChannelLifecycleState.CONNECTED
                                        : ConnectDomainEventChannelLifecycleState.DISCONNECTED),
                        raw(ConnectDomainEventChannelLifecycleReason.CHANNEL)));
            }
        }
    }

    /// Under emulation, QEMU does not say it itself: 7.2 only of the processor's interrupt controller.
    @Test
    @Receives(DomainEvent.VcpuRemoved.class)
    void processorThatIsGone() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.VCPU_REMOVED)) {
            guest().domain().cpu().setVcpus(2);
            monitor().event("DEVICE_DELETED", """
                    {"device": "vcpu1", "path": "/machine/peripheral/vcpu1"}""");
            events.expect(new DomainEvent.VcpuRemoved(identity(), 1));
        }
    }

    @Test
    @Receives(DomainEvent.MemoryFailure.class)
    void memoryThatIsBroken() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.MEMORY_FAILURE)) {
            monitor().event("MEMORY_FAILURE", """
                    {"recipient": "hypervisor", "action": "ignore",
                     "flags": {"action-required": false, "recursive": false}}""".replace('\n', ' '));
            events.expect(new DomainEvent.MemoryFailure(
                    identity(),
                    raw(DomainMemoryFailureRecipientType.HYPERVISOR),
                    raw(DomainMemoryFailureActionType.IGNORE),
                    0));
            monitor().event("MEMORY_FAILURE", """
                    {"recipient": "guest", "action": "fatal",
                     "flags": {"action-required": true, "recursive": true}}""".replace('\n', ' '));
            events.expect(new DomainEvent.MemoryFailure(
                    identity(),
                    raw(DomainMemoryFailureRecipientType.GUEST),
                    raw(DomainMemoryFailureActionType.FATAL),
                    Flag.combine(DomainMemoryFailureFlags.ACTION_REQUIRED, DomainMemoryFailureFlags.RECURSIVE)));
        }
    }

    @Test
    @Receives(DomainEvent.MemoryDeviceSizeChange.class)
    void memoryThatIsPluggedIn() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.MEMORY_DEVICE_SIZE_CHANGE)) {
            monitor().event("MEMORY_DEVICE_SIZE_CHANGE", """
                    {"id": "virtiomem0", "size": 67108864, "qom-path": "/machine/peripheral/virtiomem0"}""");
            events.expect(new DomainEvent.MemoryDeviceSizeChange(identity(), "virtiomem0", 64 << 10));
        }
    }

    @Test
    @Receives(DomainEvent.QemuMonitor.class)
    void whateverItSays() throws Exception {
        long now = Instant.parse("2001-02-03T04:05:06Z").getEpochSecond();
        try (Events events = Events.of(
                connect(), DomainEvent.qemuMonitor("(X_.*|RESET)", ConnectDomainQemuMonitorEventRegisterFlags.REGEX))) {
            monitor().event("OTHER", "{}", now, 1);
            monitor().event("X_SOMETHING", "{\"a\": [1, \"ä\"]}", now, 999_999);
            DomainEvent.QemuMonitor event = events.next(DomainEvent.QemuMonitor.class);
            assertThat(event)
                    .isEqualTo(
                            new DomainEvent.QemuMonitor(identity(), "X_SOMETHING", now, 999_999, "{\"a\":[1,\"ä\"]}"));
            assertThat(event.time()).isEqualTo("2001-02-03T04:05:06.999999Z");
            monitor().say("{\"timestamp\": {\"seconds\": -1, \"microseconds\": 7}, \"event\": \"X_BARE\"}");
            events.expect(new DomainEvent.QemuMonitor(identity(), "X_BARE", -1, 7, null));
            // QEMU itself.
            Instant before = Instant.now().minusSeconds(1);
            guest().domain().reset();
            event = events.next(DomainEvent.QemuMonitor.class);
            assertThat(event)
                    .isEqualTo(new DomainEvent.QemuMonitor(
                            identity(), "RESET", event.seconds(), event.micros(), event.details()));
            assertThat(event.time()).isBetween(before, Instant.now().plusSeconds(1));
            assertThat(event.details()).contains("\"guest\":false");
        }
    }
}
