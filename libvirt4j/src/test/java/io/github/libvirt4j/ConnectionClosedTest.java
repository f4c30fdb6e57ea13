package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.error.InvalidArgumentException;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventQueue;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.support.Threads;
import io.github.libvirt4j.testing.Daemon;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ConnectCloseReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections that break off, because their daemon is killed or says nothing any more.
@Tag("loop")
@ExtendWith(NothingLeft.class)
@Timeout(60)
class ConnectionClosedTest {
    private static SessionDaemon daemon;

    private final BlockingQueue<ConnectEvent.Closed> heard = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start() {
        daemon = SessionDaemon.start();
    }

    @AfterAll
    static void stop() {
        daemon.close();
    }

    private ConnectEvent.Closed next() throws InterruptedException {
        return Objects.requireNonNull(heard.poll(20, TimeUnit.SECONDS), "nothing heard within 20 seconds");
    }

    private static void assertClosed(Connection connect) {
        connect.close();
        assertThat(connect.closeResult()).isZero();
        assertThat(Libvirt.closuresOnLoan()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void areToldToAllListenersOnce(boolean unix) throws Exception {
        Connect connect = Connect.open(unix ? daemon.unixUri("test:///default") : daemon.tcpUri());
        connect.on(ConnectEvent.CLOSED, heard::add);
        connect.on(Set.of(ConnectEvent.CLOSED), Delivery.direct(), heard::add);
        EventQueue<Event> both = connect.queue(Set.of(ConnectEvent.CLOSED, DomainEvent.LIFECYCLE), 10);
        Registration ended = connect.on(ConnectEvent.CLOSED, heard::add);
        ended.close();
        Domain domain = connect.domains().lookupByName("test");
        domain.suspend();
        assertThat(both.take().kind()).isEqualTo(DomainEvent.LIFECYCLE);
        domain.resume();
        assertThat(both.take().kind()).isEqualTo(DomainEvent.LIFECYCLE);
        daemon.restart();
        // A tcp connection is reset instead.
        ConnectCloseReason reason = unix ? ConnectCloseReason.EOF : next().reason();
        assertThat(reason).isIn(ConnectCloseReason.EOF, ConnectCloseReason.ERROR);
        assertThat(both.take()).isEqualTo(new ConnectEvent.Closed(reason.value()));
        assertThatIllegalStateException().isThrownBy(both::take).withMessageContaining("the connection broke off");
        assertThat(both.isActive()).isFalse();
        while (heard.size() < (unix ? 2 : 1)) {
            heard.add(next());
        }
        assertThat(connect.isAlive()).isFalse();
        // Who comes too late is told all the same.
        heard.clear();
        connect.on(ConnectEvent.CLOSED, heard::add);
        assertThat(next().reason()).isEqualTo(reason);
        DisconnectedException gone = catchThrowableOfType(DisconnectedException.class, domain::suspend);
        assertThat(gone.function()).isEqualTo("virDomainSuspend");
        assertThat(catchThrowableOfType(DisconnectedException.class, connect::hostname))
                .isNotNull();
        // libvirt refuses that before it asks the daemon.
        assertThat(catchThrowableOfType(
                        InvalidArgumentException.class, () -> domain.memory().set(0)))
                .isNotNull();
        assertThat(catchThrowableOfType(
                        DisconnectedException.class,
                        () -> connect.on(DomainEvent.REBOOT, (DomainEvent.Reboot _) -> {})))
                .isNotNull();
        assertClosed(connect);
        assertThat(heard).isEmpty();
    }

    @Test
    void areNotToldWhenTheOwnerClosesThem() throws Exception {
        Connect connect = Connect.open(daemon.unixUri("test:///default"));
        connect.on(ConnectEvent.CLOSED, heard::add);
        assertThat(Libvirt.closuresOnLoan()).isEqualTo(1);
        assertClosed(connect);
        assertThat(heard.poll(100, TimeUnit.MILLISECONDS)).isNull();
    }

    /// The driver says yes and forgets the callback, and its free callback.
    @Test
    void cannotBreakOffInsideTheProcess() {
        Connect connect = Embedded.open();
        connect.on(ConnectEvent.CLOSED, heard::add).close();
        connect.on(ConnectEvent.CLOSED, heard::add);
        assertClosed(connect);
        assertThat(heard).isEmpty();
    }

    @Test
    void areNoticedByKeepalive() throws Exception {
        try (Connect connect = Connect.to(daemon.unixUri("test:///default"))
                .keepAlive(Duration.ofSeconds(1), 1)
                .open()) {
            connect.on(ConnectEvent.CLOSED, heard::add);
            daemon.pause();
            try {
                DisconnectedException gone = catchThrowableOfType(DisconnectedException.class, connect::hostname);
                assertThat(gone).isNotNull();
                assertThat(next().reason()).isEqualTo(ConnectCloseReason.KEEPALIVE);
            } finally {
                daemon.resume();
            }
        }
    }

    /// A count of 0 closes the connection after one second of silence; the default interval is five seconds,
    /// and with the default count the daemon answers.
    @Test
    void areNoticedByTheKeepaliveThatWasSetFirst() throws Exception {
        BlockingQueue<Connect> closed = new LinkedBlockingQueue<>();
        Opening<RuntimeException> slow =
                Connect.to(daemon.unixUri("test:///default")).keepAlive(Duration.ofSeconds(5), 0);
        Opening<RuntimeException> quick =
                slow.keepAlive(Duration.ofSeconds(1), 0).readOnly();
        try (Connect later = slow.open();
                Connect first = quick.open()) {
            later.on(ConnectEvent.CLOSED, _ -> closed.add(later));
            first.on(ConnectEvent.CLOSED, _ -> closed.add(first));
            assertThat(closed.poll(20, TimeUnit.SECONDS)).isSameAs(first);
        }
    }

    /// libvirt calls the close callback with a lock held that these would take.
    @Test
    void mayBeClosedByWhoHearsOfIt() throws Exception {
        for (boolean direct : new boolean[] {true, false}) {
            Connect connect = Connect.open(daemon.unixUri("test:///default"));
            Delivery delivery = direct ? Delivery.direct() : Delivery.queued();
            connect.on(Set.of(ConnectEvent.CLOSED), delivery, event -> {
                connect.on(ConnectEvent.CLOSED, (ConnectEvent.Closed _) -> {});
                connect.close();
                heard.add(event);
            });
            daemon.restart();
            assertThat(next()).isNotNull();
            assertClosed(connect);
        }
    }

    @Test
    void areToldWhileOthersRegisterAndClose() throws Exception {
        breakOffWhileOthersRegisterAndClose(2);
    }

    @Test
    @Tag("slow")
    void areToldWhileOthersRegisterAndCloseOften() throws Exception {
        breakOffWhileOthersRegisterAndClose(10);
    }

    private void breakOffWhileOthersRegisterAndClose(int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            List<Connect> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(Connect.open(i % 2 == 0 ? daemon.unixUri("test:///default") : daemon.tcpUri()));
            }
            AtomicInteger told = new AtomicInteger();
            AtomicInteger kept = new AtomicInteger();
            Threads.together(4, thread -> {
                if (thread == 0) {
                    daemon.restart();
                    return;
                }
                for (Connect connect : all) {
                    for (int i = 0; i < 20; i++) {
                        try {
                            Registration registration = connect.on(ConnectEvent.CLOSED, _ -> told.incrementAndGet());
                            kept.incrementAndGet();
                            if (i % 2 == 0) {
                                registration.close();
                                kept.decrementAndGet();
                            }
                        } catch (DisconnectedException e) {
                            // Gone before the first listener of it came.
                        }
                    }
                }
            });
            // What is on loan is counted for all: one that was registered on a connection that had broken off already
            // stays until that is closed.
            all.forEach(Connect::close);
            all.forEach(ConnectionClosedTest::assertClosed);
            assertThat(told.get()).isBetween(0, kept.get() * 2);
        }
    }

