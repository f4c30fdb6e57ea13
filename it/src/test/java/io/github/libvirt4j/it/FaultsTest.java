package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.Opening;
import io.github.libvirt4j.Stream;
import io.github.libvirt4j.error.CallTimeoutException;
import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.testing.QemuMonitor;
import io.github.libvirt4j.testing.RootDaemon;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ConnectCloseReason;
import io.github.libvirt4j.types.DomainState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What `docs/faults.md` says of links, keepalive, administrators and guests.
@ExtendWith(NothingLeft.class)
@Tag("loop")
@Timeout(120)
class FaultsTest {
    private static CompletableFuture<ConnectCloseReason> closed(Connect connect) {
        CompletableFuture<ConnectCloseReason> reason = new CompletableFuture<>();
        connect.on(ConnectEvent.CLOSED, event -> reason.complete(event.reason()));
        return reason;
    }

    @Test
    void linkThatIsDownIsNoticedByKeepalive() throws Exception {
        try (RootDaemon daemon = RootDaemon.start();
                RootDaemon.Link link = daemon.link()) {
            Opening<RuntimeException> opening = Connect.to(link.tcpUri()).keepAlive(Duration.ofSeconds(1), 2);
            try (Connect connect = opening.open()) {
                CompletableFuture<ConnectCloseReason> reason = closed(connect);
                assertThat(connect.hostname()).isNotEmpty();
                link.down();
                // One that is under way, and one that comes after it.
                assertThatThrownBy(connect::hostname).isInstanceOf(DisconnectedException.class);
                assertThatThrownBy(connect::hostname).isInstanceOf(DisconnectedException.class);
                assertThat(reason.get(60, TimeUnit.SECONDS)).isEqualTo(ConnectCloseReason.KEEPALIVE);
                link.up();
                assertThatThrownBy(connect::hostname).isInstanceOf(DisconnectedException.class);
            }
            try (Connect again = opening.open()) {
                assertThat(again.hostname()).isNotEmpty();
            }
        }
    }

    @Test
    void linkThatComesBackInTimeIsNotNoticed() throws Exception {
        try (RootDaemon daemon = RootDaemon.start();
                RootDaemon.Link link = daemon.link();
                Connect connect = Connect.open(link.tcpUri())) {
            CompletableFuture<ConnectCloseReason> reason = closed(connect);
            link.down();
            CompletableFuture<String> name = CompletableFuture.supplyAsync(connect::hostname);
            link.up();
            assertThat(name.get(60, TimeUnit.SECONDS)).isNotEmpty();
            assertThat(reason).isNotDone();
        }
    }

    /// As it was when it went down, it is when it is back: without keepalive nobody was told.
    @Test
    void linkThatIsDownIsNotNoticedWithoutKeepalive() throws Exception {
        try (RootDaemon daemon = RootDaemon.start();
                RootDaemon.Link link = daemon.link();
                Connect connect = Connect.to(link.tcpUri())
                        .keepAlive(Duration.ZERO, 0)
                        .callTimeout(Duration.ofSeconds(5))
                        .open()) {
            CompletableFuture<ConnectCloseReason> reason = closed(connect);
            assertThat(connect.hostname()).isNotEmpty();
            link.down();
            assertThatThrownBy(connect::hostname).isInstanceOf(CallTimeoutException.class);
            link.up();
            while (connect.callsAbandoned() != 0) {
                Thread.sleep(1);
            }
            assertThat(connect.hostname()).isNotEmpty();
            assertThat(reason).isNotDone();
        }
    }

