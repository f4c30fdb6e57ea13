package io.github.libvirt4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.junit.Faults;
import io.github.libvirt4j.junit.LibvirtTest;
import io.github.libvirt4j.link.DomainHandler;
import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Link;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.PayloadApplicationEvent;

/// The start of events over a link that is up, where the registration fails.
@LibvirtTest
@Timeout(60)
class EventsFaultsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final BlockingQueue<PayloadApplicationEvent<?>> published = new LinkedBlockingQueue<>();

    /// Of a kind for which a link has no registration of its own. The next call of the link is the registration:
    /// nothing is watched any more.
    private ApplicationEvents events(Link link) throws InterruptedException {
        try (DomainWatch watch = link.watchDomains(new DomainHandler() {})) {
            assertThat(watch.awaitCurrent(LONG)).isTrue();
        }
        ApplicationEventPublisher publisher = event -> published.add((PayloadApplicationEvent<?>) event);
        return new ApplicationEvents(
                publisher,
                new StaticListableBeanFactory(Map.of("link", link)).getBeanProvider(Link.class),
                List.of("network.lifecycle"),
                null,
                Duration.ofMillis(10));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void registersAgainAfterATimeout(Faults faults, CapturedOutput log) throws InterruptedException {
        try (Link link = Link.to(faults.uri())
                .opening(opening -> opening.callTimeout(Duration.ofMillis(500)))
                .open()) {
            ApplicationEvents events = events(link);
            faults.hangCall(1);
            events.start();
            while (!log.toString().contains("for the link to " + faults.uri())) {
                Thread.sleep(1);
            }
            assertThat(published).isEmpty();
            faults.resumeCalls();
            assertThat(published.take().getPayload()).isInstanceOf(Gap.class);
            events.destroy();
        }
    }

    @Test
    void doesNotWaitForADaemonThatHangs(Faults faults) throws InterruptedException {
        try (Link link = Link.to(faults.uri()).open()) {
            ApplicationEvents events = events(link);
            faults.hangCall(1);
            events.start();
            assertThat(faults.awaitHang(LONG)).isTrue();
            assertThat(published).isEmpty();
            faults.resumeCalls();
            assertThat(published.take().getPayload()).isInstanceOf(Gap.class);
            events.destroy();
        }
    }
}
