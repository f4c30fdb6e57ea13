package io.github.libvirt4j;

import static io.github.libvirt4j.support.Refusals.assertOperationInvalid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.types.ConnectListAllNetworksFlags;
import io.github.libvirt4j.types.NetworkCreateFlags;
import io.github.libvirt4j.types.NetworkDefineFlags;
import io.github.libvirt4j.types.NetworkUpdateCommand;
import io.github.libvirt4j.types.NetworkUpdateFlags;
import io.github.libvirt4j.types.NetworkUpdateSection;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDriver.class)
@ExtendWith(NothingLeft.class)
class NetworkTest {
    private final TestDriver driver;
    private Connect connect;

    NetworkTest(TestDriver driver) {
        this.driver = driver;
    }

    @BeforeEach
    void open() {
        connect = driver.open();
    }

    @AfterEach
    void close() {
        connect.close();
    }

    @Test
    void isDefinedStartedAndStopped() {
        String xml =
                "<network><name>net</name><bridge name='br7'/><ip address='192.0.2.1' netmask='255.255.255.0'/></network>";
        Network network = connect.networks().define(xml);
        assertThat(network.name()).isEqualTo("net");
        assertThat(network.bridgeName()).isEqualTo("br7");
        assertThat(network.isActive()).isFalse();
        assertThat(network.isPersistent()).isTrue();
        assertThat(network.xmlDesc()).contains("<name>net</name>");
        network.setAutostart(true);
        assertThat(network.autostart()).isTrue();
        network.create();
        assertThat(network.isActive()).isTrue();
        assertThat(connect.networks().listAll(ConnectListAllNetworksFlags.ACTIVE))
                .contains(network);
        assertThat(connect.networks().lookup(network.identity())).isEqualTo(network);
        assertThat(connect.networks().findByName("net")).contains(network);
        assertThat(connect.networks().findByUuid(new UUID(1, 2))).isEmpty();
        network.destroy();
        assertThat(connect.networks().listAll(ConnectListAllNetworksFlags.INACTIVE))
                .contains(network);
        network.undefine();
        assertThatThrownBy(() -> connect.networks().lookupByName("net")).isInstanceOf(NotFoundException.class);
        assertThat(network).hasToString("network " + network.uuid());

        Network shortLived = connect.networks().create(xml);
        assertThat(shortLived.isPersistent()).isFalse();
        shortLived.destroy();
        assertThat(connect.networks().findByName("net")).isEmpty();
    }

    @Test
    void isDefinedAndCreatedWithFlags() {
        String xml = "<network><name>%s</name><bridge name='br8'/></network>";
        try (Network defined = connect.networks().define(xml.formatted("flags"), NetworkDefineFlags.VALIDATE)) {
            assertThat(defined.isActive()).isFalse();
            defined.undefine();
        }
        try (Network created = connect.networks().create(xml.formatted("flags"), NetworkCreateFlags.VALIDATE)) {
            assertThat(created.isActive()).isTrue();
            created.destroy();
        }
        String wrong = "<network><name>flags</name><nonsense/></network>";
        assertThatThrownBy(() -> connect.networks().define(wrong, NetworkDefineFlags.VALIDATE))
                .isInstanceOf(LibvirtException.class);
        assertThatThrownBy(() -> connect.networks().create(wrong, NetworkCreateFlags.VALIDATE))
                .isInstanceOf(LibvirtException.class);
    }

    private static final String HOST = "<host mac='00:16:3e:00:00:01' ip='192.0.2.5'/>";

    @Test
    void isUpdated() {
        Network network = connect.networks()
                .define("<network><name>updated</name><ip address='192.0.2.1' netmask='255.255.255.0'>"
                        + "<dhcp><range start='192.0.2.2' end='192.0.2.9'/></dhcp></ip></network>");
        network.update(NetworkUpdateCommand.ADD_LAST, NetworkUpdateSection.IP_DHCP_HOST, 0, HOST);
        assertThat(network.xmlDesc()).contains("<host mac='00:16:3e:00:00:01' ip='192.0.2.5'/>");
        assertOperationInvalid(
                () -> network.update(NetworkUpdateCommand.ADD_LAST, NetworkUpdateSection.IP_DHCP_HOST, 0, HOST));
        assertOperationInvalid(() -> network.update(
                NetworkUpdateCommand.ADD_LAST, NetworkUpdateSection.IP_DHCP_HOST, 0, HOST, NetworkUpdateFlags.LIVE));
        network.create();
        String changed = HOST.replace("192.0.2.5", "192.0.2.6");
        network.update(
                NetworkUpdateCommand.MODIFY, NetworkUpdateSection.IP_DHCP_HOST, -1, changed, NetworkUpdateFlags.LIVE);
        assertThat(network.xmlDesc()).contains("192.0.2.6");
        network.update(NetworkUpdateCommand.DELETE, NetworkUpdateSection.IP_DHCP_HOST, -1, changed);
        assertThat(network.xmlDesc()).doesNotContain("<host");
        assertOperationInvalid(
                () -> network.update(NetworkUpdateCommand.DELETE, NetworkUpdateSection.IP_DHCP_HOST, 0, HOST));
        assertOperationInvalid(
                () -> network.update(NetworkUpdateCommand.ADD_LAST, NetworkUpdateSection.IP_DHCP_HOST, 7, HOST));
        network.destroy();
        network.undefine();
    }

    @Test
    void hasNeitherLeasesNorPortsInTheTestDriver() {
        Network network = connect.networks().lookupByName("default");
        assertThatExceptionOfType(UnsupportedException.class).isThrownBy(() -> network.dhcpLeases(null));
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> network.ports().listAll());
    }
}
