package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.EventQueue;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.support.Threads;
import io.github.libvirt4j.types.ConnectFlags;
import io.github.libvirt4j.types.ConnectIdentityKeys;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.TypedParameters;
import io.github.libvirt4j.types.Version;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(TestDriver.class)
@ExtendWith(NothingLeft.class)
class ConnectTest {
    private final TestDriver driver;

    @AfterEach
    void nothingIsOnLoan() {
        assertThat(Libvirt.closuresOnLoan()).isZero();
    }

    ConnectTest(TestDriver driver) {
        this.driver = driver;
    }

    private static void assertClosed(Connect connect) {
        assertThat(connect.isClosed()).isTrue();
        assertThat(connect.closeResult()).isZero();
    }

    @Test
    void tellsTheVersionOfTheLibrary() {
        assertThat(Libvirt.version()).isGreaterThanOrEqualTo(new Version(9, 0, 0));
        assertThat(Version.of(12_008_000)).isEqualTo(new Version(12, 8, 0)).hasToString("12.8.0");
        assertThat(new Version(9, 0, 1)).isLessThan(new Version(11, 3, 0)).isGreaterThan(new Version(9, 0, 0));
    }

    @Tag("loop")
    @Test
    void opensAndCloses() {
        Connect connect = driver.open();
        assertThat(connect.isClosed()).isFalse();
        assertThat(connect).hasToString(driver.uri());
        connect.close();
        assertClosed(connect);
    }

    @Test
    void tellsAboutItself() {
        try (Connect connect = driver.open()) {
            assertThat(connect.uri()).isEqualTo(driver.uri());
            assertThat(connect.type()).isEqualTo("TEST");
            assertThat(connect.hostname()).isNotEmpty();
            assertThat(connect.version()).isNotNull();
            assertThat(connect.libVersion()).isEqualTo(driver.version());
            assertThat(connect.capabilities()).startsWith("<capabilities>");
            assertThat(connect.sysinfo()).startsWith("<sysinfo type='smbios'>");
            assertThat(connect.maxVcpus(null)).isPositive();
            assertThat(connect.isAlive()).isTrue();
            assertThat(connect.isSecure()).isTrue();
            assertThat(connect.isEncrypted()).isFalse();
        }
    }

    /// A daemon takes authors from a client of its own user, whatever the driver. A driver in this process has none.
    @Test
    void speaksForOthers() {
        TypedParameters author = TypedParameters.builder()
                .set(ConnectIdentityKeys.USER_NAME, "somebody")
                .set(ConnectIdentityKeys.PROCESS_ID, 1L)
                .build();
        try (Connect connect = driver.open();
                Connect qemu = Connect.open(PausedGuest.URI)) {
            if (driver == TestDriver.EMBEDDED) {
                assertThatThrownBy(() -> connect.setIdentity(author)).isInstanceOf(UnsupportedException.class);
            } else {
                connect.setIdentity(author);
            }
            qemu.setIdentity(author);
            assertThat(qemu.domains().listAll()).isEmpty();
            assertThatThrownBy(() -> qemu.setIdentity(
                            TypedParameters.builder().setString("nobody", "x").build()))
                    .isInstanceOf(UnsupportedException.class);
        }
    }

