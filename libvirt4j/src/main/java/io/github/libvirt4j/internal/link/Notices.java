package io.github.libvirt4j.internal.link;

import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.types.DomainState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The notices that one handler has heard, and those it has still to hear. Only differences wait, so that a
/// slow handler costs no more memory than the domains there are: two changes of a domain that wait are one,
/// and so are two of the link. Confined to the thread, or the lock, of its [Reconciler].
public final class Notices {
    private final @Nullable Duration resync;
    private final long settle;

    // What the handler has heard.
    private final Map<UUID, DomainView> told = new HashMap<>();
    private @Nullable LinkState toldState;
    private int toldGeneration;
    private @Nullable Gap toldGap;

    // What there is to hear.
    private LinkState state;

    /// Whether the first list of the generation was read. Before that the handler hears of no domain.
    private boolean current;

    private Instant lost;
    private Gap.Cause cause = Gap.Cause.BEGINNING;
    private boolean syncedIsDue;

    /// The number of the last domain that has to be told of before `synced`.
    private long syncedAfter;

    /// In the order of telling, which is that of the numbers.
    private final Map<UUID, Pending> pending = new LinkedHashMap<>();

    /// Held back by the settle time.
    private final Map<UUID, Pending> held = new HashMap<>();

    private final TreeSet<Pending> heldTimes =
            new TreeSet<>(Comparator.comparingLong(Pending::notBefore).thenComparingLong(Pending::number));

    /// The ends of settle times that the loss of the link interrupted.
    private final Map<UUID, Long> interrupted = new HashMap<>();

    private long numbers;

    /// A domain that the handler has to hear of.
    ///
    /// @param now null if it is gone
    /// @param notBefore the end of the settle time; 0 if there is none
    private record Pending(
            UUID domain,
            long number,
            @Nullable DomainView now,
            boolean finalStateUnknown,
            Reason reason,
            long notBefore) {}

    /// @param resync the time between lists; null for a handler that hears of the link only
    /// @param settle the time for which a change to SHUTOFF is held back
    Notices(LinkState state, @Nullable Duration resync, Duration settle, Instant now) {
        this.state = state;
        this.resync = resync;
        this.settle = Moment.nanos(settle);
        this.lost = now;
    }

    @Nullable
    Duration resync() {
        return resync;
    }

    /// The handler has heard of a domain before, in another life of the link.
    void know(DomainView view) {
        told.put(view.domain().uuid(), view);
    }

    /// Returns the next notice; null if there is none at this time. The handler has heard of it then, as far
    /// as this object is concerned: the driver calls this method when the handler is idle.
    public @Nullable Notice poll(Moment now) {
        if (!state.equals(toldState)) {
            toldState = state;
            return new Notice.Link(state);
        }
        if (state instanceof LinkState.Up(int generation, Instant since) && generation != toldGeneration) {
            toldGap = new Gap(toldGeneration, generation, lost, since.isBefore(lost) ? lost : since, cause);
            toldGeneration = generation;
            return new Notice.Missing(toldGap);
        }
        if (!current) {
            return null;
        }
        release(now.nanos());
        while (true) {
            var all = pending.values().iterator();
            Pending first = all.hasNext() ? all.next() : null;
            if (syncedIsDue && (first == null || first.number >= syncedAfter)) {
                syncedIsDue = false;
                return new Notice.Synced(toldGeneration);
            }
            if (first == null) {
                return null;
            }
            all.remove();
            Notice notice = notice(first);
            if (notice != null) {
                return notice;
            }
        }
    }

    /// Null if the handler knows it.
    private @Nullable Notice notice(Pending one) {
        var why = one.reason.why(Objects.requireNonNull(toldGap));
        DomainView was = told.get(one.domain);
        if (one.now == null) {
            told.remove(one.domain);
            return was == null ? null : new Notice.Removed(was, one.finalStateUnknown, why);
        }
        told.put(one.domain, one.now);
        if (was == null) {
            return new Notice.Added(one.now, why);
        }
        return was.differsFrom(one.now) ? new Notice.Changed(was, one.now, why) : null;
    }

