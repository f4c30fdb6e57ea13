package io.github.libvirt4j.cli;

import io.github.libvirt4j.link.LinkState;
import java.time.Duration;
import java.time.Instant;

/// The state of a link in words.
final class LinkLine {
    private LinkLine() {}

    static String of(LinkState state, Instant now) {
        return switch (state) {
            case LinkState.Up up -> "link up since " + Times.clock(up.since());
            case LinkState.Closed _ -> "link closed";
            case LinkState.Down down ->
                "link down since " + Times.clock(down.since()) + ", " + next(down, now) + why(down);
        };
    }

    private static String next(LinkState.Down down, Instant now) {
        Duration left = Duration.between(now, down.nextTry());
        return left.isPositive() ? "next try in " + (left.toMillis() + 999) / 1000 + " s" : "trying now";
    }

    private static String why(LinkState.Down down) {
        return down.failure().map(failure -> " (" + failure.getMessage() + ")").orElse("");
    }
}
