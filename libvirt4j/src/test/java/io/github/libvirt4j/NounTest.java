package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.types.ConnectListAllNetworksFlags;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Behaviour that the nouns of a connection and their collections share.
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
    void areComparedByClassAndIdentity() {
        try (Domain domain = connect.domains().lookupByName("test");
                Domain again = connect.domains().lookupByName("test");
                Network network = connect.networks()
                        .define("<network><name>n</name><uuid>%s</uuid></network>".formatted(domain.uuid()))) {
            assertThat(domain).isEqualTo(again).hasSameHashCodeAs(again).hasToString("domain " + domain.uuid());
            assertThat(domain.hashCode()).isEqualTo(domain.uuid().hashCode());
            assertThat(network.uuid()).isEqualTo(domain.uuid());
            assertThat(domain.equals((Object) network)).isFalse();
            assertThat(domain.equals((Object) "domain")).isFalse();
            network.undefine();
        }
    }

    /// Such a handle is equal to nothing but itself.
    @Test
    void haveNoIdentityWhereTheyWereClosedBeforeItWasRead() {
        try (Domain open = connect.domains().lookupByName("test")) {
            Domain closed = connect.domains().lookupByName("test");
            Domain other = connect.domains().lookupByName("test");
            closed.close();
            other.close();
            Object same = closed;
            assertThat(closed).isEqualTo(same).isNotEqualTo(open).isNotEqualTo(other);
            assertThat(open).isNotEqualTo(closed);
            assertThat(closed.hashCode()).isEqualTo(System.identityHashCode(closed));
            assertThat(closed).hasToString("domain " + closed.object);
            assertThatThrownBy(closed::uuid)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(closed + " is closed");
        }
    }
}