    /// The time when [#poll] can have a notice without anything happening before; [Long#MAX_VALUE] for never.
    public long wakeAt() {
        return current && !heldTimes.isEmpty() ? heldTimes.first().notBefore : Long.MAX_VALUE;
    }

    private void release(long now) {
        while (!heldTimes.isEmpty() && heldTimes.first().notBefore <= now) {
            Pending one = heldTimes.first();
            put(one.domain, one.now, one.finalStateUnknown, one.reason, one.notBefore, now);
        }
    }

    /// The link has another state.
    void link(LinkState now) {
        if (state instanceof LinkState.Up(int generation, Instant _) && !(now instanceof LinkState.Up)) {
            forgetTheGeneration();
            // Several generations that the handler has not heard of are one gap.
            if (generation == toldGeneration && now instanceof LinkState.Down down) {
                lost = down.since();
                cause = down.cause();
            }
        }
        state = now;
    }

    /// A state that was read on a connection, and not told while that lasted, is not told later: it is read
    /// anew. Only a removal is certain.
    private void forgetTheGeneration() {
        current = false;
        syncedIsDue = false;
        for (Pending one : List.copyOf(pending.values())) {
            if (one.now == null) {
                pending.put(
                        one.domain, new Pending(one.domain, one.number, null, one.finalStateUnknown, Reason.RESYNC, 0));
            } else {
                pending.remove(one.domain);
                interrupt(one);
            }
        }
        held.values().forEach(this::interrupt);
        held.clear();
        heldTimes.clear();
    }

    private void interrupt(Pending one) {
        if (one.notBefore != 0) {
            interrupted.put(one.domain, one.notBefore);
        }
    }

    /// The state of a domain was read.
    void read(DomainView now, Reason reason, long time) {
        if (resync == null) {
            return;
        }
        UUID domain = now.domain().uuid();
        DomainView was = told.get(domain);
        Pending before = before(domain);
        Long interruptedEnd = interrupted.remove(domain);
        if (was != null && !was.differsFrom(now)) {
            // One object for both, so that the older one is garbage.
            told.put(domain, now);
            pending.remove(domain);
            unhold(domain);
            return;
        }
        long notBefore = 0;
        if (settle > 0 && was != null && isOff(now) && !isOff(was)) {
            if (before != null && before.notBefore != 0) {
                notBefore = before.notBefore;
            } else {
                notBefore = interruptedEnd == null ? time + settle : interruptedEnd;
            }
        }
        boolean isKnown = before != null && before.now != null && !before.now.differsFrom(now);
        Reason all = before == null ? reason : isKnown ? before.reason : before.reason.and(reason);
        put(domain, now, false, all, notBefore, time);
    }

    private static boolean isOff(DomainView view) {
        return view.state() == DomainState.SHUTOFF;
    }

    /// A lookup of a domain found none.
    void gone(UUID domain, Reason reason, boolean finalStateUnknown) {
        Pending before = before(domain);
        interrupted.remove(domain);
        if (told.containsKey(domain)) {
            put(domain, null, finalStateUnknown, before == null ? reason : before.reason.and(reason), 0, 0);
        } else {
            pending.remove(domain);
        }
    }

    private @Nullable Pending before(UUID domain) {
        Pending before = pending.get(domain);
        return before == null ? held.get(domain) : before;
    }

    private void put(
            UUID domain,
            @Nullable DomainView now,
            boolean finalStateUnknown,
            Reason reason,
            long notBefore,
            long time) {
        unhold(domain);
        if (notBefore > time) {
            pending.remove(domain);
            Pending one = new Pending(domain, numbers++, now, finalStateUnknown, reason, notBefore);
            held.put(domain, one);
            heldTimes.add(one);
        } else {
            Pending before = pending.get(domain);
            // A domain that waits keeps its place.
            long number = before == null ? numbers++ : before.number;
            pending.put(domain, new Pending(domain, number, now, finalStateUnknown, reason, notBefore));
        }
    }

    private void unhold(UUID domain) {
        Pending one = held.remove(domain);
        if (one != null) {
            heldTimes.remove(one);
        }
    }

    /// The first list of the generation was read.
    void synced() {
        current = resync != null;
        syncedIsDue = current;
        syncedAfter = numbers;
    }
}
