package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.observe.Observer;
import io.github.libvirt4j.observe.Watchdog;
import io.github.libvirt4j.observe.Watchdog.Stuck;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("loop")
@ExtendWith(NothingLeft.class)
@Timeout(60)
class WatchdogTest {
    private static final Duration LIMIT = Duration.ofMillis(200);

    private final BlockingQueue<Stuck> told = new LinkedBlockingQueue<>();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private Connect connect;
    private Domain domain;

    @BeforeEach
    void open() {
        connect = Embedded.open();
        domain = Embedded.define(connect);
    }

    @AfterEach
    void close() {
        goOn.countDown();
        if (domain.isActive()) {
            domain.destroy();
        }
        domain.undefine();
        connect.close();
    }

    private Stuck next() throws InterruptedException {
        return Objects.requireNonNull(told.poll(30, TimeUnit.SECONDS), "nothing was told");
    }

    private void block(DomainEvent.Lifecycle event) throws InterruptedException {
        goOn.await();
    }

    private static boolean isInBlock(Stuck stuck) {
        return stuck.stack().stream().anyMatch(frame -> frame.getMethodName().equals("block"));
    }

    /// The second handler is found after the first, in which time the first is not told of again.
    @Test
    void tellsOnceOfAHandlerThatIsStuck() throws InterruptedException {
        try (Registration first = domain.on(DomainEvent.LIFECYCLE, this::block);
                Watchdog _ = Watchdog.start(LIMIT, told::add)) {
            domain.create();
            Stuck stuck = next();
            assertThat(stuck.what()).isEqualTo("the handler of " + first);
            assertThat(stuck.since()).isGreaterThanOrEqualTo(LIMIT);
            assertThat(stuck).matches(WatchdogTest::isInBlock);
            assertThat(stuck.toString()).contains("is at work for").contains("WatchdogTest.block");
            try (Registration second = domain.on(DomainEvent.LIFECYCLE, this::block)) {
                domain.suspend();
                assertThat(next().what()).isEqualTo("the handler of " + second);
                goOn.countDown();
            }
        }
        assertThat(told).isEmpty();
    }

    @Test
    void tellsOnceOfALoopThatIsStuck() throws InterruptedException {
        try (Registration registration = domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), this::block);
                Watchdog _ = Watchdog.start(LIMIT, told::add)) {
            domain.create();
            Stuck one = next();
            Stuck other = next();
            assertThat(Set.of(one.what(), other.what()))
                    .containsExactlyInAnyOrder("the event loop", "the handler of " + registration);
            assertThat(one).matches(WatchdogTest::isInBlock);
            assertThat(other).matches(WatchdogTest::isInBlock);
            assertThat(one.thread()).isEqualTo(other.thread());
            goOn.countDown();
        }
        assertThat(told).isEmpty();
    }

    @Test
    void tellsObserversTheLagOfTheLoop() throws InterruptedException {
        BlockingQueue<Duration> lags = new LinkedBlockingQueue<>();
        var observer = new Observer() {
            @Override
            public void loopTurned(Duration lag) {
                lags.add(lag);
            }
        };
        Libvirt.addObserver(observer);
        try (Watchdog _ = Watchdog.start(Duration.ofMillis(10), told::add)) {
            assertThat(lags.take()).isPositive();
            assertThat(lags.take()).isPositive();
        } finally {
            Libvirt.removeObserver(observer);
        }
    }

    @Test
    void tellsOfNothingAfterItsEnd() throws InterruptedException {
        try (Registration _ = domain.on(DomainEvent.LIFECYCLE, this::block)) {
            Watchdog closed = Watchdog.start(LIMIT, _ -> told.add(new Stuck("closed", LIMIT, null, List.of())));
            closed.close();
            try (Watchdog _ = Watchdog.start(LIMIT, told::add)) {
                domain.create();
                assertThat(next().what()).startsWith("the handler of ");
                goOn.countDown();
            }
        }
        assertThat(told).isEmpty();
    }

    /// The first exception does not make it ask the loop again, and so tell of it again.
    @Test
    void tellsOnceOfALoopIfItsHandlerThrows() throws InterruptedException {
        BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
        Libvirt.setUncaughtHandler((_, t) -> thrown.add(t));
        try (Registration _ = domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), this::block);
                Watchdog _ = Watchdog.start(LIMIT, stuck -> {
                    told.add(stuck);
                    throw new IllegalStateException(stuck.what());
                })) {
            domain.create();
            next();
            next();
            assertThat(told.poll(5 * LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isNull();
            assertThat(thrown).hasSize(2);
            goOn.countDown();
        } finally {
            Libvirt.setUncaughtHandler(null);
        }
    }

    @Test
    void hasNoLimitThatIsTooLong() throws InterruptedException {
        try (Registration _ = domain.on(DomainEvent.LIFECYCLE, this::block);
                Watchdog _ = Watchdog.start(ChronoUnit.FOREVER.getDuration(), told::add)) {
            domain.create();
            assertThat(told.poll(2 * LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isNull();
            goOn.countDown();
        }
    }

    @Test
    void refusesALimitThatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Watchdog.start(Duration.ZERO, told::add))
                .withMessageContaining("PT0.01S or longer");
    }
}
