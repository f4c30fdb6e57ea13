package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventOrGap;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

/// The rules of reactive streams, as their technology compatibility kit checks them. Its tests are TestNG's.
@Tag("slow")
@ExtendWith(NothingLeft.class)
@Timeout(120)
class EventFlowRulesTest {
    private static final long PATIENCE = 2_000;
    private static final long SILENCE = 50;

    /// More than any of its tests asks for, and fewer than a queue holds.
    private static final long MOST = 1_000;

    private final Queue<AutoCloseable> open = new ConcurrentLinkedQueue<>();

    @TestFactory
    Stream<DynamicTest> areKept() {
        return Arrays.stream(Kit.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .filter(method -> !method.getName().startsWith("untested_"))
                .sorted(Comparator.comparing(method -> method.getName()))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> {
                    var kit = new Kit();
                    kit.setUp();
                    try {
                        method.invoke(kit);
                    } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof SkipException skipped) {
                            throw new TestAbortedException(skipped.getMessage(), skipped);
                        }
                        throw e.getCause();
                    } finally {
                        close();
                    }
                }));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one = open.poll(); one != null; one = open.poll()) {
            one.close();
        }
        assertThat(open).isEmpty();
    }

    /// Gives the kit publishers of the events of a domain that is suspended and resumed.
    private final class Kit extends FlowPublisherVerification<EventOrGap<DomainEvent.Lifecycle>> {
        Kit() {
            super(new TestEnvironment(PATIENCE, SILENCE), SILENCE);
        }

        @Override
        public long maxElementsFromPublisher() {
            return MOST;
        }

        @Override
        public Flow.Publisher<EventOrGap<DomainEvent.Lifecycle>> createFlowPublisher(long elements) {
            Connect connect = Embedded.open();
            open.add(connect);
            Domain domain = Embedded.define(connect);
            domain.create();
            Embedded.settle();
            Flow.Publisher<EventOrGap<DomainEvent.Lifecycle>> publisher = domain.publisher(DomainEvent.LIFECYCLE);
            return subscriber -> {
                publisher.subscribe(subscriber == null ? null : new Counting(subscriber, elements, connect));
                for (long i = 0; i < elements; i++) {
                    if (i % 2 == 0) {
                        domain.suspend();
                    } else {
                        domain.resume();
                    }
                }
                if (elements == 0) {
                    connect.close();
                }
            };
        }

        @Override
        public Flow.Publisher<EventOrGap<DomainEvent.Lifecycle>> createFailedFlowPublisher() {
            try (Connect closed = Embedded.open()) {
                return closed.publisher(DomainEvent.LIFECYCLE);
            }
        }
    }

    /// Closes the connection after the last event of a test: publishers of events have no other end.
    private record Counting(
            Flow.Subscriber<? super EventOrGap<DomainEvent.Lifecycle>> to, AtomicLong left, Connect connect)
            implements Flow.Subscriber<EventOrGap<DomainEvent.Lifecycle>> {
        Counting(Flow.Subscriber<? super EventOrGap<DomainEvent.Lifecycle>> to, long elements, Connect connect) {
            this(to, new AtomicLong(elements), connect);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            to.onSubscribe(subscription);
        }

        @Override
        public void onNext(EventOrGap<DomainEvent.Lifecycle> element) {
            to.onNext(element);
            if (left.decrementAndGet() == 0) {
                connect.close();
            }
        }

        @Override
        public void onError(Throwable t) {
            to.onError(t);
        }

        @Override
        public void onComplete() {
            to.onComplete();
        }
    }
}