    @Test
    void walksADomainThroughItsLife() {
        try (Connect connect = driver.open()) {
            String name = Embedded.newName();
            Domain domain = connect.domains().define(Embedded.xml(name));
            assertThat(domain.name()).isEqualTo(name);
            assertThat(domain.connect()).isSameAs(connect);
            assertThat(domain.state().state()).isEqualTo(DomainState.SHUTOFF);
            domain.create();
            assertThat(domain.state()).hasToString("RUNNING (BOOTED)");
            domain.suspend();
            assertThat(domain.state()).hasToString("PAUSED (USER)");
            domain.resume();
            assertThat(domain.state()).hasToString("RUNNING (UNPAUSED)");
            assertThat(connect.domains().lookupByUuid(domain.uuid()).name()).isEqualTo(name);
            domain.destroy();
            assertThat(domain.state()).hasToString("SHUTOFF (DESTROYED)");
            domain.undefine();
            assertThatThrownBy(() -> connect.domains().lookupByName(name)).isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void throwsByTypeAndSaysWhatFailed() {
        try (Connect connect = driver.open()) {
            NotFoundException notFound = catchThrowableOfType(
                    NotFoundException.class, () -> connect.domains().lookupByUuid(new UUID(1, 2)));
            assertThat(notFound.code()).isEqualTo(ErrorNumber.NO_DOMAIN);
            assertThat(notFound.domain()).isEqualTo(ErrorDomain.TEST);
            assertThat(notFound.function()).isEqualTo("virDomainLookupByUUID");
            assertThat(notFound)
                    .hasMessageStartingWith("virDomainLookupByUUID: ")
                    .hasMessageEndingWith("(NO_DOMAIN)");

            Domain domain = Embedded.define(connect);
            assertThatThrownBy(domain::destroy).isInstanceOf(OperationInvalidException.class);
            domain.undefine();

            LibvirtException xml = catchThrowableOfType(
                    LibvirtException.class, () -> connect.domains().define("<domain><oops>"));
            assertThat(xml.code()).isEqualTo(ErrorNumber.XML_DETAIL);
        }
        assertThatThrownBy(() -> Connect.open("nosuch:///thing")).isInstanceOf(LibvirtException.class);
    }

    @Test
    @SuppressWarnings("NullAway") // Not everybody's compiler knows that null is not allowed.
    void refusesWhatCCannotBeGiven() {
        try (Connect connect = driver.open()) {
            assertThatThrownBy(() -> connect.domains().lookupByName("a\0b"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("name has a NUL at index 1: C strings cannot contain one");
            assertThatThrownBy(() -> connect.domains().lookupByName(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> connect.domains().define(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> connect.domains().lookupByUuid(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> Connect.open("test:///\0")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesWritingWhenOpenedReadOnly() {
        try (Connect connect = Connect.open(driver.uri(), ConnectFlags.RO)) {
            LibvirtException denied = catchThrowableOfType(
                    LibvirtException.class, () -> connect.domains().define(Embedded.xml("x")));
            assertThat(denied.code()).isEqualTo(ErrorNumber.OPERATION_DENIED);
        }
    }

    @Test
    void refusesEveryUseAfterItIsClosed() {
        Connect connect = driver.open();
        Domain domain = connect.domains().lookupByName("test");
        UUID uuid = domain.uuid();
        Domain closed = connect.domains().lookupByName("test");
        closed.close();
        closed.close();
        assertThatThrownBy(closed::name)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("is closed");
        connect.close();
        assertThatThrownBy(() -> connect.domains().lookupByName("test"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(driver.uri() + " is closed");
        assertThatThrownBy(domain::suspend)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("domain " + uuid + " is closed");
        // What is known stays known.
        assertThat(domain.uuid()).isEqualTo(uuid);
        assertThat(domain).isNotEqualTo(closed);
        assertClosed(connect);
    }

    @Test
    void comparesDomainsByUuidAndConnection() {
        try (Connect connect = driver.open();
                Connect other = driver.open()) {
            Domain one = connect.domains().lookupByName("test");
            Domain two = connect.domains().lookupByName("test");
            assertThat(one).isEqualTo(two).hasSameHashCodeAs(two);
            assertThat(one).isNotEqualTo(other.domains().lookupByName("test"));
            try (Domain third = Embedded.define(connect)) {
                assertThat(one).isNotEqualTo(third);
                third.undefine();
            }
        }
    }

    @Tag("loop")
    @Test
    void closesWhatCameFromItAndWhatIsRegistered() {
        Connect connect = driver.open();
        Domain domain = connect.domains().lookupByName("test");
        Registration registration = connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {});
        assertThat(Libvirt.closuresOnLoan()).isEqualTo(1);
        connect.close();
        assertThat(domain.isClosed()).isTrue();
        assertThat(registration.isActive()).isFalse();
        assertClosed(connect);
    }

    @Test
    void closesOnceWhenEightThreadsCloseIt() throws Exception {
        for (int i = 0; i < 200; i++) {
            Connect connect = driver.open();
            connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {});
            connect.domains().lookupByName("test");
            Threads.together(8, _ -> {
                connect.close();
                assertClosed(connect);
            });
        }
    }

    @Tag("loop")
    @Test
    void closesWhileOtherThreadsUseItAndWhatTheyUse() throws Exception {
        for (int i = 0; i < 100; i++) {
            Connect connect = driver.open();
            Domain domain = connect.domains().lookupByName("test");
            AtomicInteger refused = new AtomicInteger();
            Threads.together(5, thread -> {
                if (thread == 0) {
                    connect.close();
                    return;
                }
                try {
                    while (true) {
                        if (thread % 2 == 0) {
                            domain.state();
                        } else {
                            connect.domains().lookupByName("test").name();
                        }
                    }
                } catch (IllegalStateException e) {
                    refused.incrementAndGet();
                }
            });
            assertThat(refused).hasValue(4);
            connect.close();
            assertClosed(connect);
        }
    }

    @Tag("loop")
    @Test
    void closesWhileOthersRegister() throws Exception {
        for (int i = 0; i < 100; i++) {
            Connect connect = driver.open();
            Threads.together(4, thread -> {
                if (thread == 0) {
                    connect.close();
                    return;
                }
                try {
                    while (true) {
                        connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {});
                    }
                } catch (IllegalStateException e) {
                    // Closed.
                }
            });
            connect.close();
            assertClosed(connect);
            assertThat(Libvirt.closuresOnLoan()).isZero();
        }
    }

    /// Without the turn of the loop in `close()` some of these find the connection still referenced.
    @Tag("loop")
    @Test
    void closesWithNothingLeftWhileAnotherConnectionIsDispatchedTo() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        // As many events under way: the loop always has something to dispatch, and never more than it can on a machine
        // that is busy with something else.
        Semaphore room = new Semaphore(16);
        try (Connect busy = driver.open();
                Domain domain = Embedded.define(busy)) {
            domain.create();
            domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> room.release());
            Thread storm = Thread.ofPlatform().start(() -> {
                while (!stop.get()) {
                    room.acquireUninterruptibly(2);
                    domain.suspend();
                    domain.resume();
                }
            });
            try {
                for (int i = 0; i < 1_000; i++) {
                    Connect connect = driver.open();
                    connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {});
                    connect.close();
                    assertClosed(connect);
                }
            } finally {
                stop.set(true);
                storm.join();
                domain.destroy();
                domain.undefine();
            }
        }
    }

    @Test
    @Timeout(60)
    void doesNotWaitForEverForAHandlerThatDoesNotReturn() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Connect connect = driver.open();
        Domain domain = Embedded.define(connect);
        Registration registration = connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {
            inside.countDown();
            goOn.await();
        });
        domain.create();
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        domain.destroy();
        domain.undefine();
        long before = System.nanoTime();
        connect.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(20));
        assertClosed(connect);
        goOn.countDown();
        assertThat(registration.closeAndAwait(Duration.ofSeconds(10))).isTrue();
    }

    @Tag("loop")
    @Test
    void returnsAtOnceWhenTheClosingThreadIsInterrupted() {
        Connect connect = driver.open();
        Thread.currentThread().interrupt();
        connect.close();
        assertThat(Thread.interrupted()).isTrue();
        connect.close();
        assertClosed(connect);
    }

    @Tag("loop")
    @Test
    @Timeout(60)
    void isClosedWhenItIsForgottenButNotWhileSomethingIsRegistered() throws Exception {
        CountDownLatch event = new CountDownLatch(1);
        WeakReference<Connect> registered = openAndRegister(event);
        WeakReference<Connect> forgotten = new WeakReference<>(driver.open());
        while (forgotten.get() != null) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(registered.get()).isNotNull();
        try (Connect other = driver.open();
                Domain domain = Embedded.define(other)) {
            assertThat(event.await(10, TimeUnit.SECONDS)).isTrue();
            domain.undefine();
        }
        Connect stillOpen = Objects.requireNonNull(registered.get());
        stillOpen.close();
        assertClosed(stillOpen);
    }

    @Test
    @Timeout(60)
    void releasesADomainThatIsForgotten() throws Exception {
        try (Connect connect = driver.open()) {
            long before = Libvirt.handlesOpen();
            WeakReference<Domain> forgotten =
                    new WeakReference<>(connect.domains().lookupByName("test"));
            assertThat(Libvirt.handlesOpen()).isEqualTo(before + 1);
            while (forgotten.get() != null || Libvirt.handlesOpen() != before) {
                System.gc();
                Thread.sleep(10);
            }
        }
    }

    /// A connection that lives for months has had many registrations.
    @Test
    @Timeout(60)
    void forgetsTheHandlersOfRegistrationsThatWereClosed() throws Exception {
        try (Connect connect = driver.open()) {
            List<WeakReference<Object>> handlers = new ArrayList<>();
            for (EventKind<?> kind : List.of(ConnectEvent.CLOSED, DomainEvent.LIFECYCLE)) {
                for (Delivery delivery : List.of(Delivery.queued(), Delivery.direct())) {
                    EventHandler<Event> handler = new EventHandler<>() {
                        @Override
                        public void on(Event event) {}
                    };
                    handlers.add(new WeakReference<>(handler));
                    connect.on(Set.of(kind), delivery, handler).close();
                }
            }
            while (handlers.stream().anyMatch(each -> each.get() != null)) {
                System.gc();
                Thread.sleep(10);
            }
        }
    }

    @Test
    @Timeout(60)
    void forgetsAHandlerThatItRefused() throws Exception {
        Connect connect = driver.open();
        connect.close();
        WeakReference<Object> refused = refuse(connect);
        while (refused.get() != null) {
            System.gc();
            Thread.sleep(10);
        }
        assertClosed(connect);
    }

    private static WeakReference<Object> refuse(Connect connect) {
        EventHandler<Event> handler = new EventHandler<>() {
            @Override
            public void on(Event event) {}
        };
        assertThatThrownBy(() -> connect.on(DomainEvent.LIFECYCLE, handler)).isInstanceOf(IllegalStateException.class);
        return new WeakReference<>(handler);
    }

    /// The background has yet to deregister them.
    @Tag("loop")
    @Test
    void endsItsRegistrationsAtOnce() throws Exception {
        Connect connect = driver.open();
        var queues = List.of(
                connect.queue(Set.of(DomainEvent.LIFECYCLE), 1), connect.queue(Set.of(DomainEvent.LIFECYCLE), 1));
        Thread closing;
        connect.registering.take();
        try {
            closing = Thread.ofPlatform().start(connect::close);
            for (EventQueue<?> queue : queues) {
                assertThatThrownBy(() -> queue.poll(Duration.ofSeconds(10))).isInstanceOf(IllegalStateException.class);
            }
            assertThat(queues).noneMatch(EventQueue::isActive);
        } finally {
            connect.registering.unlock();
        }
        closing.join();
        connect.close();
        assertClosed(connect);
    }

    @Tag("loop")
    @Test
    void refusesARegistrationDuringWhichItIsClosed() throws Exception {
        Connect connect = driver.open();
        CompletableFuture<Registration> registered;
        connect.registering.take();
        try {
            registered = CompletableFuture.supplyAsync(
                    () -> connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {}),
                    Thread::startVirtualThread);
            while (!connect.registering.hasQueuedThreads()) {
                Thread.onSpinWait();
            }
            Thread.ofPlatform().start(connect::close);
            while (!connect.isClosed()) {
                Thread.onSpinWait();
            }
        } finally {
            connect.registering.unlock();
        }
        assertThatThrownBy(registered::join)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(connect + " is closed");
        connect.close();
        assertClosed(connect);
    }

    /// In a handler, and in an executor that is asked on the loop: another handler waits for them.
    @Tag("loop")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void doesNotWaitWhenAHandlerOrTheLoopClosesIt(boolean inHandler) throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        CompletableFuture<Boolean> waited = new CompletableFuture<>();
        CountDownLatch inside = new CountDownLatch(1);
        try (Connect other = driver.open();
                Domain domain = Embedded.define(other)) {
            Connect connect = driver.open();
            connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {
                inside.countDown();
                waited.complete(closed.await(4, TimeUnit.SECONDS));
            });
            domain.create();
            assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
            Runnable close = () -> {
                connect.close();
                closed.countDown();
            };
            if (inHandler) {
                connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> close.run());
            } else {
                connect.on(
                        Set.of(DomainEvent.LIFECYCLE),
                        Delivery.queued().executor(_ -> close.run()),
                        (DomainEvent.Lifecycle _) -> {});
            }
            domain.destroy();
            assertThat(waited.get(20, TimeUnit.SECONDS)).isTrue();
            connect.close();
            assertClosed(connect);
            domain.undefine();
        }
    }

    private WeakReference<Connect> openAndRegister(CountDownLatch event) {
        Connect connect = driver.open();
        connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> event.countDown());
        return new WeakReference<>(connect);
    }
}
