package io.github.libvirt4j.it;

import static io.github.libvirt4j.types.DomainEventType.STOPPED;
import static io.github.libvirt4j.types.DomainEventType.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainMigration;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.OperationAbortedException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.testing.RootDaemon;
import io.github.libvirt4j.types.DomainEventStoppedDetailType;
import io.github.libvirt4j.types.DomainEventSuspendedDetailType;
import io.github.libvirt4j.types.DomainMigrateFlags;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.DomainXmlFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.MigrateParamKeys;
import io.github.libvirt4j.types.TypedParameters;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// A guest that has booted goes from one host to another, or does not. Each test begins and ends with the
/// guest on the first host.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class MigrationTest {
    private static final String SYSTEM = "qemu:///system";

    private RootDaemon here;
    private RootDaemon there;
    private RootDaemon.Cable cable;
    private Connect onHere;
    private Connect onThere;

    /// For what is done while a migration keeps the other one busy: before libvirt 10.4.0 two threads must not
    /// share a connection.
    private Connect aside;

    private Guest guest;
    private Domain domain;
    private Events events;

    @BeforeAll
    void start() throws IOException {
        here = RootDaemon.start();
        there = RootDaemon.start();
        cable = here.cable(there);
        onHere = Connect.open(here.unixUri(SYSTEM));
        onThere = Connect.open(there.unixUri(SYSTEM));
        aside = Connect.open(here.unixUri(SYSTEM));
        guest = Guest.booting(here, onHere);
        domain = aside.domains().lookup(guest.identity());
        try (Console console = new Console(onHere, guest.domain())) {
            console.await("GUEST READY");
        }
    }

    @AfterAll
    void stop() throws IOException {
        guest.close();
        aside.close();
        onThere.close();
        onHere.close();
        cable.close();
        there.close();
        here.close();
        assertThat(Libvirt.closuresOnLoan()).isZero();
        assertThat(Libvirt.handlesOpen()).isZero();
    }

    @BeforeEach
    void watch() {
        events = Events.of(aside, DomainEvent.LIFECYCLE, DomainEvent.MIGRATION_ITERATION);
    }

    @AfterEach
    void look() {
        events.close();
        domain.migration().setMaxSpeed(1000);
        expectRunning(onHere);
        assertThat(onThere.domains().findByUuid(guest.identity().uuid())).isEmpty();
    }

    private static TypedParameters by(String address) {
        return TypedParameters.builder()
                .set(MigrateParamKeys.URI, "tcp://" + address)
                .build();
    }

    private String there() {
        return "qemu+tcp://" + cable.farAddress() + "/system";
    }

    /// The guest itself answers, and not libvirt for it.
    private void expectRunning(Connect on) {
        try (Domain running = on.domains().lookup(guest.identity());
                Console console = new Console(on, running)) {
            assertThat(running.state().state()).isEqualTo(DomainState.RUNNING);
            console.run("true");
        }
    }

    /// Begins a migration that would take minutes, and waits until it copies the memory.
    private FutureTask<@Nullable Void> begin(DomainMigrateFlags... flags) throws InterruptedException {
        domain.migration().setMaxSpeed(1);
        FutureTask<@Nullable Void> migration = new FutureTask<>(() -> {
            guest.domain().migration().toUri(there(), by(cable.farAddress()), flags);
            return null;
        });
        Thread.ofPlatform().start(migration);
        events.next(DomainEvent.MigrationIteration.class, event -> event.iteration() == 1);
        return migration;
    }

    private static Throwable failure(FutureTask<@Nullable Void> migration) throws Exception {
        try {
            migration.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        }
        throw new AssertionError("The migration succeeded");
    }

    /// There by the daemons, and back by this process.
    @Test
    void goesThereAndComesBack() throws Exception {
        domain.migration().toUri(there(), by(cable.farAddress()), DomainMigrateFlags.LIVE, DomainMigrateFlags.UNSAFE);
        events.expect(guest.lifecycle(STOPPED, DomainEventStoppedDetailType.MIGRATED));
        assertThat(domain.isActive()).isFalse();
        assertThat(domain.isPersistent()).isTrue();
        expectRunning(onThere);
        comeBack();
    }

    private void comeBack() {
        try (Domain away = onThere.domains().lookup(guest.identity())) {
            assertThat(away.isPersistent()).isFalse();
            try (Domain back = away.migration()
                    .to(onHere, by(cable.nearAddress()), DomainMigrateFlags.LIVE, DomainMigrateFlags.UNSAFE)) {
                assertThat(back).isEqualTo(guest.domain());
                assertThat(back.connect()).isSameAs(onHere);
                assertThat(back.isActive()).isTrue();
            }
        }
    }

    @Test
    void isAbortedAndContinuesHere() throws Exception {
        FutureTask<@Nullable Void> migration = begin(DomainMigrateFlags.LIVE, DomainMigrateFlags.UNSAFE);
        // It was not begun with the flag for that.
        assertThatExceptionOfType(OperationInvalidException.class).isThrownBy(domain.migration()::startPostCopy);
        Virsh.run(here.unixUri(SYSTEM), "domjobabort", guest.name());
        assertThat(failure(migration)).isInstanceOf(OperationAbortedException.class);
    }

    /// The guest is gone on the other host, in the middle of it.
    @Test
    void failsAndContinuesHere() throws Exception {
        FutureTask<@Nullable Void> migration = begin(DomainMigrateFlags.LIVE, DomainMigrateFlags.UNSAFE);
        try (Domain incoming = onThere.domains().lookup(guest.identity())) {
            incoming.destroy();
        }
        assertThat(failure(migration))
                .isInstanceOf(LibvirtException.class)
                .isNotInstanceOf(OperationAbortedException.class)
                .message()
                .isNotEmpty();
    }

    @Test
    void saysWhyItDoesNotBegin() {
        DomainMigration migration = domain.migration();
        TypedParameters way = by(cable.farAddress());
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> migration.toUri(
                        "qemu+tcp://" + cable.farAddress() + ":1/system", way, DomainMigrateFlags.UNSAFE))
                .withMessageContaining("Connection refused");
        String elsewhere =
                domain.xmlDesc(DomainXmlFlags.MIGRATABLE).replace(guest.disk().toString(), "/no/such/disk");
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> migration.toUri(
                        there(),
                        TypedParameters.builder()
                                .set(MigrateParamKeys.URI, "tcp://" + cable.farAddress())
                                .set(MigrateParamKeys.DEST_XML, elsewhere)
                                .build(),
                        DomainMigrateFlags.LIVE,
                        DomainMigrateFlags.UNSAFE))
                .withMessageContaining("/no/such/disk");
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> migration.toUri(there(), way, DomainMigrateFlags.LIVE))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorNumber.MIGRATE_UNSAFE));
    }

    @Test
    void switchesToPostCopy() throws Exception {
        FutureTask<@Nullable Void> migration =
                begin(DomainMigrateFlags.LIVE, DomainMigrateFlags.UNSAFE, DomainMigrateFlags.POSTCOPY);
        domain.migration().startPostCopy();
        events.expectInOrder(
                guest.lifecycle(SUSPENDED, DomainEventSuspendedDetailType.POSTCOPY),
                guest.lifecycle(STOPPED, DomainEventStoppedDetailType.MIGRATED));
        migration.get(60, TimeUnit.SECONDS);
        expectRunning(onThere);
        comeBack();
    }
}
