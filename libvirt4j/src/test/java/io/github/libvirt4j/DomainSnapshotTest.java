package io.github.libvirt4j;

import static io.github.libvirt4j.support.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.types.DomainSnapshotCreateFlags;
import io.github.libvirt4j.types.DomainSnapshotDeleteFlags;
import io.github.libvirt4j.types.DomainSnapshotListFlags;
import io.github.libvirt4j.types.DomainSnapshotRevertFlags;
import io.github.libvirt4j.types.DomainSnapshotXmlFlags;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.DomainUndefineFlags;
import io.github.libvirt4j.types.ErrorNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Snapshots of a domain of the test driver, which keeps descriptions only.
@ParameterizedClass
@EnumSource(TestDriver.class)
@ExtendWith(NothingLeft.class)
class DomainSnapshotTest {
    private final TestDriver driver;
    private Connect connect;
    private Domain domain;
    private DomainSnapshots snapshots;

    DomainSnapshotTest(TestDriver driver) {
        this.driver = driver;
    }

    @BeforeEach
    void define() {
        connect = driver.open();
        domain = connect.domains().define(Embedded.xml(Embedded.newName()));
        snapshots = domain.snapshots();
    }

    @AfterEach
    void undefine() {
        if (domain.isActive()) {
            domain.destroy();
        }
        domain.undefine(DomainUndefineFlags.SNAPSHOTS_METADATA);
        connect.close();
    }

    private DomainSnapshot create(String name, DomainSnapshotCreateFlags... flags) {
        return snapshots.create("<domainsnapshot><name>" + name + "</name></domainsnapshot>", flags);
    }

