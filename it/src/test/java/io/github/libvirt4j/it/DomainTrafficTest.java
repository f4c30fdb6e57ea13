package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.DomainDisk;
import io.github.libvirt4j.DomainInterface;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.error.FunctionMissingException;
import io.github.libvirt4j.testing.RootDaemon;
import io.github.libvirt4j.types.DomainAnnounceInterfaceKeys;
import io.github.libvirt4j.types.DomainBlockStatsKeys;
import io.github.libvirt4j.types.ParameterKey;
import io.github.libvirt4j.types.TypedParameters;
import io.github.libvirt4j.types.Version;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The disk and the network interface of a guest that has booted and uses them, as the host counts it.
@ExtendWith(NothingLeft.class)
@Timeout(180)
class DomainTrafficTest {
    private static final String MAC = "52:54:00:00:00:07";

    @Test
    void isCounted() throws Exception {
        try (RootDaemon daemon = RootDaemon.start();
                Connect connect = Connect.open(daemon.unixUri("qemu:///system"))) {
            daemon.run("ip", "link", "add", "br7", "type", "bridge");
            daemon.run("ip", "address", "add", "192.0.2.1/24", "dev", "br7");
            daemon.run("ip", "link", "set", "br7", "up");
            try (Guest guest = Guest.booting(daemon, connect, """
                            <interface type='bridge'>
                              <source bridge='br7'/><mac address='%s'/><target dev='tap7'/><model type='virtio'/>
                            </interface>
                            """.formatted(MAC));
                    Console console = new Console(connect, guest)) {
                console.await("GUEST READY");
                disk(guest.domain().disk("vda"), console);
                network(guest.domain().iface("tap7"), console);
                announcement(guest.domain().iface(MAC));
            }
        }
    }

    private static void disk(DomainDisk disk, Console console) {
        TypedParameters before = disk.stats();
        console.run("dd if=/dev/vda of=/dev/null bs=1M count=3");
        console.run("echo written | dd of=/dev/vda conv=fsync");
        TypedParameters after = disk.stats();
        assertThat(more(before, after, DomainBlockStatsKeys.READ_BYTES)).isGreaterThanOrEqualTo(3 << 20);
        assertThat(more(before, after, DomainBlockStatsKeys.READ_REQ)).isPositive();
        assertThat(more(before, after, DomainBlockStatsKeys.WRITE_BYTES)).isBetween(512L, 1L << 20);
        assertThat(more(before, after, DomainBlockStatsKeys.FLUSH_REQ)).isPositive();
        assertThat(new String(disk.peek(0, 8), StandardCharsets.US_ASCII)).isEqualTo("written\n");
    }

    private static long more(TypedParameters before, TypedParameters after, ParameterKey<Long> key) {
        return after.require(key) - before.require(key);
    }

    private static void network(DomainInterface iface, Console console) {
        console.run("ip address add 192.0.2.2/24 dev eth0; ip link set eth0 up");
        DomainInterface.Stats before = iface.stats();
        console.run("ping -c 5 -i 0.2 -s 1000 192.0.2.1");
        DomainInterface.Stats after = iface.stats();
        assertThat(after.rxPackets() - before.rxPackets()).isGreaterThanOrEqualTo(5);
        assertThat(after.txPackets() - before.txPackets()).isGreaterThanOrEqualTo(5);
        assertThat(after.rxBytes() - before.rxBytes()).isGreaterThanOrEqualTo(5_000);
        assertThat(after.txBytes() - before.txBytes()).isGreaterThanOrEqualTo(5_000);
        assertThat(after.rxErrs() + after.txErrs()).isZero();
    }

    /// QEMU sends it some time after the call has returned.
    private static void announcement(DomainInterface iface) throws InterruptedException {
        TypedParameters twice = TypedParameters.builder()
                .set(DomainAnnounceInterfaceKeys.ROUNDS, 2L)
                .build();
        if (Libvirt.version().compareTo(new Version(12, 5, 0)) < 0) {
            assertThatExceptionOfType(FunctionMissingException.class)
                    .isThrownBy(() -> iface.announce(twice))
                    .withMessageContaining("12.5.0");
            return;
        }
        long before = iface.stats().txPackets();
        iface.announce(twice);
        while (iface.stats().txPackets() < before + 2) {
            Thread.sleep(10);
        }
    }
}
