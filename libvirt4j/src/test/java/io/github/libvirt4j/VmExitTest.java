package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.event.SecretEvent;
import io.github.libvirt4j.loop.EventLoop;
import io.github.libvirt4j.loop.Timer;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.types.StreamEventType;
import io.github.libvirt4j.types.StreamFlags;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Programs that exit within a handler, and close in a shutdown hook what they have.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class VmExitTest {
    private static final int STATUS = 7;

    /// Where `System.exit` is called.
    enum Place {
        ON_THE_LOOP,
        BY_ANOTHER_THREAD_THE_LOOP_WAITS_FOR,
        IN_A_HANDLER,
        IN_A_TIMER,
        IN_AN_ERROR_HANDLER,
        IN_A_SINK
    }

    @ParameterizedTest
    @EnumSource(names = {"ON_THE_LOOP", "IN_A_HANDLER", "IN_A_TIMER"})
    void hooksDoNotWaitForWhoWaitsForThem(Place place) throws Exception {
        exits(place, 4_000);
    }

    /// Where it is not known, hooks wait for some seconds.
    @ParameterizedTest
    @EnumSource(names = {"BY_ANOTHER_THREAD_THE_LOOP_WAITS_FOR", "IN_AN_ERROR_HANDLER", "IN_A_SINK"})
    @Tag("slow")
    void hooksDoNotWaitForLong(Place place) throws Exception {
        exits(place, 15_000);
    }

    private static void exits(Place place, long limit) throws Exception {
        ChildVm vm = ChildVm.run(Exits.class, List.of("--enable-native-access=ALL-UNNAMED"), place.name());
        assertThat(vm.status()).as("%s", vm.lines()).isEqualTo(STATUS);
        List<Long> waits = vm.lines().stream()
                .filter(line -> line.startsWith("took "))
                .map(line -> Long.valueOf(line.split(" ", -1)[1]))
                .toList();
        assertThat(waits).as("%s", vm.lines()).hasSize(7);
        assertThat(waits.stream().mapToLong(Long::longValue).sum())
                .as("%s", vm.lines())
                .isLessThan(limit);
    }

    /// Exits in a place, and does in a hook all that could wait.
    static final class Exits {
        private static final CountDownLatch NEVER = new CountDownLatch(1);

        /// Counted down when the hook is there.
        private static final CountDownLatch READY = new CountDownLatch(1);

        public static void main(String... args) throws Exception {
            Place place = Place.valueOf(args[0]);
            killItselfIfItHangs();
            Connect connect = Connect.open(Embedded.URI);
            Domain domain = connect.domains().lookupByName("test");
            Registration registration =
                    domain.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> exit(place, Place.IN_A_HANDLER));
            Timer timer = EventLoop.every(Duration.ofMillis(10), _ -> exit(place, Place.IN_A_TIMER));
            List<Stream> streams = java.util.stream.Stream.generate(() -> stream(connect, domain, place))
                    .limit(3)
                    .toList();
            // It is not known there that the loop never turns.
            Duration limit = Duration.ofSeconds(place == Place.BY_ANOTHER_THREAD_THE_LOOP_WAITS_FOR ? 1 : 3600);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                time("closeAndAwait", () -> registration.closeAndAwait(limit));
                time("closeAndAwait of a timer", () -> timer.closeAndAwait(Duration.ofDays(1)));
                time("finish", streams.get(0)::finish);
                time("abort", streams.get(1)::abort);
                time("close of a stream", streams.get(2)::close);
                time("close of a registration", registration::close);
                time("close of the connection", connect::close);
            }));
            READY.countDown();
            Registration direct = domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> {
                exit(place, Place.ON_THE_LOOP);
                if (place == Place.BY_ANOTHER_THREAD_THE_LOOP_WAITS_FOR) {
                    new Thread(() -> System.exit(STATUS)).start();
                    NEVER.await();
                }
            });
            domain.suspend();
            switch (place) {
                case IN_AN_ERROR_HANDLER -> {
                    connect.setErrorHandler(_ -> System.exit(STATUS));
                    // Which the driver does not have.
                    connect.on(SecretEvent.LIFECYCLE, (SecretEvent.Lifecycle _) -> {});
                }
                case IN_A_SINK -> streams.getFirst().receiveAll(_ -> System.exit(STATUS));
                default -> NEVER.await();
            }
            direct.close();
        }

        private static Stream stream(Connect connect, Domain domain, Place place) {
            if (place == Place.IN_A_SINK) {
                Stream stream = connect.newStream();
                domain.console().screenshot(stream, 0);
                return stream;
            }
            Stream stream = connect.newStream(StreamFlags.NONBLOCK);
            domain.console().screenshot(stream, 0);
            stream.on(Set.of(StreamEventType.READABLE), (self, _) -> self.update(Set.of()));
            return stream;
        }

        private static void exit(Place wanted, Place here) throws InterruptedException {
            READY.await();
            if (wanted == here) {
                System.exit(STATUS);
            }
        }

        private static void killItselfIfItHangs() {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    Thread.sleep(Duration.ofSeconds(40));
                    Runtime.getRuntime().halt(99);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }

        private interface Action {
            void run() throws Exception;
        }

        private static void time(String what, Action action) {
            long start = System.nanoTime();
            String how = "done";
            try {
                action.run();
            } catch (Exception e) {
                how = e.toString();
            }
            System.out.println("took " + (System.nanoTime() - start) / 1_000_000 + " ms: " + what + ": " + how);
        }
    }
}
