package io.github.libvirt4j.spring.sample;

import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.spring.DomainWatchEvent;
import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The domains that the watch knows, and its notices.
@RestController
class DomainsController {
    private static final int MOST = 100;

    private final DomainWatch domains;
    private final Deque<String> changes = new ConcurrentLinkedDeque<>();

    DomainsController(DomainWatch domains) {
        this.domains = domains;
    }

    record Row(String name, String state, Instant asOf) {
        static Row of(DomainView view) {
            return new Row(view.domain().name(), view.state().name(), view.asOf());
        }
    }

    @GetMapping("/domains")
    List<Row> domains() {
        return domains.all().stream().map(Row::of).toList();
    }

    /// The newest first.
    @GetMapping("/changes")
    List<String> changes() {
        return List.copyOf(changes);
    }

    @EventListener
    void on(DomainWatchEvent event) {
        changes.addFirst(
                switch (event) {
                    case DomainWatchEvent.Added added -> text(added.now()) + " is there";
                    case DomainWatchEvent.Changed changed ->
                        text(changed.was()) + " is " + changed.now().state();
                    case DomainWatchEvent.Removed removed -> text(removed.last()) + " is gone";
                    case DomainWatchEvent.LinkChanged link -> "The link is " + link.state();
                    case DomainWatchEvent.Missing missing -> "Events are missing: " + missing.gap();
                    case DomainWatchEvent.Synced synced -> "Connection " + synced.generation() + " is in use";
                });
        if (changes.size() > MOST) {
            changes.pollLast();
        }
    }

    private static String text(DomainView view) {
        return view.domain().name() + " (" + view.state() + ")";
    }
}
