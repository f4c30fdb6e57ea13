package io.github.libvirt4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Links that share a connection.
@Tag("loop")
@ExtendWith(NothingLeft.class)
@Timeout(120)
class LinksTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String EMBEDDED = "test:///default";

    private static final class States implements DomainHandler {
        final BlockingQueue<LinkState> all = new LinkedBlockingQueue<>();

        @Override
        public void link(LinkState state) {
            all.add(state);
        }

        void awaitClosed() throws InterruptedException {
            while (!(Objects.requireNonNull(all.poll(30, TimeUnit.SECONDS)) instanceof LinkState.Closed)) {
                // The states before.
            }
        }
    }

    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void shareOneConnectionUntilTheLastIsClosed() throws Exception {
        Link first = Links.of(EMBEDDED);
        assertThat(first.awaitUp(LONG)).isTrue();
        try (Link second = Links.of(EMBEDDED)) {
            assertThat(second.state()).isEqualTo(first.state());
            Connect connect = first.call(c -> c);
            assertThat(second.<Connect, RuntimeException>call(c -> c)).isSameAs(connect);
            first.close();
            first.close();
            assertThat(connect.isClosed()).isFalse();
            assertThat(second.call(Connect::hostname)).isEqualTo(connect.hostname());
            second.close();
            assertThat(connect.isClosed()).isTrue();
        }
        assertThat(Libvirt.handlesOpen()).isZero();
        try (Link third = Links.of(EMBEDDED)) {
            assertThat(third.awaitUp(LONG)).isTrue();
        }
    }

    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void endWhatWasMadeWithThem() throws Exception {
        States mine = new States();
        States others = new States();
        try (Link link = Links.of(EMBEDDED);
                Link other = Links.of(EMBEDDED)) {
            assertThat(link.awaitUp(LONG)).isTrue();
            DomainWatch watch = link.watchDomains(mine);
            DomainWatch othersWatch = other.watchDomains(others);
            Registration registration = link.on(DomainEvent.LIFECYCLE, _ -> {});
            Registration othersRegistration = other.on(DomainEvent.LIFECYCLE, _ -> {});
            assertThat(watch.awaitCurrent(LONG)).isTrue();
            assertThat(othersWatch.awaitCurrent(LONG)).isTrue();
            link.close();
            mine.awaitClosed();
            assertThat(mine.all).isEmpty();
            assertThat(link.state()).isEqualTo(new LinkState.Closed());
            assertThat(link.awaitUp(LONG)).isFalse();
            assertThat(watch.isCurrent()).isFalse();
            assertThat(registration.isActive()).isFalse();
            assertThatIllegalStateException().isThrownBy(() -> link.call(Connect::hostname));
            assertThatIllegalStateException().isThrownBy(() -> link.watchDomains(mine));
            assertThatIllegalStateException().isThrownBy(() -> link.on(DomainEvent.LIFECYCLE, _ -> {}));
            assertThat(other.state()).isInstanceOf(LinkState.Up.class);
            assertThat(othersWatch.isCurrent()).isTrue();
            assertThat(othersRegistration.isActive()).isTrue();
            assertThat(others.all).doesNotContain(new LinkState.Closed());
        }
        others.awaitClosed();
    }

    @Test
    void areNoneOfThoseThatAreOpenedOneByOne() throws Exception {
        try (Link shared = Links.of(EMBEDDED);
                Link own = Link.to(EMBEDDED).open()) {
            assertThat(shared.awaitUp(LONG)).isTrue();
            assertThat(own.awaitUp(LONG)).isTrue();
            assertThat(own.<Connect, RuntimeException>call(c -> c))
                    .isNotSameAs(shared.<Connect, RuntimeException>call(c -> c));
        }
    }
}
