package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.error.CallTimeoutException;
import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventQueue;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ConnectCloseReason;
import io.github.libvirt4j.types.StreamEventType;
import io.github.libvirt4j.types.StreamFlags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a user sees when the other side fails, as `docs/faults.md` says. Nothing is left of it.
@Tag("loop")
@ExtendWith(NothingLeft.class)
@Timeout(60)
class FaultTest {
    private static String uri(SessionDaemon daemon, boolean unix) {
        return unix ? daemon.unixUri(Embedded.URI) : daemon.tcpUri();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void callUnderWayFailsWhenTheDaemonIsKilled(boolean unix) throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                Connect connect = Connect.open(uri(daemon, unix))) {
            daemon.pause();
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    connect.hostname();
                } catch (DisconnectedException e) {
                    thrown.set(e);
                }
            });
            // Until it is in C.
            while (Arrays.stream(thread.getStackTrace())
                    .noneMatch(frame -> frame.getMethodName().equals("virConnectGetHostname"))) {
                Thread.sleep(1);
            }
            daemon.kill();
            thread.join();
            assertThat(thrown.get()).isInstanceOf(DisconnectedException.class);
            assertThat(connect.isAlive()).isFalse();
            assertThatExceptionOfType(DisconnectedException.class)
                    .isThrownBy(() -> connect.domains().lookupByName("test"))
                    .withMessageStartingWith("virDomainLookupByName");
        }
    }

    /// Handlers of every sort, one of them at work, a taker, streams, handles: all of them end.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void allThatIsOpenEndsWithTheDaemon(boolean unix) throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start()) {
            Connect connect = Connect.open(uri(daemon, unix));
            var atWork = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            CompletableFuture<ConnectEvent.Closed> closed = new CompletableFuture<>();
            connect.on(ConnectEvent.CLOSED, closed::complete);
            connect.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> {});
            connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {
                atWork.countDown();
                goOn.await();
            });
            EventQueue<DomainEvent.Lifecycle> queue = connect.queue(Set.of(DomainEvent.LIFECYCLE), 10);
            Domain domain = connect.domains().lookupByName("test");
            domain.on(DomainEvent.LIFECYCLE, _ -> {});
            Stream unused = connect.newStream();
            Stream screenshot = connect.newStream(StreamFlags.NONBLOCK);
            domain.console().screenshot(screenshot, 0);
            CompletableFuture<Set<StreamEventType>> hungUp = new CompletableFuture<>();
            screenshot.on(EnumSet.of(StreamEventType.WRITABLE), (_, events) -> {
                if (events.contains(StreamEventType.HANGUP)) {
                    hungUp.complete(events);
                }
            });
            domain.suspend();
            atWork.await();

            daemon.kill();

            assertThat(closed.get(30, TimeUnit.SECONDS).reason())
                    .isEqualTo(unix ? ConnectCloseReason.EOF : ConnectCloseReason.ERROR);
            assertThat(hungUp.get(30, TimeUnit.SECONDS)).contains(StreamEventType.HANGUP);
            // What came before waits still.
            assertThat(queue.take().domain()).isEqualTo(domain.identity());
            assertThatIllegalStateException().isThrownBy(queue::take).withMessageContaining("the connection broke off");
            assertThat(queue.isActive()).isFalse();
            // Another of a kind that is registered asks nobody.
            connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {});
            assertThatThrownBy(() -> connect.on(DomainEvent.REBOOT, (DomainEvent.Reboot _) -> {}))
                    .isInstanceOf(DisconnectedException.class);
            assertThatThrownBy(screenshot::finish).isInstanceOf(DisconnectedException.class);
            goOn.countDown();
            unused.close();
            connect.close();
            assertThat(connect.closeResult()).isZero();
            assertThat(queue.isActive()).isFalse();
        }
    }

    @Test
    void anotherConnectionDoesAfterARestart() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                Connect before = Connect.open(uri(daemon, true))) {
            daemon.restart();
            try (Connect after = Connect.open(uri(daemon, true));
                    Domain domain = after.domains().lookupByName("test")) {
                CompletableFuture<DomainEvent.Lifecycle> heard = new CompletableFuture<>();
                after.on(DomainEvent.LIFECYCLE, heard::complete);
                domain.suspend();
                assertThat(heard.get(30, TimeUnit.SECONDS).domain()).isEqualTo(domain.identity());
                assertThatThrownBy(before::hostname).isInstanceOf(DisconnectedException.class);
            }
        }
    }

    /// libvirt's daemon does not refuse: it lets wait.
    @Test
    void openingWaitsWhileTheDaemonHasAllTheClientsItTakes() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start()) {
            Path settings = daemon.folder().resolve("libvirtd.conf");
            Files.writeString(
                    settings,
                    Files.readString(settings)
                            .replaceAll("max_clients = \\d+", "max_clients = 2")
                            .replaceAll("max_anonymous_clients = \\d+", "max_anonymous_clients = 2"));
            daemon.restart();
            var opening = Connect.to(uri(daemon, true));
            try (Connect _ = opening.open()) {
                try (Connect _ = opening.open()) {
                    assertThatExceptionOfType(CallTimeoutException.class)
                            .isThrownBy(() ->
                                    opening.openTimeout(Duration.ofMillis(500)).open());
                }
                // What was waiting is let in now, and closed, and gives its place away.
                opening.openTimeout(Duration.ofSeconds(50)).open().close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void processEndsWhenMainReturns(boolean killed) throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start()) {
            ChildVm vm = ChildVm.run(
                    Leaving.class,
                    List.of("--enable-native-access=ALL-UNNAMED"),
                    uri(daemon, true),
                    String.valueOf(daemon.pid()),
                    killed ? "KILL" : "STOP");
            assertThat(vm.lines()).last().isEqualTo("abandoned 2");
            assertThat(vm.status()).isZero();
            if (!killed) {
                daemon.resume();
            }
        }
    }

    /// Closes nothing, and leaves calls behind that do not come back while the daemon is stopped.
    static final class Leaving {
        public static void main(String[] uriPidSignal) throws Exception {
            Connect connect = Connect.to(uriPidSignal[0])
                    .keepAlive(Duration.ZERO, 0)
                    .callTimeout(Duration.ofSeconds(2))
                    .open();
            connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {});
            connect.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> {});
            signal(uriPidSignal[1], "STOP");
            abandon(connect::hostname);
            abandon(() -> Connect.to(uriPidSignal[0])
                    .openTimeout(Duration.ofMillis(100))
                    .open());
            System.out.println("abandoned " + Libvirt.callsAbandoned());
            signal(uriPidSignal[1], uriPidSignal[2]);
        }

        private static void abandon(Runnable call) {
            try {
                call.run();
            } catch (CallTimeoutException e) {
                // As it should.
            }
        }

        private static void signal(String pid, String name) throws Exception {
            new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).start().waitFor();
        }
    }
}
