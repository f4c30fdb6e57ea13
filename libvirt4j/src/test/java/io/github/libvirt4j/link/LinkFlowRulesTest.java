package io.github.libvirt4j.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.support.FlowRules;
import java.time.Duration;
import java.util.Queue;
import java.util.UUID;
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
class LinkFlowRulesTest {
    private final Queue<Link> open = new ConcurrentLinkedQueue<>();

    @TestFactory
    Stream<DynamicTest> areKept() {
        return FlowRules.tests(Kit::new, this::close);
    }

    private void close() {
        for (Link one = open.poll(); one != null; one = open.poll()) {
            one.close();
        }
        assertThat(open).isEmpty();
    }

    /// Gives the kit publishers of a gap, the first element of all, and events.
    private final class Kit extends FlowRules<LinkElement<DomainEvent.Lifecycle>> {
        private Link up() {
            Link link = Link.to("test:///default").open();
            open.add(link);
            try {
                assertThat(link.awaitUp(Duration.ofSeconds(30))).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return link;
        }

        @Override
        public Flow.Publisher<LinkElement<DomainEvent.Lifecycle>> createFlowPublisher(long elements) {
            Link link = up();
            Domain domain = link.call(connect -> connect.domains().create("""
                    <domain type='test'><name>%s</name><memory>1024</memory><os><type>hvm</type></os></domain>
                    """.formatted(UUID.randomUUID())));
            ProcessLoop.turn();
            ProcessLoop.turn();
            Flow.Publisher<LinkElement<DomainEvent.Lifecycle>> publisher = link.publisher(DomainEvent.LIFECYCLE);
            return subscriber -> {
                publisher.subscribe(subscriber == null ? null : new Counting<>(subscriber, elements, link::close));
                for (long i = 1; i < elements; i++) {
                    if (i % 2 == 0) {
                        domain.resume();
                    } else {
                        domain.suspend();
                    }
                }
                if (elements == 0) {
                    link.close();
                }
            };
        }

        @Override
        public Flow.Publisher<LinkElement<DomainEvent.Lifecycle>> createFailedFlowPublisher() {
            Link closed = up();
            closed.close();
            return closed.publisher(DomainEvent.LIFECYCLE);
        }
    }
}
