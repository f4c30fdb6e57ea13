package io.github.libvirt4j.internal.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class ReadyRegistrationTest {
    private final List<String> calls = new ArrayList<>();

    private final class Registered extends ReadyRegistration {
        Registered() {
            super("registered", 1);
        }

        @Override
        protected boolean handle(int events) {
            calls.add("handle " + events);
            return true;
        }

        @Override
        protected void served(boolean goesOn) {
            calls.add("served " + goesOn);
        }

        @Override
        protected void end() {
            calls.add("end");
        }
    }

    /// C has called, and no thread has come to the handler yet.
    @Test
    void doesNotCallAHandlerThatWasClosedMeanwhile() throws Exception {
        Registered registered = new Registered();
        assertThat(registered.ready(1, false)).isTrue();
        assertThat(registered.closeAndAwait(Duration.ZERO)).isTrue();
        assertThat(registered.ready(1, false)).isFalse();
        assertThat(calls).containsExactly("handle 1", "end");
        assertThat(registered.closeAndAwait(Duration.ZERO)).isTrue();
        assertThat(registered.isActive()).isFalse();
    }

    /// An error or a hangup that nobody waits for is told once.
    @Test
    void endsWithTheLast() {
        Registered registered = new Registered();
        assertThat(registered.ready(8, true)).isFalse();
        assertThat(registered.isActive()).isFalse();
        assertThat(calls).containsExactly("handle 8");
    }
}