    /// What was under way to it stays so for ever, and takes all places for openings.
    @Test
    void hostThatWasLostWithoutAWordCanBeOpenedWhenItIsBack() throws Exception {
        try (RootDaemon daemon = RootDaemon.start();
                RootDaemon.Link link = daemon.link()) {
            Opening<RuntimeException> opening = Connect.to(link.tcpUri());
            daemon.pause();
            Opening<RuntimeException> impatient = opening.openTimeout(Duration.ofSeconds(1));
            List<CompletableFuture<Connect>> hanging = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                hanging.add(CompletableFuture.supplyAsync(impatient::open, Thread::startVirtualThread));
            }
            for (CompletableFuture<Connect> each : hanging) {
                assertThat(each)
                        .failsWithin(Duration.ofSeconds(10))
                        .withThrowableThat()
                        .withCauseInstanceOf(CallTimeoutException.class);
            }
            // What its kernel says of that does not come through.
            link.down();
            daemon.kill();
            link.up();
            daemon.restart();
            Opening<RuntimeException> patient = opening.openTimeout(Duration.ofSeconds(60));
            try (Connect one = patient.open();
                    Connect another = patient.open()) {
                assertThat(one.isAlive() && another.isAlive()).isTrue();
            }
            assertThat(Libvirt.callsAbandoned()).isEqualTo(16);
            link.endConnections();
            while (Libvirt.callsAbandoned() != 0) {
                Thread.sleep(1);
            }
        }
    }

    @Test
    void keepaliveNoticesWithinHalfAMinuteIfNothingElseWasSaid() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                Connect connect = Connect.open(daemon.unixUri("test:///default"))) {
            CompletableFuture<ConnectCloseReason> reason = closed(connect);
            daemon.pause();
            long begun = System.nanoTime();
            assertThatThrownBy(connect::hostname).isInstanceOf(DisconnectedException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofSeconds(24), Duration.ofSeconds(45));
            assertThat(reason.get(60, TimeUnit.SECONDS)).isEqualTo(ConnectCloseReason.KEEPALIVE);
        }
    }

    /// What happens to a connection.
    enum End {
        ADMINISTRATOR,
        TERMINATED,
        KILLED,
        RESTARTED;

        void of(SessionDaemon daemon) throws IOException {
            switch (this) {
                case ADMINISTRATOR -> daemon.disconnectClients();
                case TERMINATED -> daemon.terminate();
                case KILLED -> daemon.kill();
                case RESTARTED -> daemon.restart();
            }
        }
    }

    /// A call, and somebody who reads a console, are under way. The guest does not notice.
    @ParameterizedTest
    @EnumSource
    void whatIsUnderWayEndsWithTheConnection(End end) throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start()) {
            String uri = daemon.unixUri("qemu:///session");
            try (Connect before = Connect.open(uri)) {
                // Not to be closed: its connection will be gone. The daemon takes it along.
                Guest guest = Guest.paused(daemon, before);
                CompletableFuture<ConnectCloseReason> reason = closed(before);
                Stream console = before.newStream();
                guest.domain().console().open(null, console);
                Call reading = Call.start(() -> console.receive(ByteBuffer.allocate(1)));
                reading.awaitEntry("awaitData");
                // The daemon waits for QEMU now, and the call for the daemon.
                String qemu = String.valueOf(QemuMonitor.pid(guest.identity().uuid()));
                String _ = daemon.run("sh", "-c", "kill -STOP " + qemu);
                Call calling = Call.start(guest.domain()::reset);
                calling.awaitEntry("virDomainReset");
                awaitThatNoOtherGetsThrough(uri, guest);
                assertThat(reading.thrown()).isNotDone();
                assertThat(calling.thrown()).isNotDone();

                end.of(daemon);

                assertThat(reason.get(60, TimeUnit.SECONDS)).isEqualTo(ConnectCloseReason.EOF);
                assertThat(calling.thrown().get(60, TimeUnit.SECONDS)).isInstanceOf(DisconnectedException.class);
                assertThat(reading.thrown().get(60, TimeUnit.SECONDS)).isInstanceOf(DisconnectedException.class);
                assertThatThrownBy(before::hostname).isInstanceOf(DisconnectedException.class);
                String _ = daemon.run("sh", "-c", "kill -CONT " + qemu);
                if (end != End.ADMINISTRATOR) {
                    daemon.restart();
                }
                try (Connect after = Connect.open(uri);
                        Domain same = after.domains().lookup(guest.identity())) {
                    assertThat(same.state().state()).isEqualTo(DomainState.PAUSED);
                    // Waits until the daemon has QEMU's monitor again: destroying would not, and get in the way of
                    // that.
                    same.suspend();
                    CompletableFuture<DomainEvent.Lifecycle> heard = new CompletableFuture<>();
                    same.on(DomainEvent.LIFECYCLE, heard::complete);
                    same.destroy();
                    assertThat(heard.get(60, TimeUnit.SECONDS).domain()).isEqualTo(guest.identity());
                    same.undefine();
                }
            }
        }
    }

    /// Waits until the daemon is at work for the guest.
    private static void awaitThatNoOtherGetsThrough(String uri, Guest guest) {
        try (Connect other = Connect.to(uri).callTimeout(Duration.ofSeconds(5)).open();
                Domain same = other.domains().lookup(guest.identity())) {
            assertThatThrownBy(same::reset).isInstanceOf(CallTimeoutException.class);
        }
    }

    /// One on a thread of its own.
    private record Call(Thread thread, CompletableFuture<Throwable> thrown) {
        static Call start(Runnable call) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            return new Call(
                    Thread.ofPlatform().daemon().start(() -> {
                        try {
                            call.run();
                            thrown.completeExceptionally(new AssertionError("it returned"));
                        } catch (RuntimeException e) {
                            thrown.complete(e);
                        }
                    }),
                    thrown);
        }

        /// Waits until it is in a method, such as a function of C's.
        void awaitEntry(String function) throws InterruptedException {
            while (Arrays.stream(thread.getStackTrace())
                    .noneMatch(frame -> frame.getMethodName().equals(function))) {
                assertThat(thrown).isNotDone();
                Thread.sleep(1);
            }
        }
    }
}
