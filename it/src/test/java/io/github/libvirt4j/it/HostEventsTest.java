package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.Network;
import io.github.libvirt4j.NodeDevice;
import io.github.libvirt4j.Secret;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.NetworkEvent;
import io.github.libvirt4j.event.NetworkIdentity;
import io.github.libvirt4j.event.NodeDeviceEvent;
import io.github.libvirt4j.event.NodeDeviceIdentity;
import io.github.libvirt4j.event.SecretEvent;
import io.github.libvirt4j.event.SecretIdentity;
import io.github.libvirt4j.event.StoragePoolEvent;
import io.github.libvirt4j.event.StoragePoolIdentity;
import io.github.libvirt4j.testing.RootDaemon;
import io.github.libvirt4j.types.ConnectCloseReason;
import io.github.libvirt4j.types.NetworkEventLifecycleType;
import io.github.libvirt4j.types.NetworkMetadataType;
import io.github.libvirt4j.types.NodeDeviceEventLifecycleType;
import io.github.libvirt4j.types.SecretEventLifecycleType;
import io.github.libvirt4j.types.SecretUsageType;
import io.github.libvirt4j.types.StoragePoolEventLifecycleType;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Networks, storage pools, secrets and devices of a host of root's.
@Timeout(120)
class HostEventsTest {
    private static @Nullable RootDaemon daemon;

    @BeforeAll
    static void start() {
        daemon = RootDaemon.start();
    }

    @AfterAll
    static void stop() {
        if (daemon != null) {
            daemon.close();
        }
        assertThat(Libvirt.closuresOnLoan()).isZero();
        assertThat(Libvirt.handlesOpen()).isZero();
    }

    private static RootDaemon daemon() {
        return Objects.requireNonNull(daemon);
    }

    private static String uri() {
        return daemon().unixUri("qemu:///system");
    }

    /// With a bridge, in the daemon's own namespace; it needs neither rules for packets nor a server.
    private static String network(NetworkIdentity identity) {
        return """
                <network>
                  <name>%s</name><uuid>%s</uuid>
                  <forward mode='open'/><bridge name='l4j0'/><dns enable='no'/>
                  <ip address='192.0.2.1' netmask='255.255.255.0'/>
                </network>
                """.formatted(identity.name(), identity.uuid());
    }

    @Test
    @Receives(NetworkEvent.Lifecycle.class)
    void ofANetwork() throws Exception {
        var identity = new NetworkIdentity("netz-ä", UUID.randomUUID());
        try (Connect connect = Connect.open(uri());
                Events events = Events.of(connect, NetworkEvent.LIFECYCLE);
                Network network = connect.networks().define(network(identity))) {
            network.create();
            assertThat(daemon().run("ip", "link", "show", network.bridgeName())).contains("l4j0");
            network.destroy();
            network.undefine();
            for (NetworkEventLifecycleType type : new NetworkEventLifecycleType[] {
                NetworkEventLifecycleType.DEFINED,
                NetworkEventLifecycleType.STARTED,
                NetworkEventLifecycleType.STOPPED,
                NetworkEventLifecycleType.UNDEFINED
            }) {
                assertThat(events.next(NetworkEvent.Lifecycle.class))
                        .isEqualTo(new NetworkEvent.Lifecycle(identity, type.value(), 0));
            }
        }
    }

    @Test
    @Receives(NetworkEvent.MetadataChange.class)
    void ofANetworksMetadata() throws Exception {
        var identity = new NetworkIdentity("netz", UUID.randomUUID());
        try (Connect connect = Connect.open(uri());
                Events events = Events.of(connect, NetworkEvent.METADATA_CHANGE);
                Network network = connect.networks().define(network(identity))) {
            Virsh.run(uri(), "net-desc", identity.name(), "--title", "Ein Titel");
            events.expect(new NetworkEvent.MetadataChange(identity, NetworkMetadataType.TITLE.value(), null));
            Virsh.run(uri(), "net-metadata", identity.name(), "urn:x", "--key", "k", "--set", "<e/>");
            events.expect(new NetworkEvent.MetadataChange(identity, NetworkMetadataType.ELEMENT.value(), "urn:x"));
            network.undefine();
        }
    }

