package io.github.libvirt4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.error.CallTimeoutException;
import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.ResourceBusyException;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventQueue;
import io.github.libvirt4j.link.DomainHandler;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.link.Why;
import io.github.libvirt4j.types.DomainEventType;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.ErrorNumber;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@LibvirtTest
@Timeout(60)
class FaultsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    /// Each test suspends the domain.
    @BeforeEach
    void beginsAnew(Faults faults) {
        assertThat(state(faults)).isEqualTo(DomainState.RUNNING);
    }

    private static DomainState state(Faults faults) {
        try (Domain domain = faults.hypervisor().domains().lookupByName("test")) {
            return domain.state().state();
        }
    }

    /// Causes an event for each: SUSPENDED, RESUMED, SUSPENDED, …
    private static void cause(Faults faults, int events) {
        try (Domain domain = faults.hypervisor().domains().lookupByName("test")) {
            for (int i = 0; i < events; i++) {
                if (domain.state().state() == DomainState.RUNNING) {
                    domain.suspend();
                } else {
                    domain.resume();
                }
            }
        }
    }

    private static List<DomainEventType> take(EventQueue<DomainEvent.Lifecycle> queue, int events)
            throws InterruptedException {
        List<DomainEventType> types = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            types.add(queue.take().type());
        }
        return types;
    }

    @Test
    void passesEventsWithoutAFault(Faults faults) throws InterruptedException {
        try (Connect connect = Connect.open(faults.uri());
                EventQueue<DomainEvent.Lifecycle> queue = connect.queue(DomainEvent.LIFECYCLE, 10)) {
            cause(faults, 3);
            assertThat(take(queue, 3))
                    .containsExactly(DomainEventType.SUSPENDED, DomainEventType.RESUMED, DomainEventType.SUSPENDED);
        }
    }

    @Test
    void dropsEvents(Faults faults) throws InterruptedException {
        try (Connect connect = Connect.open(faults.uri());
                EventQueue<DomainEvent.Lifecycle> queue = connect.queue(DomainEvent.LIFECYCLE, 10)) {
            faults.dropEvents();
            cause(faults, 2);
            assertThat(faults.awaitEvents(2, LONG)).isTrue();
            faults.passEvents();
            cause(faults, 1);
            assertThat(take(queue, 1)).containsExactly(DomainEventType.SUSPENDED);
            assertThat(queue.poll(Duration.ZERO)).isNull();
        }
    }

    @Test
    void delaysEventsWhileRepliesPass(Faults faults) throws InterruptedException {
        try (Connect connect = Connect.open(faults.uri());
                Domain domain = connect.domains().lookupByName("test");
                EventQueue<DomainEvent.Lifecycle> queue = connect.queue(DomainEvent.LIFECYCLE, 10)) {
            faults.holdEvents();
            domain.suspend();
            domain.resume();
            domain.suspend();
            assertThat(faults.awaitEvents(3, LONG)).isTrue();
            assertThat(domain.state().state()).isEqualTo(DomainState.PAUSED);
            assertThat(queue.poll(Duration.ZERO)).isNull();
            faults.passEvents();
            assertThat(take(queue, 3))
                    .containsExactly(DomainEventType.SUSPENDED, DomainEventType.RESUMED, DomainEventType.SUSPENDED);
        }
    }

    @Test
    void reordersEvents(Faults faults) throws InterruptedException {
        try (Connect connect = Connect.open(faults.uri());
                EventQueue<DomainEvent.Lifecycle> queue = connect.queue(DomainEvent.LIFECYCLE, 10)) {
            faults.holdEvents();
            cause(faults, 2);
            assertThat(faults.awaitEvents(2, LONG)).isTrue();
            faults.passEventsReversed();
            cause(faults, 1);
            assertThat(take(queue, 3))
                    .containsExactly(DomainEventType.RESUMED, DomainEventType.SUSPENDED, DomainEventType.SUSPENDED);
        }
    }

    @Test
    void repeatsEvents(Faults faults) throws InterruptedException {
        try (Connect connect = Connect.open(faults.uri());
                EventQueue<DomainEvent.Lifecycle> queue = connect.queue(DomainEvent.LIFECYCLE, 10)) {
            faults.repeatEvents();
            cause(faults, 1);
            assertThat(faults.awaitEvents(1, LONG)).isTrue();
            faults.passEvents();
            cause(faults, 1);
            assertThat(take(queue, 3))
                    .containsExactly(DomainEventType.SUSPENDED, DomainEventType.SUSPENDED, DomainEventType.RESUMED);
        }
    }

    @Test
    void waitsNoLongerThanTheLimit(Faults faults) throws InterruptedException {
        faults.dropEvents();
        assertThat(faults.awaitEvents(1, Duration.ofMillis(1))).isFalse();
        assertThat(faults.awaitHang(Duration.ofMillis(1))).isFalse();
        assertThat(faults.awaitEvents(0, ChronoUnit.FOREVER.getDuration())).isTrue();
    }

    /// A watch over a link, and what it has heard.
    private static final class Table implements DomainHandler {
        private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        private final CountDownLatch synced = new CountDownLatch(1);

        /// It has heard of the domains, which a current watch can still have to tell.
        @Override
        public void synced(int generation) {
            synced.countDown();
        }

        @Override
        public void gap(Gap gap) {
            heard.add(gap);
        }

        @Override
        public void changed(DomainView was, DomainView now, Why why) {
            heard.add(why);
        }

        <T> T next(Class<T> type) throws InterruptedException {
            Object next = heard.take();
            assertThat(next).isInstanceOf(type);
            return Objects.requireNonNull(type.cast(next));
        }
    }

    @Test
    void breaksALink(Faults faults) throws InterruptedException {
        var table = new Table();
        try (Link link = Link.to(faults.uri()).open()) {
            DomainWatch watch = link.watchDomains(table);
            table.synced.await();
            assertThat(table.next(Gap.class).cause()).isEqualTo(Gap.Cause.BEGINNING);
            faults.goDown();
            while (link.state() instanceof LinkState.Up) {
                Thread.onSpinWait();
            }
            assertThat(watch.isCurrent()).isFalse();
            cause(faults, 1);
            faults.comeUp();
            assertThat(table.next(Gap.class).cause()).isEqualTo(Gap.Cause.DISCONNECTED);
            assertThat(table.next(Why.class)).isInstanceOf(Why.Resync.class);
        }
    }

    @Test
    void refusesConnectionsWhileDown(Faults faults) {
        faults.goDown();
        assertThatExceptionOfType(LibvirtException.class).isThrownBy(() -> Connect.open(faults.uri()));
        faults.comeUp();
        Connect.open(faults.uri()).close();
    }

    @Test
    void breaksConnections(Faults faults) throws Exception {
        var closed = new CompletableFuture<ConnectEvent.Closed>();
        try (Connect broken = Connect.open(faults.uri())) {
            broken.on(ConnectEvent.CLOSED, closed::complete);
            faults.disconnect();
            assertThat(closed.get(30, TimeUnit.SECONDS)).isNotNull();
            assertThatExceptionOfType(DisconnectedException.class).isThrownBy(broken::hostname);
            try (Connect another = Connect.open(faults.uri())) {
                assertThat(another.hostname()).isNotEmpty();
            }
            assertThat(faults.hypervisor().isAlive()).isTrue();
        }
    }

    @Test
    void failsOneCall(Faults faults) {
        try (Connect connect = Connect.open(faults.uri());
                Domain domain = connect.domains().lookupByName("test")) {
            faults.failCall(2, ErrorNumber.RESOURCE_BUSY, "on purpose, ü");
            assertThat(domain.isActive()).isTrue();
            assertThatExceptionOfType(ResourceBusyException.class)
                    .isThrownBy(domain::suspend)
                    .withMessageContaining("on purpose, ü");
            assertThat(state(faults)).isEqualTo(DomainState.RUNNING);
            domain.suspend();
            assertThat(state(faults)).isEqualTo(DomainState.PAUSED);
        }
    }

    /// The first of a connection follows a call of the library's own.
    @Test
    void failsARegistration(Faults faults) {
        try (Connect connect = Connect.open(faults.uri())) {
            faults.failCall(1, ErrorNumber.RESOURCE_BUSY, "on purpose");
            connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {}).close();
        }
        try (Connect connect = Connect.open(faults.uri())) {
            faults.failCall(2, ErrorNumber.RESOURCE_BUSY, "on purpose");
            assertThatExceptionOfType(ResourceBusyException.class)
                    .isThrownBy(() -> connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {}));
        }
    }

    @Test
    void hangsOneCall(Faults faults) throws InterruptedException {
        try (Connect connect = Connect.to(faults.uri())
                        .callTimeout(Duration.ofMillis(300))
                        .open();
                Domain domain = connect.domains().lookupByName("test")) {
            faults.hangCall(1);
            assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(domain::suspend);
            assertThat(faults.awaitHang(LONG)).isTrue();
            assertThat(connect.callsAbandoned()).isEqualTo(1);
            assertThat(state(faults)).isEqualTo(DomainState.RUNNING);
            faults.resumeCalls();
            while (connect.callsAbandoned() > 0) {
                Thread.onSpinWait();
            }
            assertThat(state(faults)).isEqualTo(DomainState.PAUSED);
        }
    }

    @Test
    void endsACallThatHangsWithItsConnection(Faults faults) throws Exception {
        try (Connect connect = Connect.open(faults.uri())) {
            faults.hangCall(1);
            var thrown = new CompletableFuture<Throwable>();
            Thread.ofPlatform().start(() -> {
                try {
                    thrown.completeExceptionally(new AssertionError(connect.hostname()));
                } catch (DisconnectedException e) {
                    thrown.complete(e);
                }
            });
            assertThat(faults.awaitHang(LONG)).isTrue();
            faults.disconnect();
            assertThat(thrown.get(30, TimeUnit.SECONDS)).isNotNull();
            assertThat(faults.awaitHang(Duration.ZERO)).isFalse();
        }
    }

    /// A call pins the carrier of its thread, and there are as many carriers as processors.
    @Test
    void passesCallsOfAsManyVirtualThreadsAsThereAreProcessors(Faults faults) throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        var all = new CountDownLatch(processors);
        List<CompletableFuture<Boolean>> alive = new ArrayList<>();
        for (int i = 0; i < processors; i++) {
            var one = new CompletableFuture<Boolean>();
            alive.add(one);
            Thread.ofVirtual().start(() -> {
                all.countDown();
                try {
                    all.await();
                    boolean isAlive;
                    try (Connect connect = Connect.open(faults.uri())) {
                        isAlive = connect.isAlive();
                    }
                    one.complete(isAlive);
                } catch (Exception e) {
                    one.completeExceptionally(e);
                }
            });
        }
        for (CompletableFuture<Boolean> one : alive) {
            assertThat(one.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void countsCallsFromOne(Faults faults) {
        assertThatIllegalArgumentException().isThrownBy(() -> faults.hangCall(0));
        assertThatIllegalArgumentException().isThrownBy(() -> faults.failCall(-1, ErrorNumber.NO_DOMAIN, ""));
    }

    @Test
    @SuppressWarnings("NullAway") // On purpose.
    void refusesNull(Faults faults) {
        assertThatNullPointerException().isThrownBy(() -> faults.failCall(1, null, ""));
        assertThatNullPointerException().isThrownBy(() -> faults.failCall(1, ErrorNumber.NO_DOMAIN, null));
    }
}
