package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.error.FunctionMissingException;
import io.github.libvirt4j.error.InvalidArgumentException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.IpAddrType;
import io.github.libvirt4j.types.NetworkMetadataType;
import io.github.libvirt4j.types.NetworkUpdateCommand;
import io.github.libvirt4j.types.NetworkUpdateFlags;
import io.github.libvirt4j.types.NetworkUpdateSection;
import io.github.libvirt4j.types.NetworkXmlFlags;
import io.github.libvirt4j.types.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Functions that the test driver's networks do not have: of libvirt's own network driver, in a daemon.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class NetworkOfADaemonTest {
    /// The end of 2099, in seconds since the epoch.
    private static final long LONG_TIME = 4_102_444_799L;

    private Connect connect;
    private Network network;

    @BeforeEach
    void define() {
        connect = Connect.open(SessionDaemon.shared().unixUri("network:///session"));
        network = connect.networks()
                .define("<network><name>leases</name><bridge name='l4jleases'/>"
                        + "<ip address='192.0.2.1' netmask='255.255.255.0'/></network>");
    }

    @AfterEach
    void close() {
        connect.networks().findByName("leases").ifPresent(Network::undefine);
        connect.close();
    }

    /// Writes what dnsmasq's helper would tell the driver, as a network that runs needs root.
    private static Path leases(String json) throws IOException {
        Path folder = Files.createDirectories(SessionDaemon.shared().folder().resolve("run/libvirt/dnsmasq/lib"));
        return Files.writeString(folder.resolve("l4jleases.status"), json);
    }

    @Test
    void tellsWhoHasItsAddresses() throws Exception {
        assertThat(network.dhcpLeases(null)).isEmpty();
        Path file = leases("""
                [{"ip-address": "192.0.2.11", "mac-address": "52:54:00:00:00:0a", "hostname": "gäst",
                  "client-id": "01:52", "expiry-time": %d},
                 {"ip-address": "2001:db8::5", "mac-address": "52:54:00:00:00:0b", "iaid": "1234", "expiry-time": 0},
                 {"ip-address": "192.0.2.12", "mac-address": "52:54:00:00:00:0c", "expiry-time": 1}]
                """.formatted(LONG_TIME));
        try {
            Network.DhcpLease first = new Network.DhcpLease(
                    "l4jleases",
                    LONG_TIME,
                    IpAddrType.IPV4.value(),
                    Optional.of("52:54:00:00:00:0a"),
                    Optional.empty(),
                    "192.0.2.11",
                    24,
                    Optional.of("gäst"),
                    Optional.of("01:52"));
            Network.DhcpLease second = new Network.DhcpLease(
                    "l4jleases",
                    0,
                    IpAddrType.IPV6.value(),
                    Optional.of("52:54:00:00:00:0b"),
                    Optional.of("1234"),
                    "2001:db8::5",
                    0,
                    Optional.empty(),
                    Optional.empty());
            assertThat(network.dhcpLeases(null)).containsExactly(first, second);
            assertThat(first.type()).isEqualTo(IpAddrType.IPV4);
            assertThat(network.dhcpLeases("52:54:00:00:00:0b")).containsExactly(second);
            assertThat(network.dhcpLeases("52:54:00:00:00:0d")).isEmpty();
            assertThatExceptionOfType(InvalidArgumentException.class)
                    .isThrownBy(() -> network.dhcpLeases("no address"));
        } finally {
            Files.delete(file);
        }
        network.undefine();
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> network.dhcpLeases(null));
    }

    private static void addPortGroup(Network network, String name, NetworkUpdateFlags... flags) {
        network.update(
                NetworkUpdateCommand.ADD_LAST,
                NetworkUpdateSection.PORTGROUP,
                -1,
                "<portgroup name='" + name + "'/>",
                flags);
    }

    @Test
    void isUpdatedWhileItRunsOrInItsDefinition() {
        Network bridge = connect.networks()
                .define("<network><name>updated</name><forward mode='bridge'/><bridge name='l4jupdated'/></network>");
        addPortGroup(bridge, "before");
        bridge.create();
        addPortGroup(bridge, "now", NetworkUpdateFlags.LIVE);
        addPortGroup(bridge, "later", NetworkUpdateFlags.CONFIG);
        addPortGroup(bridge, "both", NetworkUpdateFlags.LIVE, NetworkUpdateFlags.CONFIG);
        addPortGroup(bridge, "default");
        assertThat(bridge.xmlDesc())
                .contains("'before'", "'now'", "'both'", "'default'")
                .doesNotContain("'later'");
        assertThat(bridge.xmlDesc(NetworkXmlFlags.INACTIVE))
                .contains("'before'", "'later'", "'both'")
                .doesNotContain("'now'", "'default'");
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> bridge.update(
                        NetworkUpdateCommand.MODIFY, NetworkUpdateSection.BRIDGE, -1, "<bridge name='l4jother'/>"));
        bridge.destroy();
        bridge.undefine();
    }

    @Test
    void keepsMetadata() {
        Version first = new Version(9, 7, 0);
        if (Libvirt.version().compareTo(first) < 0) {
            assertThatExceptionOfType(FunctionMissingException.class)
                    .isThrownBy(() -> network.metadata(NetworkMetadataType.TITLE, null))
                    .withMessageContaining("9.7.0");
            assertThatExceptionOfType(FunctionMissingException.class)
                    .isThrownBy(() -> network.setMetadata(NetworkMetadataType.TITLE, "Titel", null, null));
        } else if (TestDriver.DAEMON.version().compareTo(first) < 0) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> network.metadata(NetworkMetadataType.TITLE, null));
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> network.setMetadata(NetworkMetadataType.TITLE, "Titel", null, null));
        } else {
            assertThat(network.metadata(NetworkMetadataType.TITLE, null)).isEmpty();
            network.setMetadata(NetworkMetadataType.TITLE, "Ein Titel, ä", null, null);
            network.setMetadata(
                    NetworkMetadataType.ELEMENT, "<e>x</e>", "k", "urn:libvirt4j:x", NetworkUpdateFlags.CONFIG);
            assertThat(network.metadata(NetworkMetadataType.TITLE, null)).hasValue("Ein Titel, ä");
            assertThat(network.metadata(NetworkMetadataType.ELEMENT, "urn:libvirt4j:x"))
                    .hasValue("<e>x</e>");
            assertThat(network.metadata(NetworkMetadataType.ELEMENT, "urn:libvirt4j:y"))
                    .isEmpty();
            assertThat(network.xmlDesc()).contains("<title>Ein Titel, ä</title>", "urn:libvirt4j:x");
            network.setMetadata(NetworkMetadataType.ELEMENT, null, null, "urn:libvirt4j:x");
            network.setMetadata(NetworkMetadataType.TITLE, null, null, null);
            assertThat(network.xmlDesc()).doesNotContain("title", "urn:libvirt4j:x");
        }
    }
}
