package io.github.libvirt4j.spring;

import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.link.DomainHandler;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.link.LinkHandler;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.link.Why;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.SmartLifecycle;

/// Publishes what links and watches tell, from the start of the application until it is stopped.
final class ApplicationEvents implements SmartLifecycle, DisposableBean {
    static final String BEAN = "libvirtApplicationEvents";

    private static final Log LOG = LogFactory.getLog(ApplicationEvents.class);
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final ApplicationEventPublisher publisher;
    private final ObjectProvider<Link> links;
    private final List<EventKind<?>> kinds;
    private final @Nullable ClassLoader loader;
    private final Duration pause;
    private final Gate gate = new Gate();
    private boolean isRegistering; // Used by one thread at a time, as a context is started and stopped.

    /// Closed at the end, as a link of the program can outlive the application.
    private final List<Registration> registrations = new CopyOnWriteArrayList<>();

    /// @param kinds the names of kinds
    /// @param loader of the application
    ApplicationEvents(
            ApplicationEventPublisher publisher,
            ObjectProvider<Link> links,
            List<String> kinds,
            @Nullable ClassLoader loader) {
        this(publisher, links, kinds, loader, PAUSE);
    }

    /// @param kinds the names of kinds
    /// @param loader of the application
    /// @param pause between tries to register the kinds on a link
    ApplicationEvents(
            ApplicationEventPublisher publisher,
            ObjectProvider<Link> links,
            List<String> kinds,
            @Nullable ClassLoader loader,
            Duration pause) {
        this.publisher = publisher;
        this.links = links;
        this.kinds = kinds.stream().<EventKind<?>>map(ApplicationEvents::kind).toList();
        this.loader = loader;
        this.pause = pause;
    }

    private static EventKind<?> kind(String name) {
        List<EventKind<?>> known = Libvirt.eventKinds();
        return known.stream()
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("libvirt4j.events: no kind of event is called '" + name
                        + "'; there are "
                        + String.join(", ", known.stream().map(EventKind::name).toList())));
    }

    @Override
    public void start() {
        if (!kinds.isEmpty() && !isRegistering) {
            links.forEach(link -> Thread.ofVirtual().name("libvirt4j-events").start(() -> register(link)));
        }
        isRegistering = true;
        gate.open();
    }

    /// Registers the kinds on a link when it is up. While it is down, it would accept a kind that its next
    /// connection then refuses, and it would stay down for it. In the background, as a daemon that does not
    /// answer, or refuses, does not keep the application from its start.
    private void register(Link link) {
        boolean isTold = false;
        try {
            while (!gate.awaitRemoved(Duration.ZERO) && !(link.state() instanceof LinkState.Closed)) {
                try {
                    if (link.awaitUp(pause)) {
                        registrations.add(link.on(kinds, new Raw(link)));
                        if (gate.awaitRemoved(Duration.ZERO)) {
                            closeRegistrations();
                        }
                        return;
                    }
                } catch (LibvirtException e) {
                    if (!isTold) {
                        LOG.warn("No events of libvirt4j.events are published for the " + link + ", which failed to"
                                + " register them and is asked again every " + pause.toSeconds() + " s: " + e);
                    }
                    isTold = true;
                    gate.awaitRemoved(pause);
                }
            }
        } catch (InterruptedException | IllegalStateException e) {
            // The link was closed.
        }
    }

    /// Each on a thread of its own, as it can take as long as a daemon does not answer.
    private void closeRegistrations() {
        for (Registration registration : registrations) {
            Thread.ofPlatform().daemon().name("libvirt4j-events-close").start(registration::close);
        }
    }

    @Override
    public boolean isRunning() {
        return gate.isOpen();
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    /// Waits for the listeners that are at work, as long as a phase of the application's end may take.
    @Override
    public void stop(Runnable callback) {
        gate.shut(callback);
    }

    @Override
    public void destroy() {
        gate.remove();
        closeRegistrations();
    }

    /// A thread of the library's has the class loader of the library, which with Spring's developer tools is
    /// another than that of the application.
    private void publish(Object event) throws InterruptedException {
        if (gate.enter()) {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            try {
                thread.setContextClassLoader(loader != null ? loader : before);
                publisher.publishEvent(event);
            } finally {
                thread.setContextClassLoader(before);
                gate.leave();
            }
        }
    }

    /// A handler that publishes the notices of a watch.
    ///
    /// @param link the name of the link
    DomainHandler ofWatch(String link) {
        return new Notices(link);
    }

    private final class Notices implements DomainHandler {
        private final String link;

        Notices(String link) {
            this.link = link;
        }

        @Override
        public void added(DomainView now, Why why) throws InterruptedException {
            publish(new DomainWatchEvent.Added(link, now, why));
        }

        @Override
        public void changed(DomainView was, DomainView now, Why why) throws InterruptedException {
            publish(new DomainWatchEvent.Changed(link, was, now, why));
        }

        @Override
        public void removed(DomainView last, boolean finalStateUnknown, Why why) throws InterruptedException {
            publish(new DomainWatchEvent.Removed(link, last, finalStateUnknown, why));
        }

        @Override
        public void link(LinkState state) throws InterruptedException {
            publish(new DomainWatchEvent.LinkChanged(link, state));
        }

        @Override
        public void gap(Gap gap) throws InterruptedException {
            publish(new DomainWatchEvent.Missing(link, gap));
        }

        @Override
        public void synced(int generation) throws InterruptedException {
            publish(new DomainWatchEvent.Synced(link, generation));
        }
    }

    /// Publishes events and gaps as they are.
    private final class Raw implements LinkHandler<Event> {
        private final Link link;

        Raw(Link link) {
            this.link = link;
        }

        @Override
        public void on(Event event) throws InterruptedException {
            publish(new PayloadApplicationEvent<>(link, event));
        }

        @Override
        public void gap(Gap gap) throws InterruptedException {
            publish(new PayloadApplicationEvent<>(link, gap));
        }
    }
}
