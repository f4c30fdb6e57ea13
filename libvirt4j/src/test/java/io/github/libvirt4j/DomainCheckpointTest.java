package io.github.libvirt4j;

import static io.github.libvirt4j.support.Refusals.assertRefused;
import static io.github.libvirt4j.support.Refusals.assertUnsupported;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.types.DomainCheckpointCreateFlags;
import io.github.libvirt4j.types.DomainCheckpointDeleteFlags;
import io.github.libvirt4j.types.DomainCheckpointListFlags;
import io.github.libvirt4j.types.DomainCheckpointXmlFlags;
import io.github.libvirt4j.types.ErrorNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Checkpoints of a domain of the test driver, which keeps descriptions only.
@ParameterizedClass
@EnumSource(TestDriver.class)
@ExtendWith(NothingLeft.class)
class DomainCheckpointTest {
    private final TestDriver driver;
    private Connect connect;
    private Domain domain;
    private DomainCheckpoints checkpoints;

    DomainCheckpointTest(TestDriver driver) {
        this.driver = driver;
    }

    @BeforeEach
    void start() {
        connect = driver.open();
        domain = connect.domains().define("""
                <domain type='test'>
                  <name>%s</name>
                  <memory unit='MiB'>32</memory>
                  <os><type>hvm</type></os>
                  <devices>
                    <disk type='file'>
                      <driver name='qemu' type='qcow2'/>
                      <source file='/made/up'/>
                      <target dev='vda' bus='virtio'/>
                    </disk>
                  </devices>
                </domain>
                """.formatted(Embedded.newName()));
        domain.create();
        checkpoints = domain.checkpoints();
    }

    @AfterEach
    void undefine() {
        if (domain.isActive()) {
            domain.destroy();
        }
        domain.undefine();
        connect.close();
    }

    private DomainCheckpoint create(String name, DomainCheckpointCreateFlags... flags) {
        return checkpoints.create("<domaincheckpoint><name>" + name + "</name></domaincheckpoint>", flags);
    }

    @Test
    void isCreatedFoundAndDeleted() {
        assertThat(checkpoints.listAll()).isEmpty();
        DomainCheckpoint monday = create("monday");
        assertThat(monday.name()).isEqualTo("monday");
        assertThat(monday.identity()).isEqualTo(new DomainCheckpoint.Identity(domain.uuid(), "monday"));
        assertThat(monday).hasToString("checkpoint " + monday.identity());
        assertThat(monday.connect()).isSameAs(connect);
        assertThat(monday.xmlDesc()).contains("<name>monday</name>", "<uuid>" + domain.uuid() + "</uuid>");
        assertThat(monday.xmlDesc(DomainCheckpointXmlFlags.NO_DOMAIN))
                .contains("<disk name='vda' checkpoint='bitmap'")
                .doesNotContain("<uuid>");
        assertThat(checkpoints.lookupByName("monday")).isEqualTo(monday).isNotSameAs(monday);
        assertThat(checkpoints.findByName("monday")).contains(monday);
        assertThat(checkpoints.findByName("tuesday")).isEmpty();
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> checkpoints.lookupByName("tuesday"));
        assertThat(checkpoints.listAll()).containsExactly(monday);
        long before = Libvirt.handlesOpen();
        assertThat(checkpoints.identities()).containsExactly(monday.identity());
        assertThat(Libvirt.handlesOpen()).isEqualTo(before);
        monday.delete();
        assertThat(checkpoints.listAll()).isEmpty();
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(monday::delete);
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(monday::xmlDesc);
    }

    @Test
    void isOneOfAChain() {
        DomainCheckpoint first = create("first");
        DomainCheckpoint second = create("second");
        DomainCheckpoint third = create("third");
        assertThat(first.parent()).isEmpty();
        assertThat(second.parent()).contains(first);
        assertThat(first.listAllChildren()).containsExactly(second);
        assertThat(first.listAllChildren(DomainCheckpointListFlags.DESCENDANTS))
                .containsExactlyInAnyOrder(second, third);
        assertThat(third.listAllChildren()).isEmpty();
        assertThat(checkpoints.listAll(DomainCheckpointListFlags.ROOTS)).containsExactly(first);
        assertThat(checkpoints.identities(DomainCheckpointListFlags.LEAVES)).containsExactly(third.identity());
        assertThat(checkpoints.listAll(DomainCheckpointListFlags.TOPOLOGICAL)).containsExactly(first, second, third);
        second.delete();
        assertThat(third.parent()).contains(first);
        first.delete(DomainCheckpointDeleteFlags.CHILDREN_ONLY);
        assertThat(checkpoints.listAll()).containsExactly(first);
        create("again");
        first.delete(DomainCheckpointDeleteFlags.CHILDREN);
        assertThat(checkpoints.listAll()).isEmpty();
        // Not the first: gone.
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(first::parent);
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(first::listAllChildren);
    }

    @Test
    void isRedefined() {
        DomainCheckpoint checkpoint = create("known");
        String xml = checkpoint.xmlDesc();
        checkpoint.delete(DomainCheckpointDeleteFlags.METADATA_ONLY);
        assertThat(checkpoints.create(xml, DomainCheckpointCreateFlags.REDEFINE))
                .isEqualTo(checkpoint);
        assertThat(checkpoint.xmlDesc()).isEqualTo(xml);
    }

    @Test
    void isNotCreatedOfNonsense() {
        assertRefused(ErrorNumber.XML_DETAIL, () -> checkpoints.create("no XML"));
        assertRefused(ErrorNumber.XML_ERROR, () -> checkpoints.create("<domain/>"));
        create("twice");
        assertRefused(ErrorNumber.OPERATION_FAILED, () -> create("twice"));
        assertRefused(
                ErrorNumber.INVALID_ARG,
                () -> create("x", DomainCheckpointCreateFlags.REDEFINE, DomainCheckpointCreateFlags.QUIESCE));
        domain.destroy();
        assertUnsupported(() -> create("stopped"));
    }

    /// C gives the checkpoint's own pointer: the handle made of it must outlive the checkpoint's.
    @Test
    void hasItsDomain() {
        DomainCheckpoint checkpoint = create("of");
        assertThat(checkpoint.name()).isEqualTo("of");
        Domain first = checkpoint.domain();
        Domain second = checkpoint.domain();
        assertThat(first).isEqualTo(domain).isNotSameAs(second);
        second.close();
        checkpoint.close();
        assertThat(first.isActive()).isTrue();
        first.close();
        assertThat(domain.isActive()).isTrue();
        assertThat(checkpoint.name()).isEqualTo("of");
        assertThatIllegalStateException().isThrownBy(checkpoint::domain);
        assertThatIllegalStateException().isThrownBy(checkpoint::xmlDesc);
    }

    @Test
    void isGoneWithItsDomain() {
        Domain same = connect.domains().lookup(domain.identity());
        DomainCheckpoints view = same.checkpoints();
        same.close();
        assertThatIllegalStateException().isThrownBy(view::listAll);
        assertThatIllegalStateException().isThrownBy(() -> view.create("<domaincheckpoint/>"));
    }
}
