package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.error.AlreadyExistsException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.NetworkPortBandwidthKeys;
import io.github.libvirt4j.types.NetworkPortCreateFlags;
import io.github.libvirt4j.types.TypedParameters;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Ports of two networks that use a bridge of the host's, and therefore run without root.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class NetworkPortTest {
    private Connect connect;
    private Network network;
    private Network other;

    @BeforeEach
    void start() {
        connect = Connect.open(SessionDaemon.shared().unixUri("network:///session"));
        network = connect.networks().create(xml("ports"));
        other = connect.networks().create(xml("other-ports"));
    }

    @AfterEach
    void stop() {
        network.destroy();
        other.destroy();
        connect.close();
    }

    private static String xml(String name) {
        return "<network><name>" + name + "</name><forward mode='bridge'/><bridge name='l4jports'/></network>";
    }

    private static String port(UUID uuid) {
        return """
                <networkport>
                  <uuid>%s</uuid>
                  <owner><name>guest</name><uuid>%s</uuid></owner>
                  <mac address='52:54:00:7b:35:93'/>
                </networkport>
                """.formatted(uuid, new UUID(1, 2));
    }

    @Test
    void isCreatedFoundAndDeleted() {
        UUID uuid = UUID.randomUUID();
        NetworkPorts ports = network.ports();
        assertThat(ports.identities()).isEmpty();
        assertThat(ports.findByUuid(uuid)).isEmpty();
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> ports.lookupByUuid(uuid));
        NetworkPort port = ports.create(port(uuid));
        assertThat(port.uuid()).isEqualTo(uuid);
        assertThat(port.identity()).isEqualTo(new NetworkPort.Identity(network.uuid(), uuid));
        assertThat(port.xmlDesc()).contains(uuid.toString(), "<plug type='bridge' bridge='l4jports'/>");
        assertThat(ports.lookupByUuid(uuid)).isEqualTo(port);
        assertThat(ports.findByUuid(uuid)).contains(port);
        assertThat(ports.listAll()).containsExactly(port);
        assertThat(ports.identities()).containsExactly(port.identity());
        assertThatExceptionOfType(AlreadyExistsException.class).isThrownBy(() -> ports.create(port(uuid)));
        port.delete();
        assertThat(ports.listAll()).isEmpty();
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(port::xmlDesc);
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(port::delete);
    }

    /// C gives the port's own pointer: the handle made of it must outlive the port's.
    @Test
    void hasItsNetwork() {
        NetworkPort port = network.ports().create(port(UUID.randomUUID()));
        Network first = port.network();
        Network second = port.network();
        assertThat(first).isEqualTo(network).isNotSameAs(second);
        second.close();
        port.delete();
        port.close();
        assertThat(first.name()).isEqualTo("ports");
        assertThat(first.isActive()).isTrue();
        first.close();
        assertThat(network.isActive()).isTrue();
        assertThatIllegalStateException().isThrownBy(port::network);
    }

    @Test
    void isAnotherInAnotherNetwork() {
        UUID uuid = UUID.randomUUID();
        NetworkPort port = network.ports().create(port(uuid));
        NetworkPort same = other.ports().create(port(uuid));
        assertThat(same).isNotEqualTo(port);
        assertThat(same.uuid()).isEqualTo(uuid);
        assertThat(other.ports().lookupByUuid(uuid)).isEqualTo(same);
        port.delete();
        assertThat(other.ports().listAll()).containsExactly(same);
        same.delete();
    }

    @Test
    void hasABandwidth() {
        NetworkPort port = network.ports().create(port(UUID.randomUUID()));
        assertThat(port.parameters().size()).isZero();
        port.setParameters(TypedParameters.builder()
                .set(NetworkPortBandwidthKeys.IN_AVERAGE, 100L)
                .set(NetworkPortBandwidthKeys.IN_PEAK, 200L)
                .build());
        TypedParameters parameters = port.parameters();
        assertThat(parameters.get(NetworkPortBandwidthKeys.IN_AVERAGE)).hasValue(100L);
        assertThat(parameters.get(NetworkPortBandwidthKeys.IN_PEAK)).hasValue(200L);
        assertThat(parameters.get(NetworkPortBandwidthKeys.IN_BURST)).hasValue(0L);
        assertThat(parameters.get(NetworkPortBandwidthKeys.OUT_AVERAGE)).isEmpty();
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> port.setParameters(TypedParameters.builder()
                        .set(NetworkPortBandwidthKeys.IN_FLOOR, 100L)
                        .build()));
        port.delete();
    }

    @Test
    void isCreatedWithFlags() {
        NetworkPorts ports = network.ports();
        UUID uuid = UUID.randomUUID();
        String plugged = port(uuid).replace("</networkport>", "<plug type='bridge' bridge='l4jports'/></networkport>");
        assertThatExceptionOfType(LibvirtException.class).isThrownBy(() -> ports.create(plugged));
        ports.create(plugged, NetworkPortCreateFlags.RECLAIM).delete();
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() ->
                        ports.create(port(uuid).replace("<mac", "<nonsense/><mac"), NetworkPortCreateFlags.VALIDATE));
        assertThat(ports.listAll()).isEmpty();
    }

    @Test
    void needsANetworkThatRuns() {
        Network defined = connect.networks().define(xml("stopped-ports"));
        assertThatExceptionOfType(OperationInvalidException.class)
                .isThrownBy(() -> defined.ports().listAll());
        assertThatExceptionOfType(OperationInvalidException.class)
                .isThrownBy(() -> defined.ports().create(port(UUID.randomUUID())));
        defined.undefine();
        NetworkPorts gone = defined.ports();
        defined.close();
        assertThatIllegalStateException().isThrownBy(gone::listAll);
    }
}