    /// The first to register is the one whose registration libvirt has to take: it cannot any more.
    @Test
    void areRefusedToAFirstListenerThatComesTooLate() throws Exception {
        try (Connect connect = Connect.open(daemon.unixUri("test:///default"))) {
            daemon.restart();
            assertThatThrownBy(() -> {
                        // Until the end was read.
                        for (int i = 0; i < 1_000; i++) {
                            connect.on(ConnectEvent.CLOSED, heard::add).close();
                            connect.hostname();
                        }
                    })
                    .isInstanceOf(DisconnectedException.class);
        }
    }

    /// In a process of its own, as it must be.
    @Test
    void ofTheDaemonItself() throws Exception {
        ChildVm vm = ChildVm.asItself(daemon, Admin.class, daemon.adminUri(), Long.toString(daemon.pid()));
        daemon.restart();
        assertThat(vm.lines())
                .containsExactly(
                        daemon.adminUri() + " " + Daemon.version() + " true",
                        "by the owner: 0, on loan 0",
                        "EOF false",
                        "DisconnectedException virAdmConnectGetLibVersion",
                        "broken off: 0, on loan 0",
                        "IllegalStateException");
        assertThat(vm.status()).isZero();
        Embedded.open().close();
        assertThatThrownBy(() -> AdmConnect.open(daemon.adminUri()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("in a process of its own");
    }

    static final class Admin {
        private Admin() {}

        public static void main(String[] uriAndPid) throws Exception {
            BlockingQueue<ConnectEvent.Closed> heard = new LinkedBlockingQueue<>();
            AdmConnect closed = AdmConnect.open(uriAndPid[0]);
            System.out.println(closed.uri() + " " + closed.libVersion() + " " + closed.isAlive());
            closed.on(ConnectEvent.CLOSED, heard::add);
            closed.close();
            System.out.println("by the owner: " + closed.closeResult() + ", on loan " + Libvirt.closuresOnLoan());

            AdmConnect admin = AdmConnect.open(uriAndPid[0]);
            admin.on(ConnectEvent.CLOSED, heard::add);
            ProcessHandle.of(Long.parseLong(uriAndPid[1])).orElseThrow().destroyForcibly();
            System.out.println(heard.take().reason() + " " + admin.isAlive());
            try {
                admin.libVersion();
            } catch (DisconnectedException e) {
                System.out.println("DisconnectedException " + e.function());
            }
            admin.close();
            System.out.println("broken off: " + admin.closeResult() + ", on loan " + Libvirt.closuresOnLoan());
            try {
                Embedded.open();
            } catch (IllegalStateException e) {
                System.out.println("IllegalStateException");
            }
        }
    }
}
