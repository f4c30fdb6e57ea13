package io.github.libvirt4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Delivery;
import io.github.libvirt4j.EventHandler;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.event.ConnectEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One event at a time, in order, whatever the executor does.
@ExtendWith(NothingLeft.class)
@Timeout(60)
@SuppressWarnings("ThreadPriorityCheck") // Gives others a chance, no more.
class MailboxTest {
    private static final int EVENTS = 2_000;

    private final List<Integer> seen = new CopyOnWriteArrayList<>();
    private final List<Throwable> reported = new CopyOnWriteArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger over = new AtomicInteger();

    private final EventHandler<ConnectEvent.Closed> handler = event -> {
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        seen.add(event.rawReason());
        Thread.yield();
        inside.decrementAndGet();
    };

    @BeforeEach
    void hear() {
        Libvirt.setUncaughtHandler((_, thrown) -> reported.add(thrown));
    }

    @AfterEach
    void hearNoMore() {
        Libvirt.setUncaughtHandler(null);
    }

    private Mailbox<ConnectEvent.Closed> mailbox(Delivery.Queued how) {
        return new Mailbox<>("test", how, handler, new Mailbox.Owner() {
            @Override
            public void overflown() {}

            @Override
            public void over() {
                over.incrementAndGet();
            }
        });
    }

    @SuppressWarnings("ImmutableEnumChecker") // The queue of one.
    enum Bad {
        /// Takes the task, and throws all the same.
        TAKES_AND_THROWS {
            @Override
            void execute(Runnable task) {
                Workers.execute(task);
                throw new RejectedExecutionException("taken");
            }
        },
        RUNS_AND_THROWS {
            @Override
            void execute(Runnable task) {
                task.run();
                throw new RejectedExecutionException("run");
            }
        },
        RUNS_TWICE_AT_ONCE {
            @Override
            void execute(Runnable task) {
                Workers.execute(task);
                Workers.execute(task);
            }
        },
        RUNS_WHAT_IT_HAD_BEFORE_AS_WELL {
            private final Queue<Runnable> before = new ConcurrentLinkedQueue<>();

            @Override
            void execute(Runnable task) {
                before.forEach(Workers::execute);
                if (before.size() < 3) {
                    before.add(task);
                }
                Workers.execute(task);
            }
        };

        abstract void execute(Runnable task);
    }

    @ParameterizedTest
    @EnumSource
    void deliversOneAtATimeInOrder(Bad executor) throws Exception {
        Mailbox<ConnectEvent.Closed> mailbox = mailbox(Delivery.queued(EVENTS).executor(executor::execute));
        for (int i = 0; i < EVENTS; i++) {
            mailbox.put(new ConnectEvent.Closed(i));
            if (i % 10 == 0) {
                Thread.yield();
            }
        }
        assertThat(mailbox.awaitIdle(TimeUnit.SECONDS.toNanos(30))).isTrue();
        assertThat(most).hasValue(1);
        assertThat(seen).isEqualTo(IntStream.range(0, EVENTS).boxed().toList());
        assertThat(mailbox.lost()).isZero();
        assertThat(reported).allMatch(thrown -> thrown instanceof RejectedExecutionException);
        mailbox.close();
        assertThat(over.get()).isPositive();
    }

    @Test
    void deliversWhatAnExecutorRunsThatRefusedIt() {
        List<Runnable> tasks = new ArrayList<>();
        Mailbox<ConnectEvent.Closed> mailbox = mailbox(Delivery.queued().executor(task -> {
            tasks.add(task);
            throw new RejectedExecutionException("later");
        }));
        mailbox.put(new ConnectEvent.Closed(1));
        tasks.getFirst().run();
        tasks.getFirst().run();
        assertThat(seen).containsExactly(1);
        assertThat(reported).hasSize(1);
        mailbox.close();
    }

    /// What it forgot is delivered when there is no room for more.
    @Test
    void goesOnAfterAnExecutorForgotATask() {
        var forgets = new AtomicBoolean(true);
        Executor executor = task -> {
            if (!forgets.getAndSet(false)) {
                task.run();
            }
        };
        Mailbox<ConnectEvent.Closed> mailbox = mailbox(Delivery.queued(3).executor(executor));
        for (int i = 0; i < 6; i++) {
            mailbox.put(new ConnectEvent.Closed(i));
        }
        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
        assertThat(mailbox.lost()).isEqualTo(1);
        mailbox.close();
        assertThat(mailbox.isOver()).isTrue();
    }
}
