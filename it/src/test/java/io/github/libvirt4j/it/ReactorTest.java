package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventOrGap;
import io.github.libvirt4j.types.DomainEventType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;

/// Events as a Flux of Reactor's, by its own adapter.
@Timeout(60)
class ReactorTest {
    private static Flux<DomainEvent.Lifecycle> events(Domain domain) {
        return JdkFlowAdapter.flowPublisherToFlux(domain.publisher(DomainEvent.LIFECYCLE))
                .<DomainEvent.Lifecycle>handle((element, to) -> {
                    switch (element) {
                        case EventOrGap.Happened(var event) -> to.next(event);
                        case EventOrGap.Missing(long count) ->
                            to.error(new IllegalStateException(count + " events are missing"));
                    }
                });
    }

    @Test
    void takesEventsFromAFlux() throws Exception {
        try (Connect connect = Connect.open("test:///default");
                Domain domain = connect.domains().lookupByName("test")) {
            CompletableFuture<List<DomainEventType>> types = events(domain)
                    .map(DomainEvent.Lifecycle::type)
                    .take(2)
                    .collectList()
                    .toFuture();
            domain.suspend();
            domain.resume();
            assertThat(types.get()).containsExactly(DomainEventType.SUSPENDED, DomainEventType.RESUMED);
        }
    }

    @Test
    void endsWithTheConnection() {
        Flux<DomainEvent.Lifecycle> events;
        try (Connect connect = Connect.open("test:///default");
                Domain domain = connect.domains().lookupByName("test")) {
            events = events(domain).replay().autoConnect(0);
        }
        assertThat(events.collectList().block(Duration.ofSeconds(10))).isEmpty();
    }
}
