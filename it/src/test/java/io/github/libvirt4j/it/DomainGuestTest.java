package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.DomainGuest;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.examples.FreezeGuest;
import io.github.libvirt4j.types.ConnectDomainEventAgentLifecycleState;
import io.github.libvirt4j.types.DomainAgentResponseTimeoutValues;
import io.github.libvirt4j.types.DomainAuthorizedSshKeysSetFlags;
import io.github.libvirt4j.types.DomainGetHostnameFlags;
import io.github.libvirt4j.types.DomainGuestInfoKeys;
import io.github.libvirt4j.types.DomainGuestInfoTypes;
import io.github.libvirt4j.types.DomainInterfaceAddressesSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
            console.run("mke2fs /dev/vda; mount -t ext4 /dev/vda /mnt");
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

    @Test
    void hasFileSystems() {
        assertThat(os().fsInfo()).singleElement().satisfies(info -> {
            assertThat(info.mountpoint()).isEqualTo("/mnt");
            assertThat(info.fstype()).isEqualTo("ext4");
            assertThat(info.devAlias()).containsExactly("vda");
        });
    }

    /// A write waits until the file system is thawed.
    @Test
    void isFrozenAndThawed() {
        try (Console console = new Console(connect(), guest())) {
            assertThat(os().fsFreeze("/mnt")).isOne();
            console.start("touch /mnt/file; echo writ''ten");
            assertThat(os().fsThaw()).isOne();
            console.await("written");
        }
        assertThat(os().fsFreeze("/elsewhere")).isZero();
        assertThat(os().fsThaw()).isZero();
        os().fsTrim(null, 0);
    }

    @Test
    void isThawedByTheExample() throws Exception {
        FreezeGuest.main(new String[] {URI, guest().name(), "true"});
        assertThat(os().fsThaw()).isZero();
    }

    @Test
    void hasUsers() {
        char[] password = "secret".toCharArray();
        os().setUserPassword("root", password);
        assertThat(password).containsOnly('\0');
        try (Console console = new Console(connect(), guest())) {
            console.start("cat /tmp/chpasswd");
            console.await("root:secret");
        }
        os().setAuthorizedSshKeys("root", List.of("ssh-ed25519 AAAA first", "ssh-ed25519 BBBB second"));
        assertThat(os().authorizedSshKeys("root"))
                .containsExactlyInAnyOrder("ssh-ed25519 AAAA first", "ssh-ed25519 BBBB second");
        os().setAuthorizedSshKeys("root", List.of("ssh-ed25519 AAAA first"), DomainAuthorizedSshKeysSetFlags.REMOVE);
        os().setAuthorizedSshKeys("root", List.of("ssh-ed25519 CCCC third"), DomainAuthorizedSshKeysSetFlags.APPEND);
        assertThat(os().authorizedSshKeys("root"))
                .containsExactlyInAnyOrder("ssh-ed25519 BBBB second", "ssh-ed25519 CCCC third");
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
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> os().authorizedSshKeys("nobody-of-that-name"));
    }
}
