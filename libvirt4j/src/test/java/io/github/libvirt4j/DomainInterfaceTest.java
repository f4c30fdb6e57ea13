package io.github.libvirt4j;

import static io.github.libvirt4j.support.Refusals.assertOperationInvalid;
import static io.github.libvirt4j.support.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.TypedParameters;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The network interfaces of domains: of the test driver, whose numbers are made up, and of QEMU's, as far as
/// an ordinary user has any. `DomainTrafficTest` of `it` has traffic.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class DomainInterfaceTest {
    private static final String MAC = "52:54:00:00:00:07";

    private final Connect embedded = Embedded.open();
    private final Domain made = embedded.domains().define("""
            <domain type='test'>
              <name>%s</name>
              <memory unit='MiB'>32</memory>
              <os><type>hvm</type></os>
              <devices>
                <interface type='ethernet'><mac address='%s'/><target dev='tap7'/></interface>
              </devices>
            </domain>
            """.formatted(Embedded.newName(), MAC));
    private final DomainInterface iface = made.iface("tap7");

    @AfterEach
    void close() {
        if (made.isActive()) {
            made.destroy();
        }
        made.undefine();
        embedded.close();
    }

    private static Domain define(Connect connect, String iface) {
        return connect.domains().define("""
                <domain type='qemu'>
                  <name>%s</name>
                  <memory unit='MiB'>32</memory>
                  <os><type arch='x86_64'>hvm</type></os>
                  <devices>%s</devices>
                </domain>
                """.formatted(UUID.randomUUID(), iface.formatted(MAC)));
    }

    private static TypedParameters bandwidth(String name, long value) {
        return TypedParameters.builder().setUnsignedInt(name, value).build();
    }

    /// The test driver makes each number of the time, with another divisor.
    @Test
    void countsItsTraffic() {
        assertOperationInvalid(iface::stats);
        made.create();
        DomainInterface.Stats stats = iface.stats();
        assertThat(stats.rxBytes() / stats.rxPackets()).isEqualTo(10);
        assertThat(stats.rxBytes() / stats.txBytes()).isEqualTo(2);
        assertThat(stats.txBytes() / stats.txPackets()).isEqualTo(5);
        assertThat(stats.rxErrs() / stats.rxDrop()).isEqualTo(2);
        assertThat(stats.rxErrs() / stats.txErrs()).isEqualTo(3);
        assertThat(stats.rxErrs() / stats.txDrop()).isEqualTo(4);
        assertThat(made.iface(MAC).stats().rxBytes()).isGreaterThanOrEqualTo(stats.rxBytes());
        assertRefused(ErrorNumber.INVALID_ARG, () -> made.iface("tap8").stats());
        assertRefused(
                ErrorNumber.INVALID_ARG, () -> made.iface("52:54:00:00:00:08").stats());
    }

    @Test
    void hasABandwidth() {
        made.create();
        assertBandwidth(iface);
        assertOperationInvalid(() -> {
            made.destroy();
            iface.parameters(DomainModificationImpact.LIVE);
        });
        assertOperationInvalid(
                () -> iface.setParameters(bandwidth("inbound.average", 1), DomainModificationImpact.LIVE));
    }

    private static void assertBandwidth(DomainInterface iface) {
        assertThat(iface.parameters().getLong("inbound.average")).hasValue(0);
        iface.setParameters(TypedParameters.builder()
                .setUnsignedInt("inbound.average", 1000)
                .setUnsignedInt("inbound.peak", 2000)
                .setUnsignedInt("inbound.burst", 3000)
                .build());
        iface.setParameters(bandwidth("outbound.average", 500));
        TypedParameters both = iface.parameters();
        assertThat(both.getLong("inbound.peak")).hasValue(2000);
        assertThat(both.getLong("inbound.burst")).hasValue(3000);
        assertThat(both.getLong("outbound.average")).hasValue(500);
        // A direction is replaced whole, and the other one stays.
        iface.setParameters(bandwidth("inbound.average", 700));
        TypedParameters replaced = iface.domain().iface(MAC).parameters();
        assertThat(replaced.getLong("inbound.average")).hasValue(700);
        assertThat(replaced.getLong("inbound.peak")).hasValue(0);
        assertThat(replaced.getLong("outbound.average")).hasValue(500);
        iface.setParameters(bandwidth("outbound.average", 0));
        assertThat(iface.parameters().getLong("outbound.average")).hasValue(0);
        assertRefused(ErrorNumber.ARGUMENT_UNSUPPORTED, () -> iface.setParameters(bandwidth("inbound.width", 1)));
        assertRefused(
                ErrorNumber.INVALID_ARG,
                () -> iface.setParameters(TypedParameters.builder()
                        .setUnsignedLong("inbound.average", 1)
                        .build()));
        assertRefused(ErrorNumber.INVALID_ARG, () -> iface.setParameters(new TypedParameters(List.of())));
        DomainInterface none = iface.domain().iface("tap8");
        assertRefused(ErrorNumber.INVALID_ARG, none::parameters);
        assertRefused(ErrorNumber.INVALID_ARG, () -> none.setParameters(bandwidth("inbound.average", 1)));
    }

    /// Only a definition can have one here: a bridge is root's.
    @Test
    void hasABandwidthInADefinitionOfQemus() {
        try (Connect qemu = Connect.open(SessionDaemon.shared().unixUri("qemu:///session"));
                Domain stopped = define(
                        qemu, "<interface type='bridge'><mac address='%s'/><source bridge='br7'/></interface>")) {
            assertBandwidth(stopped.iface(MAC));
            assertOperationInvalid(() -> stopped.iface(MAC).stats());
            stopped.undefine();
        }
    }

    @Test
    void withoutADeviceOnTheHostHasNoNumbers() {
        try (Connect qemu = Connect.open(SessionDaemon.shared().unixUri("qemu:///session"));
                Domain guest = define(qemu, "<interface type='user'><mac address='%s'/></interface>")) {
            guest.create(DomainCreateFlags.START_PAUSED);
            assertRefused(ErrorNumber.INTERNAL_ERROR, () -> guest.iface(MAC).stats());
            assertRefused(
                    ErrorNumber.CONFIG_UNSUPPORTED,
                    () -> guest.iface(MAC).setParameters(bandwidth("inbound.average", 1)));
            guest.destroy();
            guest.undefine();
        }
    }

    /// A libvirt older than 12.5.0 lacks the function, and the test driver of a newer one as well.
    @Test
    void isNotAnnouncedByTheTestDriver() {
        made.create();
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> iface.announce(bandwidth("rounds", 1)))
                .withMessageContaining("virDomainAnnounceInterface");
    }

    @Test
    void isGoneWithItsDomain() {
        Domain other = embedded.domains().lookupByUuid(made.uuid());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> other.iface("a\0b").parameters())
                .withMessageContaining("device");
        DomainInterface gone = other.iface("tap7");
        other.close();
        assertThatIllegalStateException().isThrownBy(gone::stats);
        assertThatIllegalStateException().isThrownBy(gone::parameters);
    }
}
