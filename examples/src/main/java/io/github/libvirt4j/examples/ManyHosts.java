package io.github.libvirt4j.examples;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.link.LinkHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Prints what happens to the domains of many hosts, until its input ends: `ManyHosts URI…`. Enter prints
/// which hosts are connected.
///
/// One thread, the event loop of the library, waits for all hosts. A host that is down, or goes down, delays
/// none of the others: its link tries again until the host is back.
public final class ManyHosts {
    private ManyHosts() {}

    public static void main(String[] uris) throws IOException {
        List<Link> links = new ArrayList<>();
        try {
            for (String uri : uris) {
                Link link = Link.to(uri).open();
                links.add(link);
                link.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.REBOOT, DomainEvent.IO_ERROR), new Printer(uri));
            }
            var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (input.readLine() != null) {
                for (Link link : links) {
                    System.out.println(link + ": " + link.state());
                }
            }
        } finally {
            links.forEach(Link::close);
        }
    }

    /// Prints the events of one host, one at a time and in their order.
    private record Printer(String host) implements LinkHandler<Event> {
        @Override
        public void on(Event event) {
            System.out.println(host + ": " + event);
        }

        /// Hears of the first connection, and later of each time of which events are missing.
        @Override
        public void gap(Gap gap) {
            System.out.println(
                    gap.cause() == Gap.Cause.BEGINNING
                            ? host + ": connected"
                            : host + ": no events from " + gap.lost() + " to " + gap.back() + " (" + gap.cause() + ")");
        }
    }
}
