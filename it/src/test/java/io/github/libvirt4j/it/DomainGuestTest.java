package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.DomainGuest;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.types.ConnectDomainEventAgentLifecycleState;
import io.github.libvirt4j.types.DomainAgentResponseTimeoutValues;
import io.github.libvirt4j.types.DomainGetHostnameFlags;
import io.github.libvirt4j.types.DomainGuestInfoKeys;
import io.github.libvirt4j.types.DomainGuestInfoTypes;
import io.github.libvirt4j.types.DomainInterfaceAddressesSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A guest that has booted and runs its agent.
class DomainGuestTest extends OneGuest {
    @Override
    Guest make(Connect on) throws IOException {
        return Guest.booting(DAEMON, on, """
                <interface type='user'><mac address='52:54:00:00:00:09'/><model type='virtio'/></interface>
                """);
    }

    @BeforeAll
    void boot() throws InterruptedException {
        try (Events events = Events.of(connect(), DomainEvent.AGENT_LIFECYCLE);
                Console console = new Console(connect(), guest())) {
            console.await("GUEST READY");
            console.run("name-ports 1");
            console.run("hostname booted; ip address add 10.1.2.3/24 dev eth0");
            console.run("qemu-ga -d -p /dev/virtio-ports/org.qemu.guest_agent.0");
            // The agent opens its port in the background.
            events.next(
                    DomainEvent.AgentLifecycle.class,
                    event -> event.state() == ConnectDomainEventAgentLifecycleState.CONNECTED);
        }
        ping();
    }

    private DomainGuest os() {
        return guest().domain().guest();
    }

    private void ping() {
        assertThat(guest().domain().qemu().agentCommand("{\"execute\": \"guest-ping\"}", 60))
                .isEqualTo("{\"return\":{}}");
    }

    @Test
    void hasAName() {
        assertThat(os().hostname()).isEqualTo("booted");
        assertThat(os().hostname(DomainGetHostnameFlags.AGENT)).isEqualTo("booted");
        assertThat(os().info(Set.of(DomainGuestInfoTypes.HOSTNAME)).get(DomainGuestInfoKeys.HOSTNAME_HOSTNAME))
                .hasValue("booted");
        assertThat(os().info(Set.of()).size()).isGreaterThan(1);
    }

    @Test
    void hasAddresses() {
        assertThat(os().interfaceAddresses(DomainInterfaceAddressesSource.AGENT))
                .filteredOn(iface -> iface.name().equals("eth0"))
                .singleElement()
                .satisfies(iface -> {
                    assertThat(iface.hwaddr()).isEqualTo("52:54:00:00:00:09");
                    assertThat(iface.addrs()).contains(new DomainGuest.IpAddress(0, "10.1.2.3", 24));
                });
        assertThat(os().interfaceAddresses(DomainInterfaceAddressesSource.AGENT))
                .filteredOn(iface -> iface.name().equals("lo"))
                .isNotEmpty();
    }

    /// The guest has no `/sbin/hwclock`, with which the agent sets the clock.
    @Test
    void hasAClock() {
        Instant now = Instant.now();
        assertThat(os().time()).isBetween(now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(1)));
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> os().setTime(now))
                .withMessageContaining("guest-set-time");
    }

    @Test
    void hasProcessors() {
        assertThat(os().vcpus().getString("vcpus")).contains("0");
        assertThat(os().vcpus().getString("online")).contains("0");
    }

    /// It lives in its initrd, and has no file system on a disk.
    @Test
    void hasFileSystems() {
        assertThat(os().fsInfo()).isEmpty();
        assertThat(os().fsFreeze()).isZero();
        assertThat(os().fsThaw()).isZero();
    }

    @Test
    void answersInTime() {
        os().agentSetResponseTimeout(60);
        assertThat(os().hostname()).isEqualTo("booted");
        os().agentSetResponseTimeout(DomainAgentResponseTimeoutValues.BLOCK.value());
        assertThat(os().hostname()).isEqualTo("booted");
    }

    @Test
    void tellsWhatItCannot() {
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> guest().domain().qemu().agentCommand("{\"execute\": \"nothing\"}", 60))
                .withMessageContaining("nothing");
        char[] password = "secret".toCharArray();
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> os().setUserPassword("nobody-of-that-name", password));
        assertThat(password).containsOnly('\0');
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> os().authorizedSshKeys("nobody-of-that-name"));
    }
}
