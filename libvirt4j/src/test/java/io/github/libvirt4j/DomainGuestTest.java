package io.github.libvirt4j;

import static io.github.libvirt4j.support.Refusals.assertOperationInvalid;
import static io.github.libvirt4j.support.Refusals.assertUnsupported;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.error.InvalidArgumentException;
import io.github.libvirt4j.types.DomainAgentResponseTimeoutValues;
import io.github.libvirt4j.types.DomainGetHostnameFlags;
import io.github.libvirt4j.types.DomainGuestInfoTypes;
import io.github.libvirt4j.types.DomainInterfaceAddressesSource;
import io.github.libvirt4j.types.DomainProcessSignal;
import io.github.libvirt4j.types.DomainSetUserPasswordFlags;
import io.github.libvirt4j.types.IpAddrType;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Answers of the test driver about a guest, and of QEMU's about one that runs nothing. `it` has one with an
/// agent.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class DomainGuestTest {
    private final Connect connect = Embedded.open();
    private final Domain domain = connect.domains().create("""
            <domain type='test'>
              <name>%s</name>
              <memory unit='MiB'>256</memory>
              <os><type>hvm</type></os>
              <devices>
                <disk type='file'><source file='/image'/><target dev='vda'/></disk>
                <interface type='network'>
                  <mac address='52:54:00:00:00:01'/><source network='default'/><target dev='testnet0'/>
                </interface>
              </devices>
            </domain>
            """.formatted(Embedded.newName()));
    private final DomainGuest guest = domain.guest();

    @AfterEach
    void close() {
        if (!domain.isClosed() && domain.isActive()) {
            domain.destroy();
        }
        connect.close();
    }

    @Test
    void hasAName() {
        assertThat(guest.hostname()).isEqualTo(domain.name() + "host");
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> guest.hostname(DomainGetHostnameFlags.AGENT));
    }

    @Test
    void hasAddresses() {
        List<DomainGuest.Iface> ifaces = guest.interfaceAddresses(DomainInterfaceAddressesSource.AGENT);
        assertThat(guest.interfaceAddresses(DomainInterfaceAddressesSource.LEASE))
                .isEqualTo(ifaces);
        assertThat(ifaces).singleElement().satisfies(iface -> {
            assertThat(iface.name()).isEqualTo("testnet0");
            assertThat(iface.hwaddr()).isEqualTo("52:54:00:00:00:01");
            assertThat(iface.addrs()).singleElement().satisfies(address -> {
                assertThat(address.type()).isEqualTo(IpAddrType.IPV4);
                assertThat(address.addr()).startsWith("192.168.122.");
                assertThat(address.prefix()).isEqualTo(24);
            });
        });
    }

    @Test
    void hasAClock() {
        Instant time = Instant.ofEpochSecond(-12_345, 678_000_000);
        guest.setTime(time);
        assertThat(guest.time()).isEqualTo(time);
    }

    @Test
    void hasFileSystems() {
        assertThat(guest.fsInfo())
                .containsExactly(
                        new DomainGuest.FsInfo("/", "vda1", "ext4", List.of("vda")),
                        new DomainGuest.FsInfo("/boot", "vda2", "ext4", List.of("vda")));
        assertThat(guest.fsFreeze("/")).isEqualTo(1);
        assertThat(guest.fsFreeze()).isEqualTo(1);
        assertThat(guest.fsThaw("/", "/boot")).isEqualTo(2);
        assertThat(guest.fsThaw()).isZero();
        guest.fsTrim(null, 0);
        guest.fsTrim("/boot", 1 << 20);
        assertOperationInvalid(() -> guest.fsFreeze("/nothing"));
        assertOperationInvalid(() -> guest.fsTrim("/nothing", 0));
    }

    @Test
    void hasUsers() {
        char[] password = "gehäim".toCharArray();
        guest.setUserPassword("root", password);
        assertThat(password).containsOnly('\0');
        char[] encrypted = "$6$x".toCharArray();
        guest.setUserPassword("root", encrypted, DomainSetUserPasswordFlags.ENCRYPTED);
        assertThat(encrypted).containsOnly('\0');
        char[] none = {};
        guest.setUserPassword("root", none);
        char[] wrong = {'a', '\0'};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guest.setUserPassword("root", wrong))
                .withMessageContaining("password");
        assertThat(wrong).containsOnly('\0');
    }

    @Test
    void hasUsersWithATimeLimit() {
        try (Connect limited =
                Connect.to(Embedded.URI).callTimeout(Duration.ofSeconds(30)).open()) {
            char[] password = "secret".toCharArray();
            limited.domains().lookupByUuid(domain.uuid()).guest().setUserPassword("root", password);
            assertThat(password).containsOnly('\0');
        }
    }

    @Test
    void getsSignals() {
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> guest.sendProcessSignal(-2, DomainProcessSignal.TERM))
                .withMessageContaining("pid 1");
        guest.sendProcessSignal(1, DomainProcessSignal.TERM);
    }

    @Test
    void hasNoAgentInTheTestDriver() {
        assertUnsupported(() -> guest.info(Set.of(DomainGuestInfoTypes.OS)));
        assertUnsupported(guest::vcpus);
        assertUnsupported(() -> guest.setVcpus(BitSet.valueOf(new long[] {1}), true));
        assertUnsupported(() -> guest.authorizedSshKeys("root"));
        assertUnsupported(() -> guest.setAuthorizedSshKeys("root", List.of("a key")));
        assertUnsupported(() -> guest.agentSetResponseTimeout(1));
    }

    @Test
    void needsToRun() {
        try (PausedGuest paused = PausedGuest.start();
                Connect qemu = Connect.open(PausedGuest.URI)) {
            DomainGuest still = paused.on(qemu).guest();
            assertOperationInvalid(() -> still.info(Set.of()));
            assertOperationInvalid(still::hostname);
            assertOperationInvalid(() -> still.interfaceAddresses(DomainInterfaceAddressesSource.AGENT));
            assertThat(still.interfaceAddresses(DomainInterfaceAddressesSource.LEASE))
                    .isEmpty();
            assertOperationInvalid(still::time);
            assertOperationInvalid(() -> still.setTime(Instant.now()));
            assertOperationInvalid(still::fsInfo);
            assertOperationInvalid(still::fsFreeze);
            assertOperationInvalid(still::fsThaw);
            assertUnsupported(() -> still.fsThaw("/"));
            assertOperationInvalid(() -> still.fsTrim(null, 0));
            assertUnsupported(() -> still.fsTrim("/", 0));
            assertOperationInvalid(still::vcpus);
            assertOperationInvalid(() -> still.setVcpus(BitSet.valueOf(new long[] {1}), true));
            assertOperationInvalid(() -> still.authorizedSshKeys("root"));
            assertOperationInvalid(() -> still.setAuthorizedSshKeys("root", List.of("a key")));
            char[] password = "secret".toCharArray();
            assertOperationInvalid(() -> still.setUserPassword("root", password));
            assertThat(password).containsOnly('\0');
            assertUnsupported(() -> still.sendProcessSignal(1, DomainProcessSignal.TERM));
            for (DomainAgentResponseTimeoutValues value : DomainAgentResponseTimeoutValues.values()) {
                if (value != DomainAgentResponseTimeoutValues.UNRECOGNIZED) {
                    still.agentSetResponseTimeout(value.value());
                }
            }
            still.agentSetResponseTimeout(7);
            assertThatExceptionOfType(InvalidArgumentException.class)
                    .isThrownBy(() -> still.agentSetResponseTimeout(-3))
                    .withMessageContaining("-2");
        }
    }

    @Test
    void isGoneWithItsDomain() {
        domain.close();
        assertThatIllegalStateException().isThrownBy(guest::hostname);
        assertThatIllegalStateException().isThrownBy(guest::fsInfo);
        assertThatIllegalStateException().isThrownBy(guest::time);
        assertThatIllegalStateException().isThrownBy(() -> guest.info(Set.of()));
        char[] password = "secret".toCharArray();
        assertThatIllegalStateException().isThrownBy(() -> guest.setUserPassword("root", password));
        assertThat(password).containsOnly('\0');
        connect.domains().listAll().forEach(each -> {
            if (!each.isPersistent()) {
                each.destroy();
            }
        });
    }
}
