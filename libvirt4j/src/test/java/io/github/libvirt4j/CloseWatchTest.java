package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.internal.event.CloseWatch;
import io.github.libvirt4j.internal.event.ConnectionCalls;
import io.github.libvirt4j.internal.event.EventSink;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// One beside the connection's own: the driver takes any number of callbacks, and calls none.
@ExtendWith(NothingLeft.class)
class CloseWatchTest {
    private static final Event CLOSED = new ConnectEvent.Closed(2);

    private final Connect connect = Embedded.open();
    private final MemorySegment pointer = connect.object.pointer();
    private final CloseWatch watch = new CloseWatch(ConnectionCalls.CONNECT);
    private final List<String> asked = new ArrayList<>();
    private final List<Event> heard = new ArrayList<>();
    private final EventSink listener = heard::add;

    @AfterEach
    void close() {
        Uncaught.setHandler(null);
        connect.close();
    }

    private int add(EventSink added) {
        return watch.add(pointer, added, (function, result) -> asked.add(function + " " + result));
    }

    @Test
    void isRegisteredOnceAndTellsEachOnce() {
        EventSink removed = _ -> heard.add(CLOSED);
        assertThat(add(listener)).isZero();
        assertThat(add(removed)).isZero();
        assertThat(asked).containsExactly("virConnectRegisterCloseCallback 0");
        assertThat(Libvirt.closuresOnLoan()).isEqualTo(1);
        watch.remove(removed);
        watch.accept(CLOSED);
        assertThat(heard).containsExactly(CLOSED);
        watch.accept(CLOSED);
        assertThat(heard).containsExactly(CLOSED);
        // Who comes too late is told at once, and once.
        add(listener);
        assertThat(heard).containsExactly(CLOSED, CLOSED);
        watch.accept(CLOSED);
        assertThat(heard).containsExactly(CLOSED, CLOSED);
        watch.end(pointer);
        assertThat(Libvirt.closuresOnLoan()).isZero();
    }

    @Test
    void tellsTheOthersWhatOneCannotTake() {
        List<String> reported = new ArrayList<>();
        Uncaught.setHandler((callback, thrown) -> reported.add(callback + " " + thrown.getMessage()));
        for (int i = 0; i < 3; i++) {
            add(new EventSink() {
                @Override
                public void accept(Event event) {
                    heard.add(event);
                    throw new IllegalStateException("on purpose");
                }
            });
        }
        watch.accept(CLOSED);
        assertThat(heard).containsExactly(CLOSED, CLOSED, CLOSED);
        assertThat(reported).hasSize(3).containsOnly("virConnectCloseFunc on purpose");
        watch.end(pointer);
    }

    /// As where libvirt says no: the next listener asks again.
    @Test
    void keepsNothingThatWasRefused() {
        var refused = new IllegalStateException("on purpose");
        assertThatThrownBy(() -> watch.add(pointer, listener, (_, _) -> {
                    throw refused;
                }))
                .isSameAs(refused);
        assertThat(Libvirt.closuresOnLoan()).isZero();
        watch.accept(CLOSED);
        assertThat(heard).isEmpty();
        assertThat(add(_ -> {})).isZero();
        assertThat(asked).hasSize(1);
        watch.end(pointer);
    }
}
