package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventOrGap;
import io.github.libvirt4j.support.FlowRules;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("slow")
@ExtendWith(NothingLeft.class)
@Timeout(120)
class EventFlowRulesTest {
    private final Queue<AutoCloseable> open = new ConcurrentLinkedQueue<>();

    @TestFactory
    Stream<DynamicTest> areKept() {
        return FlowRules.tests(Kit::new, this::close);
    }

    private void close() throws Exception {
        for (AutoCloseable one = open.poll(); one != null; one = open.poll()) {
            one.close();
        }
        assertThat(open).isEmpty();
    }

    /// Gives the kit publishers of the events of a domain that is suspended and resumed.
    private final class Kit extends FlowRules<EventOrGap<DomainEvent.Lifecycle>> {
        @Override
        public Flow.Publisher<EventOrGap<DomainEvent.Lifecycle>> createFlowPublisher(long elements) {
            Connect connect = Embedded.open();
            open.add(connect);
            Domain domain = Embedded.define(connect);
            domain.create();
            Embedded.settle();
            Flow.Publisher<EventOrGap<DomainEvent.Lifecycle>> publisher = domain.publisher(DomainEvent.LIFECYCLE);
            return subscriber -> {
                publisher.subscribe(subscriber == null ? null : new Counting<>(subscriber, elements, connect::close));
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
}
