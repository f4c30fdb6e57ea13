package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.GraphicsAddress;
import io.github.libvirt4j.types.ConnectDomainEventDiskChangeReason;
import io.github.libvirt4j.types.DomainBlockIoTuneKeys;
import io.github.libvirt4j.types.DomainEventGraphicsAddressType;
import io.github.libvirt4j.types.DomainEventGraphicsPhase;
import io.github.libvirt4j.types.DomainEventTrayChangeReason;
import io.github.libvirt4j.types.DomainMetadataType;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.DomainTunableKeys;
import io.github.libvirt4j.types.TypedParameters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What is done to a guest that stands still, and needs nothing of it.
class DomainEventsOfTheHypervisorTest extends OneGuest {
    private static final String MISSING = "/nowhere/missing.iso";

    @Override
    Guest make(Connect on) throws IOException {
        return Guest.paused(DAEMON, on, """
                <disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>
                <controller type='usb' model='qemu-xhci'/>
                <graphics type='vnc' autoport='yes' listen='127.0.0.1'/>
                <video><model type='vga'/></video>
                """);
    }

    @Test
    @Receives(DomainEvent.Reboot.class)
    void reset() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.REBOOT)) {
            guest().domain().reset();
            events.expect(new DomainEvent.Reboot(identity()));
        }
    }

    @Test
    @Receives(DomainEvent.Graphics.class)
    void somebodyAtTheScreen() throws Exception {
        Matcher graphics = Pattern.compile("<graphics type='vnc' port='(\\d+)'")
                .matcher(guest().domain().xmlDesc());
        assertThat(graphics.find()).isTrue();
        String port = Objects.requireNonNull(graphics.group(1));
        try (Events events = Events.of(connect(), DomainEvent.GRAPHICS);
                Socket viewer = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
            var from = viewer.getInputStream();
            var to = viewer.getOutputStream();
            // RFC 6143: the version, no security, a shared screen.
            byte[] version = from.readNBytes(12);
            to.write(version);
            assertThat(from.readNBytes(2)).isEqualTo(new byte[] {1, 1});
            to.write(1);
            assertThat(from.readNBytes(4)).containsOnly(0);
            to.write(1);
            from.readNBytes(24);
            var local = new GraphicsAddress(raw(DomainEventGraphicsAddressType.IPV4), "127.0.0.1", port);
            var remote = new GraphicsAddress(
                    raw(DomainEventGraphicsAddressType.IPV4), "127.0.0.1", Integer.toString(viewer.getLocalPort()));
            events.expectAll(
                    graphics(DomainEventGraphicsPhase.CONNECT, local, remote),
                    graphics(DomainEventGraphicsPhase.INITIALIZE, local, remote));
            viewer.shutdownOutput();
            events.expect(graphics(DomainEventGraphicsPhase.DISCONNECT, local, remote));
        }
    }

    private DomainEvent.Graphics graphics(
            DomainEventGraphicsPhase phase, GraphicsAddress local, GraphicsAddress remote) {
        return new DomainEvent.Graphics(identity(), raw(phase), local, remote, "none", List.of());
    }

    @Test
    @Receives({DomainEvent.DeviceAdded.class, DomainEvent.DeviceRemoved.class})
    void deviceThatComesAndGoes() throws Exception {
        String name = "ua-tablet";
        String tablet = "<input type='tablet' bus='usb'><alias name='" + name + "'/></input>";
        try (Events events = Events.of(connect(), DomainEvent.DEVICE_ADDED, DomainEvent.DEVICE_REMOVED)) {
            guest().domain().attachDevice(tablet);
            events.expect(new DomainEvent.DeviceAdded(identity(), name));
            // One of USB goes without being asked.
            guest().domain().detachDevice(tablet);
            events.expect(new DomainEvent.DeviceRemoved(identity(), name));
        }
    }

    @Test
    @Receives(DomainEvent.TrayChange.class)
    void disc() throws Exception {
        Path disc = Guest.file(DAEMON, "disc.iso", 1 << 20);
        try (Events events = Events.of(connect(), DomainEvent.TRAY_CHANGE)) {
            virsh("change-media", guest().name(), "sda", disc.toString(), "--insert", "--live");
            events.expect(new DomainEvent.TrayChange(identity(), "sata0-0-0", raw(DomainEventTrayChangeReason.OPEN)));
            events.expect(new DomainEvent.TrayChange(identity(), "sata0-0-0", raw(DomainEventTrayChangeReason.CLOSE)));
            virsh("change-media", guest().name(), "sda", "--eject", "--live");
            events.expect(new DomainEvent.TrayChange(identity(), "sata0-0-0", raw(DomainEventTrayChangeReason.OPEN)));
        }
    }

    @Test
    @Receives(DomainEvent.DiskChange.class)
    void discThatIsMissing() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.DISK_CHANGE);
                Guest other = Guest.paused(DAEMON, connect(), """
                        <disk type='file' device='cdrom'>
                          <source file='%s' startupPolicy='optional'/>
                          <target dev='sda' bus='sata'/>
                        </disk>
                        <disk type='file'>
                          <source file='%1$s' startupPolicy='optional'/>
                          <target dev='sdb' bus='sata'/>
                        </disk>
                        """.formatted(MISSING))) {
            events.expectAll(
                    new DomainEvent.DiskChange(
                            other.identity(),
                            MISSING,
                            null,
                            "sata0-0-0",
                            raw(ConnectDomainEventDiskChangeReason.CHANGE_MISSING_ON_START)),
                    new DomainEvent.DiskChange(
                            other.identity(),
                            MISSING,
                            null,
                            "sata0-0-1",
                            raw(ConnectDomainEventDiskChangeReason.DROP_MISSING_ON_START)));
        }
    }

    @Test
    @Receives(DomainEvent.Tunable.class)
    void tunables() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.TUNABLE)) {
            TypedParameters limit = TypedParameters.builder()
                    .set(DomainBlockIoTuneKeys.TOTAL_IOPS_SEC, 1000L)
                    .set(DomainBlockIoTuneKeys.GROUP_NAME, "slow")
                    .build();
            guest().domain().disk("vda").setIoTune(limit, DomainModificationImpact.LIVE);
            DomainEvent.Tunable event = events.next(DomainEvent.Tunable.class);
            assertThat(event.domain()).isEqualTo(identity());
            assertThat(event.params().get(DomainTunableKeys.BLKDEV_DISK)).hasValue("vda");
            assertThat(event.params().get(DomainTunableKeys.BLKDEV_GROUP_NAME)).hasValue("slow");
            assertThat(event.params().get(DomainTunableKeys.BLKDEV_TOTAL_IOPS_SEC))
                    .hasValue(1000L);
            virsh("vcpupin", guest().name(), "0", "0", "--live");
            event = events.next(DomainEvent.Tunable.class);
            assertThat(event.domain()).isEqualTo(identity());
            assertThat(event.params())
                    .isEqualTo(TypedParameters.builder()
                            .set(DomainTunableKeys.cpuVcpupin(0), "0")
                            .build());
        }
    }

    @Test
    @Receives(DomainEvent.MetadataChange.class)
    void metadata() throws Exception {
        Domain domain = guest().domain();
        try (Events events = Events.of(connect(), DomainEvent.METADATA_CHANGE)) {
            domain.setTitle("Ein Titel", DomainModificationImpact.LIVE);
            events.expect(new DomainEvent.MetadataChange(identity(), raw(DomainMetadataType.TITLE), null));
            domain.setMetadata(DomainMetadataType.DESCRIPTION, "Was es ist", null, null, DomainModificationImpact.LIVE);
            events.expect(new DomainEvent.MetadataChange(identity(), raw(DomainMetadataType.DESCRIPTION), null));
            domain.setMetadata(DomainMetadataType.ELEMENT, "<e/>", "k", "urn:ä", DomainModificationImpact.LIVE);
            events.expect(new DomainEvent.MetadataChange(identity(), raw(DomainMetadataType.ELEMENT), "urn:ä"));
        }
    }

    @Test
    @Receives(DomainEvent.ControlError.class)
    void monitorThatIsNotUnderstood() throws Exception {
        try (Events events = Events.of(connect(), DomainEvent.CONTROL_ERROR);
                Guest other = Guest.paused(DAEMON, connect());
                var monitor = other.monitor()) {
            monitor.say("no JSON");
            events.expect(new DomainEvent.ControlError(other.identity()));
        }
    }
}
