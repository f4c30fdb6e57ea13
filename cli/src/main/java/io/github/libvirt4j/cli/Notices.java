package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.link.DomainHandler;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.link.Why;
import java.time.Instant;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Prints what a watch tells, a line for each notice.
final class Notices implements DomainHandler {
    private final Output output;
    private final Ending ending;
    private long left;

    /// @param count the number of notices after which it ends
    Notices(Output output, Ending ending, long count) {
        this.output = output;
        this.ending = ending;
        this.left = count;
    }

    /// The values of a domain as they are printed.
    static Item item(DomainView view) {
        return view(new Item(), view);
    }

    private static Item view(Item item, DomainView view) {
        OptionalInt id = view.id();
        Domain.Status status = view.status();
        return item.with("id", id.isPresent() ? id.getAsInt() : null)
                .with("name", view.domain().name())
                .with("uuid", view.domain().uuid())
                .with("state", Word.of(status))
                .with("reason", Word.reasonOf(status))
                .with("persistent", view.persistent())
                .with("generation", view.generation())
                .with("asOf", view.asOf());
    }

    private static Item notice(String word) {
        return new Item().with("time", Instant.now()).with("notice", word);
    }

    private static String words(DomainView view) {
        return view.domain().name() + ": " + Word.of(view.status()) + " (" + Word.reasonOf(view.status()) + ")";
    }

    private static String why(Why why) {
        return switch (why) {
            case Why.Told _ -> "TOLD";
            case Why.Resync _ -> "RESYNC";
            case Why.Drift _ -> "DRIFT";
        };
    }

    private void print(Item item, String text) {
        if (left == 0) {
            return;
        }
        output.item(item, Times.local(Instant.now()) + " " + text);
        left--;
        if (left == 0 || output.out().checkError()) {
            ending.come();
        }
    }

    @Override
    public void added(DomainView now, Why why) {
        print(view(notice("added"), now).with("why", why(why)), words(now));
    }

    @Override
    public void changed(DomainView was, DomainView now, Why why) {
        print(
                view(notice("changed"), now).with("why", why(why)).with("was", item(was)),
                words(now)
                        + (was.domain().equals(now.domain())
                                ? ""
                                : ", was called " + was.domain().name()));
    }

    @Override
    public void removed(DomainView last, boolean finalStateUnknown, Why why) {
        print(
                view(notice("removed"), last).with("why", why(why)).with("finalStateUnknown", finalStateUnknown),
                last.domain().name() + ": removed");
    }

    @Override
    public void link(LinkState state) {
        Item item = notice("link");
        switch (state) {
            case LinkState.Up up ->
                item.with("link", "UP").with("generation", up.generation()).with("since", up.since());
            case LinkState.Closed _ -> item.with("link", "CLOSED");
            case LinkState.Down down ->
                item.with("link", "DOWN")
                        .with("since", down.since())
                        .with("cause", down.cause().name())
                        .with("failure", message(down))
                        .with("tries", down.tries())
                        .with("nextTry", down.nextTry());
        }
        print(item, LinkLine.of(state, Instant.now()));
    }

    private static @Nullable String message(LinkState.Down down) {
        return down.failure().map(Throwable::getMessage).orElse(null);
    }

    @Override
    public void gap(Gap gap) {
        if (gap.cause() == Gap.Cause.BEGINNING && !output.json()) {
            // Nothing is missing for a person who has just begun to look.
            return;
        }
        print(
                notice("gap")
                        .with("from", gap.from())
                        .with("to", gap.to())
                        .with("lost", gap.lost())
                        .with("back", gap.back())
                        .with("cause", gap.cause().name()),
                "events are missing from " + Times.clock(gap.lost()) + " to " + Times.clock(gap.back()));
    }

    @Override
    public void synced(int generation) {
        print(notice("synced").with("generation", generation), "up to date");
    }
}
