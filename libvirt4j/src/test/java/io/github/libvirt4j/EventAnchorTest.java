package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.event.EventTable;
import io.github.libvirt4j.support.LyingDaemon;
import io.github.libvirt4j.types.DomainEventId;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// libvirt numbers the registrations of a queue of events: an anchor is a gap between the others.
@ExtendWith(NothingLeft.class)
class EventAnchorTest {
    /// A pointer that no subscription takes.
    private static final int UNUSED = 9;

    /// The number of the next registration, which is gone at once.
    private int next(Connect connect) {
        EventTable.Row row = EventTable.row(DomainEvent.LIFECYCLE);
        MemorySegment pointer = connect.object.pointer();
        int number = Loans.register(
                this, sink -> row.register(pointer, MemorySegment.NULL, DomainEvent.LIFECYCLE, UNUSED, sink));
        assertThat(number).isNotNegative();
        assertThat(row.deregister(pointer, number)).isZero();
        return number;
    }

    private static void listen(Connect connect) {
        connect.on(DomainEvent.LIFECYCLE, _ -> {});
    }

    /// Of a daemon, with the first registration.
    @Test
    void isDroppedOnceBeforeAnythingElse() {
        try (Connect connect = TestDriver.DAEMON.open()) {
            int number = next(connect);
            listen(connect);
            assertThat(next(connect)).isEqualTo(number + 3);
            listen(connect);
            assertThat(next(connect)).isEqualTo(number + 5);
        }
    }

    /// In this process, where all connections share the queue.
    @Test
    void isDroppedWhenAConnectionIsOpened() {
        try (Connect connect = TestDriver.EMBEDDED.open()) {
            int number = next(connect);
            try (Connect other = TestDriver.EMBEDDED.open()) {
                assertThat(next(connect)).isEqualTo(number + 2);
                listen(other);
                assertThat(next(connect)).isEqualTo(number + 4);
            }
            assertThat(next(connect)).isEqualTo(number + 5);
        }
    }

    /// A daemon sends each event that something is registered for.
    @Test
    void isOfAnEventThatHardlyEverComes() throws IOException {
        int register = 167;
        try (var daemon = new LyingDaemon();
                Connect connect = Connect.open(daemon.uri())) {
            connect.on(DomainEvent.REBOOT, _ -> {});
            assertThat(daemon.asked(register))
                    .containsExactly(DomainEventId.CONTROL_ERROR.value(), DomainEventId.REBOOT.value());
        }
    }
}
