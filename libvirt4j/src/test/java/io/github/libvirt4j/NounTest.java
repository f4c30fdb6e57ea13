package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.support.Threads;
import io.github.libvirt4j.types.ConnectListAllDomainsFlags;
import io.github.libvirt4j.types.ConnectListAllNetworksFlags;
import io.github.libvirt4j.types.ConnectListAllStoragePoolsFlags;
import io.github.libvirt4j.types.DomainMemoryModFlags;
import io.github.libvirt4j.types.DomainMetadataType;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.DomainVcpuFlags;
import io.github.libvirt4j.types.DomainXmlFlags;
import io.github.libvirt4j.types.NetworkCreateFlags;
import io.github.libvirt4j.types.NetworkDefineFlags;
import io.github.libvirt4j.types.StoragePoolState;
import io.github.libvirt4j.types.StorageVolType;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What the embedded driver has, call by call.
@ParameterizedClass
@EnumSource(TestDriver.class)
@ExtendWith(NothingLeft.class)
class NounTest {
    private final TestDriver driver;
    private Connect connect;

    NounTest(TestDriver driver) {
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
    void theConnectionTellsAboutItselfAndTheHost() {
        assertThat(connect.uri()).isEqualTo(driver.uri());
        assertThat(connect.type()).isEqualTo("TEST");
        assertThat(connect.hostname()).isNotEmpty();
        assertThat(connect.version()).isNotNull();
        assertThat(connect.libVersion()).isEqualTo(driver.version());
        assertThat(connect.capabilities()).startsWith("<capabilities>");
        assertThat(connect.maxVcpus(null)).isPositive();
        assertThat(connect.isAlive()).isTrue();
        assertThat(connect.isSecure()).isTrue();
        assertThat(connect.isEncrypted()).isFalse();
        Node.Info node = connect.node().info();
        assertThat(node.model()).isEqualTo("i686");
        assertThat(node.cpus()).isEqualTo(node.nodes() * node.sockets() * node.cores() * node.threads());
        assertThat(node.memory()).isPositive();
        for (Duration wrong : List.of(Duration.ofSeconds(-1), Duration.ofMillis(999), Duration.ofSeconds(1L << 31))) {
            assertThatThrownBy(() -> Connect.to(driver.uri()).keepAlive(wrong, 3))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theConnectionIsOpenedStepByStep() {
        try (Connect readOnly = Connect.to(driver.uri()).readOnly().open()) {
            assertThatThrownBy(() -> readOnly.domains().create(Embedded.xml("x")))
                    .isInstanceOf(LibvirtException.class);
        }
        try (Connect writable = Connect.to(driver.uri()).open();
                Domain domain = Embedded.define(writable)) {
            domain.undefine();
        }
    }

    @Test
    void aDomainTellsAboutItself() {
        Domain domain = connect.domains().lookupByName("test");
        assertThat(domain.id()).hasValue(1);
        assertThat(domain.osType()).isEqualTo("linux");
        assertThat(domain.isActive()).isTrue();
        assertThat(domain.isPersistent()).isTrue();
        assertThat(domain.isUpdated()).isFalse();
        Domain.Info info = domain.info();
        assertThat(info.state()).isEqualTo(DomainState.RUNNING);
        assertThat(info.memory()).isEqualTo(2_097_152).isLessThanOrEqualTo(info.maxMemory());
        assertThat(info.maxMemory()).isEqualTo(domain.memory().max());
        assertThat(info.vcpus()).isEqualTo(2).isEqualTo(domain.cpu().vcpus());
        assertThat(info.cpuTime()).isPositive();
        assertThat(domain.xmlDesc(DomainXmlFlags.SECURE))
                .startsWith("<domain type='test'")
                .contains(domain.uuid().toString());
        assertThat(connect.domains().lookup(domain.identity())).isEqualTo(domain);
        assertThat(connect.domains().findByName("test")).contains(domain);
        assertThat(connect.domains().findByName("nobody")).isEmpty();
        assertThat(connect.domains().findByUuid(domain.uuid())).contains(domain);
        assertThat(connect.domains().findByUuid(new UUID(1, 2))).isEmpty();
        try (Domain stopped = Embedded.define(connect)) {
            assertThat(stopped.id()).isEmpty();
            stopped.undefine();
        }
    }

    @Test
    void aDomainIsChanged() {
        Domain domain = Embedded.define(connect);
        String name = Embedded.newName();
        domain.rename(name);
        assertThat(connect.domains().lookupByUuid(domain.uuid()).name()).isEqualTo(name);

        assertThat(domain.title()).isEmpty();
        domain.setTitle("a title");
        assertThat(domain.title()).hasValue("a title");
        assertThat(domain.title(DomainModificationImpact.CONFIG)).hasValue("a title");
        domain.setTitle(null);
        assertThat(domain.title()).isEmpty();
        domain.setMetadata(DomainMetadataType.ELEMENT, "<note>kept</note>", "a", "urn:x");
        assertThat(domain.metadata(DomainMetadataType.ELEMENT, "urn:x").orElseThrow())
                .contains("kept");
        assertThat(domain.metadata(DomainMetadataType.ELEMENT, "urn:y")).isEmpty();
        assertThatThrownBy(() -> domain.setTitle("two\nlines")).isInstanceOf(LibvirtException.class);

        assertThat(domain.autostart()).isFalse();
        domain.setAutostart(true);
        assertThat(domain.autostart()).isTrue();

        domain.memory().set(512 * 1024, DomainMemoryModFlags.MAXIMUM);
        domain.memory().set(384 * 1024, DomainModificationImpact.CONFIG);
        assertThat(domain.memory().max()).isEqualTo(512 * 1024);
        assertThat(domain.info().memory()).isEqualTo(384 * 1024);
        domain.cpu().setVcpus(4, DomainVcpuFlags.MAXIMUM, DomainModificationImpact.CONFIG);
        domain.cpu().setVcpus(3, DomainModificationImpact.CONFIG);
        assertThat(domain.cpu().vcpus(DomainVcpuFlags.MAXIMUM)).isEqualTo(4);
        assertThat(domain.cpu().vcpus()).isEqualTo(3);

        domain.create();
        domain.reboot();
        assertThat(domain.isActive()).isTrue();
        domain.shutdown();
        assertThat(domain.state()).hasToString("SHUTOFF (SHUTDOWN)");
        domain.undefine();
    }

    @Test
    void aTransientDomainIsGoneWhenItStops() {
        try (Domain domain = connect.domains().create(Embedded.xml(Embedded.newName()))) {
            assertThat(domain.isPersistent()).isFalse();
            domain.destroy();
            assertThatThrownBy(domain::state).isInstanceOf(NotFoundException.class);
            // That it has no title is not what one is told of a domain that is gone.
            assertThatThrownBy(domain::title).isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void domainsAreListedAndChosen() {
        Domain stopped = Embedded.define(connect);
        assertThat(connect.domains().listAll())
                .contains(stopped, connect.domains().lookupByName("test"));
        assertThat(connect.domains().listAll(ConnectListAllDomainsFlags.INACTIVE))
                .containsExactly(stopped);
        assertThat(connect.domains().listAll(ConnectListAllDomainsFlags.ACTIVE))
                .doesNotContain(stopped)
                .contains(connect.domains().lookupByName("test"));
        assertThat(connect.domains().listAll(ConnectListAllDomainsFlags.HAS_CHECKPOINT))
                .isEmpty();
        stopped.undefine();
    }

    @Test
    void aListDoesNotFailBecauseSomethingInItVanishes() throws Exception {
        Threads.together(3, thread -> {
            for (int i = 0; i < 300; i++) {
                if (thread == 0) {
                    try (Domain domain = Embedded.define(connect)) {
                        domain.undefine();
                    }
                } else {
                    List<Domain> domains = connect.domains().listAll();
                    assertThat(domains).isNotEmpty();
                    domains.forEach(domain -> assertThat(domain.name()).isNotEmpty());
                    domains.forEach(Domain::close);
                }
            }
        });
    }

    @Test
    void collectionsGiveIdentitiesAndKeepNoHandle() {
        try (Domain domain = connect.domains().lookupByName("test");
                Network network = connect.networks().lookupByName("default");
                StoragePool pool = connect.storagePools().lookupByName("default-pool");
                StorageVol volume = pool.volumes().create("<volume><name>v</name><capacity>1</capacity></volume>");
                Interface eth = connect.interfaces().lookupByName("eth1");
                NodeDevice host = connect.nodeDevices().lookupByName("computer")) {
            long before = Libvirt.handlesOpen();
            assertThat(connect.domains().identities()).contains(domain.identity());
            assertThat(connect.networks().identities()).contains(network.identity());
            assertThat(connect.networks().identities(ConnectListAllNetworksFlags.INACTIVE))
                    .doesNotContain(network.identity());
            assertThat(connect.storagePools().identities()).contains(pool.identity());
            assertThat(pool.volumes().identities()).contains(volume.identity());
            assertThat(connect.interfaces().identities()).contains(eth.identity());
            assertThat(connect.nodeDevices().identities()).contains(host.identity());
            assertThat(connect.storageVols().findByKey(volume.identity().key())).contains(volume);
            assertThat(Libvirt.handlesOpen()).isEqualTo(before + 1);
            volume.delete();
        }
    }

    @Test
    void facetsFailAfterTheirOwnerWasClosed() {
        Domain domain = connect.domains().lookupByName("test");
        DomainMemory memory = domain.memory();
        assertThat(memory).isEqualTo(domain.memory());
        domain.close();
        assertThatThrownBy(memory::max).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> domain.cpu().vcpus()).isInstanceOf(IllegalStateException.class);
        Connect other = driver.open();
        Node node = other.node();
        Domains domains = other.domains();
        other.close();
        assertThatThrownBy(node::info).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(domains::identities).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aNetworkIsDefinedAndCreatedWithFlags() {
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

    @Test
    void aNetworkLives() {
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
    void aStoragePoolLives() {
        StoragePool pool = connect.storagePools()
                .define("<pool type='dir'><name>pool</name><target><path>/nowhere</path></target></pool>");
        assertThat(pool.name()).isEqualTo("pool");
        assertThat(pool.info().state()).isEqualTo(StoragePoolState.INACTIVE);
        assertThat(pool.isPersistent()).isTrue();
        pool.build();
        pool.create();
        assertThat(pool.isActive()).isTrue();
        pool.refresh();
        StoragePool.Info info = pool.info();
        assertThat(info.state()).isEqualTo(StoragePoolState.RUNNING);
        assertThat(info.capacity()).isEqualTo(info.allocation() + info.available());
        assertThat(pool.xmlDesc()).contains("<name>pool</name>");
        pool.setAutostart(true);
        assertThat(pool.autostart()).isTrue();
        assertThat(connect.storagePools().listAll(ConnectListAllStoragePoolsFlags.ACTIVE))
                .contains(pool);
        assertThat(connect.storagePools().lookup(pool.identity())).isEqualTo(pool);
        assertThat(connect.storagePools().findByName("pool")).contains(pool);

        aVolumeLives(pool);

        pool.destroy();
        pool.delete();
        pool.undefine();
        assertThat(connect.storagePools().findByUuid(pool.uuid())).isEmpty();
    }

    private void aVolumeLives(StoragePool pool) {
        StorageVol volume = pool.volumes()
                .create(
                        "<volume><name>vol</name><capacity>1048576</capacity><target><path>/nowhere/vol</path></target></volume>");
        assertThat(volume.name()).isEqualTo("vol");
        assertThat(volume.path()).isEqualTo("/nowhere/vol");
        assertThat(volume.info().type()).isEqualTo(StorageVolType.FILE);
        assertThat(volume.info().capacity()).isEqualTo(1_048_576);
        assertThat(volume.xmlDesc()).contains("<name>vol</name>");
        assertThat(connect.storagePools().lookupByVolume(volume)).isEqualTo(pool);
        assertThat(pool.volumes().listAll()).containsExactly(volume);
        assertThat(pool.volumes().lookupByName("vol")).isEqualTo(volume);
        assertThat(pool.volumes().findByName("nothing")).isEmpty();
        assertThat(connect.storageVols().lookupByKey(volume.key())).isEqualTo(volume);
        assertThat(connect.storageVols().lookupByPath(volume.path())).isEqualTo(volume);
        assertThat(connect.storageVols().findByKey("nothing")).isEmpty();
        assertThat(connect.storageVols().findByPath("/nothing")).isEmpty();

        StorageVol copy =
                pool.volumes().createFrom("<volume><name>copy</name><capacity>1048576</capacity></volume>", volume);
        assertThat(copy).isNotEqualTo(volume);
        assertThat(pool.volumes().listAll()).containsExactlyInAnyOrder(volume, copy);
        copy.delete();
        volume.delete();
        assertThat(pool.volumes().listAll()).isEmpty();
        assertThat(volume).hasToString("volume " + volume.key());
    }

    @Test
    void aDeviceTellsAboutItself() {
        List<NodeDevice> all = connect.nodeDevices().listAll();
        assertThat(all).isNotEmpty();
        NodeDevice computer = connect.nodeDevices().lookupByName("computer");
        assertThat(computer.parent()).isEmpty();
        assertThat(computer.caps()).containsExactly("system");
        assertThat(computer.xmlDesc()).contains("<name>computer</name>");
        NodeDevice host = connect.nodeDevices().lookupByName("scsi_host1");
        assertThat(host.parent()).isPresent();
        assertThat(host.caps()).contains("scsi_host");
        assertThat(connect.nodeDevices().lookup(host.identity())).isEqualTo(host);
        assertThat(connect.nodeDevices().findByName("nothing")).isEmpty();
        NodeDevice vhba = connect.nodeDevices().create("""
                <device>
                  <parent>scsi_host1</parent>
                  <capability type='scsi_host'>
                    <capability type='fc_host'>
                      <wwnn>2000000012341234</wwnn><wwpn>1000000012341234</wwpn>
                    </capability>
                  </capability>
                </device>
                """);
        assertThat(connect.nodeDevices().listAll()).contains(vhba);
        vhba.destroy();
        assertThat(connect.nodeDevices().listAll()).doesNotContain(vhba);
    }

    @Test
    void anInterfaceLives() {
        Interface ethernet = connect.interfaces().lookupByName("eth1");
        assertThat(ethernet.isActive()).isTrue();
        assertThat(ethernet.macString()).isEqualTo("aa:bb:cc:dd:ee:ff");
        assertThat(ethernet.xmlDesc()).contains("eth1");
        assertThat(connect.interfaces().listAll()).contains(ethernet);
        assertThat(connect.interfaces().lookupByMacString("aa:bb:cc:dd:ee:ff")).isEqualTo(ethernet);
        ethernet.destroy();
        assertThat(ethernet.isActive()).isFalse();
        ethernet.create();
        assertThat(connect.interfaces().findByName("eth99")).isEmpty();
        Interface defined = connect.interfaces().define("""
                <interface type='ethernet' name='eth2'>
                  <start mode='onboot'/>
                  <mac address='aa:bb:cc:00:ee:ff'/>
                  <mtu size='1492'/>
                  <protocol family='ipv4'><dhcp peerdns='no'/></protocol>
                </interface>
                """);
        assertThat(defined.name()).isEqualTo("eth2");
        defined.undefine();
        assertThat(connect.interfaces().findByName("eth2")).isEmpty();
    }
}
