package io.github.libvirt4j.spring;

import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.link.DomainHandler;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.link.LinkHandler;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.link.Why;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.ClassUtils;

/// Publishes what links and watches tell, from the start of the application until it is stopped.
final class ApplicationEvents implements SmartLifecycle, DisposableBean {
    static final String BEAN = "libvirtApplicationEvents";

    private final ApplicationEventPublisher publisher;
    private final ObjectProvider<Link> links;
    private final List<EventKind<?>> kinds;
    private final @Nullable ClassLoader loader;
    private final Gate gate = new Gate();
    private boolean isRegistered; // Used by one thread at a time, as a context is started and stopped.

    /// @param kinds the names of kinds
    /// @param loader of the application
    ApplicationEvents(
            ApplicationEventPublisher publisher,
            ObjectProvider<Link> links,
            List<String> kinds,
            @Nullable ClassLoader loader) {
        this.publisher = publisher;
        this.links = links;
        this.kinds = kinds.stream().<EventKind<?>>map(ApplicationEvents::kind).toList();
        this.loader = loader;
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
        if (!kinds.isEmpty() && !isRegistered) {
            links.forEach(link -> link.on(kinds, new Raw(link)));
        }
        isRegistered = true;
        gate.open();
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
    }

    /// A thread of the library's has the class loader of the library, which with Spring's developer tools is
    /// another than that of the application.
    private void publish(Object event) throws InterruptedException {
        if (gate.enter()) {
            ClassLoader before = ClassUtils.overrideThreadContextClassLoader(loader);
            try {
                publisher.publishEvent(event);
            } finally {
                Thread.currentThread()
                        .setContextClassLoader(before != null ? before : ClassLoader.getSystemClassLoader());
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
