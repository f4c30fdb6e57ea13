package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.support.Threads;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// All connections of a process to the embedded driver share its events, and what one does concerns the
/// others.
@Tag("loop")
@ExtendWith(NothingLeft.class)
@Timeout(120)
class SharedDriverTest {
    /// The last callback of the driver goes again and again, while a connection that has none makes events.
    @Test
    void isHeardHoweverManyListenersGoWhileOthersMakeEvents() throws Exception {
        var over = new AtomicBoolean();
        try (Connect unregistered = Embedded.open();
                Domain domain = Embedded.define(unregistered)) {
            domain.create();
            Thread source = Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    domain.suspend();
                    domain.resume();
                    // So that the loop has time for something else.
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(20));
                }
            });
            try {
                Threads.together(2, _ -> {
                    for (int i = 0; i < 500; i++) {
                        try (Connect connect = Embedded.open()) {
                            var heard = new CountDownLatch(1);
                            connect.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> heard.countDown());
                            assertThat(heard.await(20, TimeUnit.SECONDS))
                                    .as("round " + i)
                                    .isTrue();
                        }
                    }
                });
            } finally {
                over.set(true);
                source.join();
            }
        }
    }
}
