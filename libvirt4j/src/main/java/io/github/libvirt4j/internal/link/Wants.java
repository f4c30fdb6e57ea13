package io.github.libvirt4j.internal.link;

import io.github.libvirt4j.event.DomainEvent;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The domains to look at: those that an event told of, in the order of the first event of each, and those
/// that are due at a time. A domain is in it at most once. All operations are O(log n).
final class Wants {
    private final Map<UUID, Want> queued = new LinkedHashMap<>();
    private final Map<UUID, Want> timed = new HashMap<>();
    private final TreeSet<Want> times =
            new TreeSet<>(Comparator.comparingLong(Want::at).thenComparingLong(Want::number));
    private long numbers;

    /// A wish to look at a domain.
    ///
    /// @param number the number of the wish
    /// @param ended whether an event told of the domain's end before `reason`
    /// @param pause the pause before this look if it repeats one, in nanoseconds; 0 if it does not
    /// @param at the time of the look, in nanoseconds
    record Want(UUID domain, long number, Reason reason, boolean ended, long pause, long at) {}

    /// Asks for a look at once, because of an event.
    void now(UUID domain, DomainEvent.Lifecycle hint) {
        Want before = queued.get(domain);
        if (before == null) {
            before = cancel(domain);
        }
        Reason reason = before == null ? Reason.DRIFT : before.reason;
        boolean ended = before != null && before.ended;
        // A domain that is queued keeps its place.
        queued.put(domain, new Want(domain, numbers++, reason.and(hint), ended, 0, 0));
    }

    /// Asks for a look at a time, unless one is asked for earlier.
    void at(long at, UUID domain, Reason reason, boolean ended, long pause) {
        Want before = timed.get(domain);
        if (queued.containsKey(domain) || (before != null && before.at <= at)) {
            return;
        }
        Reason all = before == null ? reason : before.reason.and(reason);
        boolean endedBefore = before != null && before.ended;
        cancel(domain);
        Want want = new Want(domain, numbers++, all, ended || endedBefore, pause, at);
        timed.put(domain, want);
        times.add(want);
    }

    /// Asks again for a look that has failed. An event since then has asked for it already.
    void again(Want failed, long at, long pause) {
        Want since = queued.get(failed.domain);
        if (since == null) {
            at(at, failed.domain, failed.reason, failed.ended, pause);
        } else {
            Reason all = failed.reason.and(since.reason);
            queued.put(failed.domain, new Want(failed.domain, since.number, all, failed.ended || since.ended, 0, 0));
        }
    }

    /// Whether a look at once is asked for.
    boolean isQueued(UUID domain) {
        return queued.containsKey(domain);
    }

    /// Withdraws a look at a time.
    @Nullable
    Want cancel(UUID domain) {
        Want want = timed.remove(domain);
        if (want != null) {
            times.remove(want);
        }
        return want;
    }

    /// The look at a time that is asked for.
    @Nullable
    Want timed(UUID domain) {
        return timed.get(domain);
    }

    /// Takes the next look: the oldest that is due.
    @Nullable
    Want take(long now) {
        while (!times.isEmpty() && times.first().at <= now) {
            Want due = times.first();
            cancel(due.domain);
            queued.put(due.domain, due);
        }
        var first = queued.values().iterator();
        if (!first.hasNext()) {
            return null;
        }
        Want want = first.next();
        first.remove();
        return want;
    }

    /// The time of the next look; [Long#MIN_VALUE] for at once, [Long#MAX_VALUE] for none.
    long nextAt() {
        if (!queued.isEmpty()) {
            return Long.MIN_VALUE;
        }
        return times.isEmpty() ? Long.MAX_VALUE : times.first().at;
    }

    void clear() {
        queued.clear();
        timed.clear();
        times.clear();
    }
}