    @Test
    @Receives({StoragePoolEvent.Lifecycle.class, StoragePoolEvent.Refresh.class})
    void ofAStoragePool() throws Exception {
        var identity = new StoragePoolIdentity("vorrat-ä", UUID.randomUUID());
        String xml = """
                <pool type='dir'>
                  <name>%s</name><uuid>%s</uuid><target><path>%s</path></target>
                </pool>
                """.formatted(
                        identity.name(), identity.uuid(), daemon().folder().resolve("pool"));
        try (Connect connect = Connect.open(uri());
                Events events = Events.of(connect, StoragePoolEvent.LIFECYCLE, StoragePoolEvent.REFRESH);
                StoragePool pool = connect.storagePools().define(xml)) {
            pool.build();
            pool.create();
            pool.refresh();
            events.expect(new StoragePoolEvent.Refresh(identity));
            pool.destroy();
            pool.delete();
            pool.undefine();
            for (StoragePoolEventLifecycleType type : new StoragePoolEventLifecycleType[] {
                StoragePoolEventLifecycleType.DEFINED,
                StoragePoolEventLifecycleType.CREATED,
                StoragePoolEventLifecycleType.STARTED,
                StoragePoolEventLifecycleType.STOPPED,
                StoragePoolEventLifecycleType.DELETED,
                StoragePoolEventLifecycleType.UNDEFINED
            }) {
                assertThat(events.next(StoragePoolEvent.Lifecycle.class))
                        .isEqualTo(new StoragePoolEvent.Lifecycle(identity, type.value(), 0));
            }
        }
    }

    @Test
    @Receives({SecretEvent.Lifecycle.class, SecretEvent.ValueChanged.class})
    void ofASecret() throws Exception {
        var identity = new SecretIdentity(UUID.randomUUID(), SecretUsageType.CEPH.value(), "client.ä secret");
        String xml = """
                <secret ephemeral='no' private='no'>
                  <uuid>%s</uuid><usage type='ceph'><name>%s</name></usage>
                </secret>
                """.formatted(identity.uuid(), identity.usageId());
        try (Connect connect = Connect.open(uri());
                Events events = Events.of(connect, SecretEvent.LIFECYCLE, SecretEvent.VALUE_CHANGED);
                Secret secret = connect.secrets().define(xml)) {
            events.expect(new SecretEvent.Lifecycle(identity, SecretEventLifecycleType.DEFINED.value(), 0));
            secret.setValue(new byte[] {1});
            events.expect(new SecretEvent.ValueChanged(identity));
            secret.undefine();
            events.expect(new SecretEvent.Lifecycle(identity, SecretEventLifecycleType.UNDEFINED.value(), 0));
        }
    }

    /// A cable with two ends, in the daemon's own namespace.
    @Test
    @Receives({NodeDeviceEvent.Lifecycle.class, NodeDeviceEvent.Update.class})
    void ofADevice() throws Exception {
        var identity = new NodeDeviceIdentity("net_l4ja_52_54_00_00_00_0a");
        try (Connect connect = Connect.open(uri());
                Events events = Events.of(connect, NodeDeviceEvent.LIFECYCLE, NodeDeviceEvent.UPDATE)) {
            daemon().run(
                            "ip",
                            "link",
                            "add",
                            "l4ja",
                            "address",
                            "52:54:00:00:00:0a",
                            "type",
                            "veth",
                            "peer",
                            "name",
                            "l4jb");
            events.expect(new NodeDeviceEvent.Lifecycle(identity, NodeDeviceEventLifecycleType.CREATED.value(), 0));
            try (NodeDevice device = connect.nodeDevices().lookup(identity)) {
                assertThat(device.xmlDesc()).contains("<interface>l4ja</interface>");
            }
            daemon().run("udevadm", "trigger", "--action=change", "/sys/class/net/l4ja");
            events.expect(new NodeDeviceEvent.Update(identity));
            daemon().run("ip", "link", "delete", "l4ja");
            events.expect(new NodeDeviceEvent.Lifecycle(identity, NodeDeviceEventLifecycleType.DELETED.value(), 0));
        }
    }

    @Test
    @Receives(ConnectEvent.Closed.class)
    void ofADaemonThatEnds() throws Exception {
        try (RootDaemon other = RootDaemon.start();
                Connect connect = Connect.open(other.unixUri("qemu:///system"));
                Events events = Events.of(connect, ConnectEvent.CLOSED)) {
            other.kill();
            events.expect(new ConnectEvent.Closed(ConnectCloseReason.EOF.value()));
        }
    }
}
