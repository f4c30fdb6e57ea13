package io.github.libvirt4j;

import static io.github.libvirt4j.support.Refusals.assertOperationInvalid;
import static io.github.libvirt4j.support.Refusals.assertRefused;
import static io.github.libvirt4j.support.Refusals.assertUnsupported;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.types.DomainMigrateFlags;
import io.github.libvirt4j.types.DomainMigrateMaxSpeedFlags;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.MigrateParamKeys;
import io.github.libvirt4j.types.TypedParameters;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The limits of migrations, and their refusals; the module `it` migrates guests.
@ExtendWith(NothingLeft.class)
class DomainMigrationTest extends ViewsOfADomain {
    private static final TypedParameters NONE = new TypedParameters(List.of());

    private DomainMigration made;
    private DomainMigration guest;

    @BeforeEach
    void view() {
        made = embedded.domains().lookupByName("test").migration();
        guest = paused.migration();
    }

    @Test
    void hasABandwidth() {
        assertThat(guest.maxSpeed()).isPositive();
        guest.setMaxSpeed(7);
        assertThat(guest.maxSpeed()).isEqualTo(7);
        guest.setMaxSpeed(9, DomainMigrateMaxSpeedFlags.POSTCOPY);
        assertThat(guest.maxSpeed(DomainMigrateMaxSpeedFlags.POSTCOPY)).isEqualTo(9);
        assertThat(guest.maxSpeed()).isEqualTo(7);
        assertRefused(ErrorNumber.OVERFLOW, () -> guest.setMaxSpeed(Long.MAX_VALUE));
        assertUnsupported(made::maxSpeed);
        assertUnsupported(() -> made.setMaxSpeed(7));
    }

    @Test
    void hasADowntime() {
        guest.setMaxDowntime(Duration.ofMillis(1234));
        assertThat(guest.maxDowntime()).isEqualTo(Duration.ofMillis(1234));
        guest.setMaxDowntime(Duration.ofNanos(56_999_999));
        assertThat(guest.maxDowntime()).isEqualTo(Duration.ofMillis(56));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guest.setMaxDowntime(Duration.ofNanos(999_999)))
                .withMessageContaining("downtime");
        assertThatIllegalArgumentException().isThrownBy(() -> guest.setMaxDowntime(Duration.ofSeconds(-1)));
        // QEMU knows better than two thousand seconds.
        assertRefused(ErrorNumber.INTERNAL_ERROR, () -> guest.setMaxDowntime(Duration.ofSeconds(2001)));
        assertUnsupported(made::maxDowntime);
        assertUnsupported(() -> made.setMaxDowntime(Duration.ofSeconds(1)));
    }

    @Test
    void hasACache() {
        guest.setCompressionCache(2 << 20);
        assertThat(guest.compressionCache()).isEqualTo(2 << 20);
        assertRefused(ErrorNumber.INTERNAL_ERROR, () -> guest.setCompressionCache(3 << 20));
        assertUnsupported(made::compressionCache);
        assertUnsupported(() -> made.setCompressionCache(1 << 20));
    }

    @Test
    void isOfARunningDomain() {
        try (Domain stopped = qemu.domains().define("""
                <domain type='qemu'>
                  <name>%s</name>
                  <memory unit='MiB'>32</memory>
                  <os><type arch='x86_64' machine='q35'>hvm</type></os>
                </domain>
                """.formatted(Embedded.newName()))) {
            DomainMigration migration = stopped.migration();
            assertThat(migration.maxSpeed()).isPositive();
            assertOperationInvalid(() -> migration.maxSpeed(DomainMigrateMaxSpeedFlags.POSTCOPY));
            assertOperationInvalid(migration::maxDowntime);
            assertOperationInvalid(() -> migration.setMaxDowntime(Duration.ofSeconds(1)));
            assertOperationInvalid(migration::compressionCache);
            assertOperationInvalid(migration::startPostCopy);
            assertOperationInvalid(() -> migration.toUri(PausedGuest.URI, NONE));
            stopped.undefine();
        }
    }

    @Test
    void switchesToPostCopyOnlyIfUnderWay() {
        assertOperationInvalid(guest::startPostCopy);
        assertUnsupported(made::startPostCopy);
    }

    /// The source's daemon is the one that cannot connect.
    @Test
    void saysWhyItFailsAndLeavesTheDomainWhereItIs() {
        assertRefused(ErrorNumber.SYSTEM_ERROR, () -> guest.toUri("qemu+unix:///session?socket=/no/such", NONE));
        assertThat(paused.state().state()).isEqualTo(DomainState.PAUSED);
        assertRefused(
                ErrorNumber.ARGUMENT_UNSUPPORTED,
                () -> guest.toUri(
                        PausedGuest.URI,
                        TypedParameters.builder()
                                .setString("no_such_parameter", "x")
                                .build()));
        assertRefused(
                ErrorNumber.INVALID_ARG,
                () -> guest.toUri(
                        PausedGuest.URI,
                        TypedParameters.builder()
                                .setString(MigrateParamKeys.BANDWIDTH.name(), "x")
                                .build()));
        // To itself.
        assertRefused(ErrorNumber.INTERNAL_ERROR, () -> guest.toUri(PausedGuest.URI, NONE));
        assertRefused(ErrorNumber.INTERNAL_ERROR, () -> guest.to(qemu, NONE));
        assertThat(paused.state().state()).isEqualTo(DomainState.PAUSED);
    }

    @Test
    void isRefusedByTheTestDriver() {
        assertUnsupported(() -> made.toUri("test:///default", NONE));
        assertUnsupported(() -> made.to(embedded, NONE));
    }

    @Test
    void isPeerToPeerByUri() {
        assertRefused(ErrorNumber.INVALID_ARG, () -> guest.to(qemu, NONE, DomainMigrateFlags.PEER2PEER));
        assertRefused(ErrorNumber.INVALID_ARG, () -> guest.to(qemu, NONE, DomainMigrateFlags.TUNNELLED));
        assertThatIllegalStateException().isThrownBy(() -> {
            Connect closed = Connect.open(PausedGuest.URI);
            closed.close();
            guest.to(closed, NONE);
        });
    }
}
