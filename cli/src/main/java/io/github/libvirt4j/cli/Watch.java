package io.github.libvirt4j.cli;

import io.github.libvirt4j.link.DomainHandler;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.link.LinkState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Keeps a table of the domains.
@Command(
        name = "watch",
        description = {
            "Keeps a table of the domains on the terminal, over a link that comes back when it breaks off.",
            "Elsewhere, and with --json or --count, it prints a line for each change."
        },
        footer = {"watch", "watch --json | jq 'select(.notice == \"changed\")'"})
final class Watch extends Subcommand {
    private static final List<String> KEYS = List.of("id", "name", "state", "reason");
    private static final List<String> KEYS_WHILE_DOWN = List.of("id", "name", "state", "reason", "asOf");

    @Option(names = "--count", paramLabel = "N", description = "end after so many lines")
    private long count = Long.MAX_VALUE;

    @Option(names = "--timeout", paramLabel = "DURATION", description = "end after so long: 500ms, 10s, 2m, 1h")
    private @Nullable Duration timeout;

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkCount(count);
        String uri = root().uri();
        boolean live = isLive(count);
        try (Ending ending = new Ending(out());
                Link link = Link.to(uri).opening(root()::opening).open()) {
            ending.opened();
            if (live) {
                DomainWatch watch = link.watchDomains(new DomainHandler() {});
                Live.show(ending, timeout, columns -> lines(uri, link.state(), watch, columns), _ -> {});
            } else {
                link.watchDomains(new Notices(output(), ending, count));
                ending.await(timeout);
            }
        }
        return Status.OK;
    }

    private static List<String> lines(String uri, LinkState state, DomainWatch watch, int columns) {
        return lines(uri, state, watch.isCurrent(), watch.all(), Instant.now(), columns, Colors.areWanted());
    }

    /// The picture of what is known: a line about the link, and the table.
    static List<String> lines(
            String uri,
            LinkState state,
            boolean current,
            List<DomainView> views,
            Instant now,
            int columns,
            boolean colors) {
        List<Item> items = views.stream()
                .sorted(Comparator.comparing(view -> view.domain().name()))
                .map(Notices::item)
                .toList();
        String age = current
                ? ""
                : views.stream()
                        .map(DomainView::asOf)
                        .min(Comparator.naturalOrder())
                        .map(asOf -> "as of " + Times.clock(asOf) + ", ")
                        .orElse("");
        boolean down = !(state instanceof LinkState.Up);
        List<String> lines = new ArrayList<>();
        lines.add(Printer.harmless(uri + ": " + age + LinkLine.of(state, now)
                + (current
                        ? ", " + items.size() + (items.size() == 1 ? " domain" : " domains")
                        : down ? "" : ", listing")));
        lines.add("");
        lines.addAll(Table.of(down ? KEYS_WHILE_DOWN : KEYS, items).lines(columns, colors && !down));
        return lines;
    }
}