    @Test
    void isCreatedFoundAndDeleted() {
        assertThat(snapshots.listAll()).isEmpty();
        assertThat(snapshots.hasCurrent()).isFalse();
        assertThat(snapshots.current()).isEmpty();
        DomainSnapshot first = create("first");
        assertThat(first.name()).isEqualTo("first");
        assertThat(first.identity()).isEqualTo(new DomainSnapshot.Identity(domain.uuid(), "first"));
        assertThat(first).hasToString("snapshot " + first.identity());
        assertThat(first.connect()).isSameAs(connect);
        assertThat(first.hasMetadata()).isTrue();
        assertThat(first.isCurrent()).isTrue();
        assertThat(snapshots.hasCurrent()).isTrue();
        assertThat(snapshots.current()).contains(first);
        assertThat(snapshots.lookupByName("first")).isEqualTo(first).isNotSameAs(first);
        assertThat(snapshots.findByName("first")).contains(first);
        assertThat(snapshots.findByName("second")).isEmpty();
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> snapshots.lookupByName("second"));
        assertThat(snapshots.listAll()).containsExactly(first);
        assertRefused(ErrorNumber.OPERATION_INVALID, domain::undefine);
        first.delete();
        assertThat(snapshots.hasCurrent()).isFalse();
        assertThat(snapshots.listAll()).isEmpty();
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(first::delete);
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(first::xmlDesc);
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(first::revertTo);
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(first::hasMetadata);
    }

    @Test
    void givesIdentitiesAndKeepsNoHandle() {
        DomainSnapshot first = create("first");
        DomainSnapshot second = create("second");
        long before = Libvirt.handlesOpen();
        assertThat(snapshots.identities()).containsExactlyInAnyOrder(first.identity(), second.identity());
        assertThat(snapshots.identities(DomainSnapshotListFlags.ROOTS)).containsExactly(first.identity());
        assertThat(Libvirt.handlesOpen()).isEqualTo(before);
    }

    /// `root` has two children, `left` and `right`, and `left` has one, `leaf`.
    @Test
    void isOneOfATree() {
        DomainSnapshot root = create("root");
        DomainSnapshot left = create("left");
        DomainSnapshot leaf = create("leaf");
        root.revertTo();
        DomainSnapshot right = create("right");
        assertThat(root.parent()).isEmpty();
        assertThat(left.parent()).contains(root);
        assertThat(leaf.parent()).contains(left);
        assertThat(right.parent()).contains(root);
        assertThat(root.listAllChildren()).containsExactlyInAnyOrder(left, right);
        assertThat(root.listAllChildren(DomainSnapshotListFlags.DESCENDANTS))
                .containsExactlyInAnyOrder(left, leaf, right);
        assertThat(root.listAllChildren(DomainSnapshotListFlags.LEAVES)).containsExactly(right);
        assertThat(leaf.listAllChildren()).isEmpty();
        assertThat(snapshots.listAll(DomainSnapshotListFlags.ROOTS)).containsExactly(root);
        assertThat(snapshots.listAll(DomainSnapshotListFlags.LEAVES)).containsExactlyInAnyOrder(leaf, right);
        assertThat(snapshots.listAll(DomainSnapshotListFlags.TOPOLOGICAL))
                .startsWith(root)
                .hasSize(4);
        assertThat(right.isCurrent()).isTrue();
        assertThat(left.isCurrent()).isFalse();

        left.delete();
        assertThat(leaf.parent()).contains(root);
        root.delete(DomainSnapshotDeleteFlags.CHILDREN_ONLY);
        assertThat(snapshots.listAll()).containsExactly(root);
        DomainSnapshot again = create("again");
        root.delete(DomainSnapshotDeleteFlags.CHILDREN);
        assertThat(snapshots.listAll()).isEmpty();
        // Not a root: gone.
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(root::parent);
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(again::parent);
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(root::listAllChildren);
    }

    @Test
    void returnsADomainToItsState() {
        DomainSnapshot stopped = create("stopped");
        domain.create();
        DomainSnapshot running = create("running");
        domain.suspend();
        DomainSnapshot suspended = create("suspended");
        stopped.revertTo();
        assertThat(domain.isActive()).isFalse();
        assertThat(stopped.isCurrent()).isTrue();
        running.revertTo();
        assertThat(domain.state().state()).isEqualTo(DomainState.RUNNING);
        suspended.revertTo();
        assertThat(domain.state().state()).isEqualTo(DomainState.PAUSED);
        suspended.revertTo(DomainSnapshotRevertFlags.RUNNING);
        assertThat(domain.state().state()).isEqualTo(DomainState.RUNNING);
        running.revertTo(DomainSnapshotRevertFlags.PAUSED);
        assertThat(domain.state().state()).isEqualTo(DomainState.PAUSED);
        assertRefused(
                ErrorNumber.INVALID_ARG,
                () -> stopped.revertTo(DomainSnapshotRevertFlags.PAUSED, DomainSnapshotRevertFlags.RUNNING));
    }

    @Test
    void describesTheDomain() {
        DomainSnapshot snapshot = snapshots.create(
                "<domainsnapshot><name>n</name><description>before &lt;all&gt;</description></domainsnapshot>");
        assertThat(snapshot.xmlDesc())
                .contains("<name>n</name>", "<description>before &lt;all&gt;</description>", "<state>shutoff</state>")
                .contains("<uuid>" + domain.uuid() + "</uuid>");
        assertThat(snapshot.xmlDesc(DomainSnapshotXmlFlags.SECURE)).contains("<name>n</name>");
        String xml = snapshot.xmlDesc();
        snapshot.delete();
        assertThat(snapshots.create(xml, DomainSnapshotCreateFlags.REDEFINE)).isEqualTo(snapshot);
        assertThat(snapshots.current()).isEmpty();
        assertThat(snapshot.xmlDesc()).isEqualTo(xml);
    }

    @Test
    void isNotCreatedOfNonsense() {
        assertRefused(ErrorNumber.XML_DETAIL, () -> snapshots.create("no XML"));
        assertRefused(ErrorNumber.XML_ERROR, () -> snapshots.create("<domain/>"));
        create("twice");
        assertRefused(ErrorNumber.OPERATION_FAILED, () -> create("twice"));
        assertThat(snapshots.create("<domainsnapshot/>").name()).isNotEmpty();
        assertRefused(
                ErrorNumber.INVALID_ARG,
                () -> create("x", DomainSnapshotCreateFlags.REDEFINE, DomainSnapshotCreateFlags.NO_METADATA));
    }

    @Test
    void haltsADomain() {
        domain.create();
        assertThat(create("halted", DomainSnapshotCreateFlags.HALT).xmlDesc()).contains("<state>running</state>");
        assertThat(domain.isActive()).isFalse();
    }

    @Test
    void isAnotherInAnotherDomain() {
        DomainSnapshot snapshot = create("same");
        try (Domain other = connect.domains().define(Embedded.xml(Embedded.newName()))) {
            DomainSnapshot same = other.snapshots().create("<domainsnapshot><name>same</name></domainsnapshot>");
            assertThat(same).isNotEqualTo(snapshot);
            assertThat(same.name()).isEqualTo(snapshot.name());
            same.delete();
            other.undefine();
        }
    }

    /// C gives the snapshot's own pointer: the handle made of it must outlive the snapshot's.
    @Test
    void hasItsDomain() {
        DomainSnapshot snapshot = create("of");
        assertThat(snapshot.name()).isEqualTo("of");
        Domain first = snapshot.domain();
        Domain second = snapshot.domain();
        assertThat(first).isEqualTo(domain).isNotSameAs(second);
        second.close();
        snapshot.close();
        assertThat(first.name()).isEqualTo(domain.name());
        assertThat(first.isActive()).isFalse();
        first.close();
        assertThat(domain.isActive()).isFalse();
        assertThat(snapshot.name()).isEqualTo("of");
        assertThatIllegalStateException().isThrownBy(snapshot::domain);
        assertThatIllegalStateException().isThrownBy(snapshot::isCurrent);
    }

    @Test
    void isGoneWithItsDomain() {
        Domain gone = connect.domains().define(Embedded.xml(Embedded.newName()));
        DomainSnapshot snapshot = gone.snapshots().create("<domainsnapshot/>");
        DomainSnapshots view = gone.snapshots();
        gone.undefine(DomainUndefineFlags.SNAPSHOTS_METADATA);
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(view::listAll);
        // Not without a current one: without a domain.
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(view::current);
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(snapshot::parent);
        gone.close();
        assertThatIllegalStateException().isThrownBy(view::listAll);
        assertThatIllegalStateException().isThrownBy(view::hasCurrent);
        // A handle of its own, which refers to the domain.
        assertThat(snapshot.name()).isNotEmpty();
    }
}
