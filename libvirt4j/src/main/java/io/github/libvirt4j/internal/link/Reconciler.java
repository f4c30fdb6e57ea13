package io.github.libvirt4j.internal.link;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.internal.link.Wants.Want;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.link.Retry;
import io.github.libvirt4j.types.DomainPausedReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A link and its domains as a state machine: it receives what happened, and answers what to do. It has no
/// threads, calls nothing and reads no clock. One thread at a time calls its methods and those of its
/// [Notices]. Each is O(log n) in the number of domains, except [#listed] and the end of a generation.
///
/// The driver executes one command of [#next] at a time, except [Command.Close], and returns it with its
/// answer. When `next` returns null, the driver calls it again after the next input, and at [#wakeAt].
///
/// An event means "look again", and the state that is read after it counts. A domain is removed only if a
/// lookup did not find it. Lists are repeated, because libvirt makes changes without events.
public final class Reconciler {
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000 * MILLISECOND;

    /// The times of the first lists of a generation. A daemon that has restarted accepts clients first and
    /// attaches to its guests later, and a guest that ended meanwhile has no event.
    private static final long[] SCHEDULE = {0, SECOND, 3 * SECOND, 8 * SECOND, 20 * SECOND};

    /// The time that the event of a removal gets before a lookup. After the first list it is longer, because
    /// the daemon may not have everything in place.
    private static final long ABSENT_FROM_FIRST = 500 * MILLISECOND;

    private static final long ABSENT = 250 * MILLISECOND;

    /// The first and the longest pause before a look or list that failed, or found a domain in between, is
    /// repeated.
    private static final long FIRST_PAUSE = SECOND;

    private static final long LONGEST_PAUSE = 30 * SECOND;

    /// The time that the event of a change gets before the change counts as one without.
    private static final long UNANNOUNCED = 2 * SECOND;

    /// So many changes without events in a resync period make a connection deaf.
    private static final int DEAF = 3;

    /// A generation that lasted longer makes the number of tries start anew.
    private static final long LASTING = SECOND;

    /// The generation of the domains that a handler knew before the link was made.
    private static final int BEFORE = 0;

    private final Retry retry;
    private final RandomGenerator random;
    private final List<Notices> all = new ArrayList<>();

    // The link.
    private LinkState state;
    private final Queue<Command.Close> closings = new ArrayDeque<>();
    private @Nullable Command running;
    private long numbers;

    /// The last generation that a connection was ordered for.
    private int generation;

    /// Whether that connection is being opened or is open, and its events count.
    private boolean isLive;

    /// The reason why the connection ended while it was being opened.
    private @Nullable Throwable broken;

    private int tries;
    private long openAt;
    private long upAt;
    private long strays;

    // The domains.
    private final Map<UUID, DomainView> cache = new HashMap<>();
    private final Wants wants = new Wants();
    private boolean current;

    /// The wish that the running look fulfils.
    private @Nullable Want looking;

    private boolean lastWasList;
    private long resync = Long.MAX_VALUE;

    /// The beginning of the schedule, the index of its next list, and the time of the next list.
    private long scheduleFrom;

    private int schedule;
    private long listAt;
    private long listPause;
    private long listedAt;

    /// Domains that changed without an event, with the time when the change was found.
    private final Map<UUID, Long> suspects = new LinkedHashMap<>();

    /// The times of changes of which it is certain that they had no event.
    private final Queue<Long> unannounced = new ArrayDeque<>();

    /// @param retry the pauses between tries
    /// @param random the source of all jitter
    /// @param now the time; the first try is due at once
    public Reconciler(Retry retry, RandomGenerator random, Moment now) {
        this.retry = retry;
        this.random = random;
        this.openAt = now.nanos();
        this.state = new LinkState.Down(now.instant(), Gap.Cause.BEGINNING, Optional.empty(), 0, now.instant());
    }

    // Outputs.

    /// Returns the next command to execute; null if there is none at this time.
    public @Nullable Command next(Moment now) {
        if (closings.isEmpty() && state instanceof LinkState.Up && isDeaf(now.nanos())) {
            lose(Gap.Cause.DEAF, null, now);
        }
        if (!closings.isEmpty()) {
            return closings.remove();
        }
        if (running == null) {
            if (state instanceof LinkState.Up) {
                running = look(now);
            } else if (state instanceof LinkState.Down && now.nanos() >= openAt) {
                running = open();
            }
            return running;
        }
        return null;
    }

    private Command open() {
        generation++;
        isLive = true;
        broken = null;
        return new Command.Open(generation);
    }

    /// Lists and looks alternate, so that neither many events nor slow lists delay the other; the first list
    /// precedes all looks.
    private @Nullable Command look(Moment now) {
        if (!isWatching()) {
            return null;
        }
        boolean isListDue = listAt <= now.nanos();
        if (!current && !isListDue) {
            return null;
        }
        if (!isListDue || (current && lastWasList)) {
            looking = wants.take(now.nanos());
            if (looking != null) {
                lastWasList = false;
                return new Command.Look(generation, numbers++, looking.domain(), now);
            }
        }
        lastWasList = isListDue;
        return isListDue ? new Command.ListDomains(generation, numbers++, now) : null;
    }

    /// The time when [#next] can have a command without an input before, in nanoseconds; [Long#MAX_VALUE] for
    /// never.
    public long wakeAt() {
        if (!closings.isEmpty()) {
            return Long.MIN_VALUE;
        }
        if (state instanceof LinkState.Down) {
            return running == null ? openAt : Long.MAX_VALUE;
        }
        if (state instanceof LinkState.Closed) {
            return Long.MAX_VALUE;
        }
        long at = suspects.isEmpty()
                ? Long.MAX_VALUE
                : suspects.values().iterator().next() + UNANNOUNCED;
        if (running == null && isWatching()) {
            at = Math.min(at, current ? Math.min(listAt, wants.nextAt()) : listAt);
        }
        return at;
    }

    /// The state of the link.
    public LinkState state() {
        return state;
    }

    /// Whether [#get] and [#all] are the truth, to the extent of the events received: the link is up and has
    /// listed the domains.
    public boolean isCurrent() {
        return current;
    }

    /// The newest view of a domain; null if there is none. Without a connection it is the last that was read.
    public @Nullable DomainView get(UUID domain) {
        return cache.get(domain);
    }

    /// The newest view of each domain, in no order.
    public List<DomainView> all() {
        return List.copyOf(cache.values());
    }

    /// The number of events of generations that had ended.
    public long strays() {
        return strays;
    }

    /// Whether nothing is in progress, and no look is waiting.
    boolean isQuiet() {
        return running == null && closings.isEmpty() && wants.nextAt() == Long.MAX_VALUE;
    }

    // Handlers.

    /// Adds a handler that hears of the link: its states and gaps.
    public Notices follow(Moment now) {
        Notices notices = new Notices(state, null, Duration.ZERO, now.instant());
        all.add(notices);
        return notices;
    }

    /// Adds a handler that hears of the link and its domains. While the link is up, events of the domains
    /// must arrive before this call.
    ///
    /// @param period the time between lists; that of the link is the shortest of its handlers
    /// @param settle the time for which a change to SHUTOFF is held back, in case the domain starts again
    /// @param known the domains that the handler has heard of before. A list does not have to contain them: a
    ///     domain that is missing is looked up
    public Notices watch(Duration period, Duration settle, Collection<DomainView> known, Moment now) {
        boolean isFirst = !isWatching();
        Notices notices = new Notices(state, period, settle, now.instant());
        all.add(notices);
        resync = Math.min(resync, Moment.nanos(period));
        for (DomainView each : known) {
            DomainView view = before(each);
            notices.know(view);
            if (cache.putIfAbsent(view.domain().uuid(), view) == null && current) {
                wants.at(now.nanos(), view.domain().uuid(), Reason.RESYNC, false, 0);
            }
        }
        if (current) {
            for (DomainView view : cache.values()) {
                if (view.generation() == generation) {
                    notices.read(view, Reason.RESYNC, now.nanos());
                }
            }
            notices.synced();
        } else if (isFirst) {
            beginSchedule(now);
        }
        return notices;
    }

    /// Not a view of a generation of this link, whatever its number.
    private static DomainView before(DomainView view) {
        return new DomainView(
                view.domain(), view.id(), view.rawState(), view.rawReason(), view.persistent(), BEFORE, view.asOf());
    }

    /// Removes a handler whose link is closed, while other links share the connection. It hears of that.
    public void leave(Notices notices) {
        remove(notices);
        notices.link(new LinkState.Closed());
    }

    /// Removes a handler. With the last that hears of domains, the domains are forgotten.
    public void remove(Notices notices) {
        all.remove(notices);
        resync = Long.MAX_VALUE;
        for (Notices one : all) {
            if (one.resync() != null) {
                resync = Math.min(resync, Moment.nanos(one.resync()));
            }
        }
        if (!isWatching()) {
            cache.clear();
            forgetTheGeneration();
            if (!(running instanceof Command.Open)) {
                running = null;
            }
        }
    }

    private boolean isWatching() {
        return resync != Long.MAX_VALUE;
    }

    private void beginSchedule(Moment now) {
        scheduleFrom = now.nanos();
        schedule = 0;
        listAt = now.nanos();
        listPause = 0;
        listedAt = now.nanos();
    }

    // Inputs.

    /// A connection was opened, and everything is registered on it.
    public void opened(Command.Open command, Moment now) {
        if (!command.equals(running)) {
            closings.add(new Command.Close(command.generation()));
        } else if (broken != null) {
            closings.add(new Command.Close(command.generation()));
            refused(broken, now);
        } else {
            running = null;
            upAt = now.nanos();
            beginSchedule(now);
            enter(new LinkState.Up(generation, now.instant()));
        }
    }

    /// A command failed. A command that failed because the connection ended is followed, or preceded, by
    /// [#lost].
    public void failed(Command command, Throwable failure, Moment now) {
        if (!command.equals(running)) {
            return;
        }
        if (command instanceof Command.Open) {
            refused(failure, now);
        } else if (command instanceof Command.ListDomains) {
            running = null;
            if (now.nanos() - listedAt > resync) {
                lose(Gap.Cause.UNANSWERED, failure, now);
            } else {
                listPause = longer(listPause);
                listAt = now.nanos() + listPause;
            }
        } else if (command instanceof Command.Look) {
            running = null;
            Want want = Objects.requireNonNull(looking);
            long pause = longer(want.pause());
            wants.again(want, now.nanos() + pause, pause);
        }
    }

    private static long longer(long pause) {
        return pause == 0 ? FIRST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
    }

    private void refused(Throwable failure, Moment now) {
        tries++;
        if (state instanceof LinkState.Down down) {
            down(down.since(), down.cause(), Optional.of(failure), now);
        }
    }

    /// A connection ended by itself.
    public void lost(int ofGeneration, Throwable failure, Moment now) {
        if (ofGeneration != generation || !isLive) {
            return;
        }
        if (running instanceof Command.Open) {
            broken = failure;
        } else {
            lose(Gap.Cause.DISCONNECTED, failure, now);
        }
    }

    private void lose(Gap.Cause cause, @Nullable Throwable failure, Moment now) {
        closings.add(new Command.Close(generation));
        tries = now.nanos() - upAt > LASTING ? 0 : tries + 1;
        down(now.instant(), cause, Optional.ofNullable(failure), now);
    }

    private void down(Instant since, Gap.Cause cause, Optional<Throwable> failure, Moment now) {
        isLive = false;
        running = null;
        forgetTheGeneration();
        Duration pause = retry.pause(tries, random);
        openAt = now.nanos() + pause.toNanos();
        enter(new LinkState.Down(since, cause, failure, tries, now.instant().plus(pause)));
    }

    private void forgetTheGeneration() {
        current = false;
        looking = null;
        wants.clear();
        suspects.clear();
        unannounced.clear();
    }

    private void enter(LinkState now) {
        state = now;
        all.forEach(notices -> notices.link(now));
    }

    /// The program closes the link. [#next] returns the commands that are left, and nothing after them.
    public void close() {
        if (isLive && !(running instanceof Command.Open)) {
            closings.add(new Command.Close(generation));
        }
        isLive = false;
        running = null;
        forgetTheGeneration();
        enter(new LinkState.Closed());
    }

    /// An event was delivered. O(1).
    public void event(int ofGeneration, DomainEvent.Lifecycle event) {
        if (ofGeneration != generation || !isLive) {
            strays++;
        } else if (isWatching()) {
            UUID domain = event.domain().uuid();
            suspects.remove(domain);
            wants.now(domain, event);
        }
    }

    /// All domains were listed. An entry of the list loses against an event that waits for its look: the
    /// entry may be older.
    public void listed(Command.ListDomains command, Collection<DomainView> domains, Moment now) {
        if (!command.equals(running)) {
            return;
        }
        running = null;
        boolean isFirst = !current;
        boolean counts = schedule == SCHEDULE.length;
        Reason reason = isFirst ? Reason.RESYNC : Reason.DRIFT;
        Set<UUID> present = HashSet.newHashSet(domains.size());
        for (DomainView view : domains) {
            UUID domain = view.domain().uuid();
            present.add(domain);
            if (!wants.isQueued(domain)) {
                Want waiting = wants.timed(domain);
                // The events of a look that failed are the reason for the change, if there is one.
                boolean isAnnounced = waiting != null && waiting.reason().isAnnounced();
                if (counts && !isAnnounced && isChange(cache.get(domain), view)) {
                    suspects.put(domain, now.nanos());
                }
                read(view, waiting == null ? reason : waiting.reason().and(reason), waiting, now);
            }
        }
        long lookAt = now.nanos() + (isFirst ? ABSENT_FROM_FIRST : ABSENT);
        for (UUID domain : cache.keySet()) {
            if (!present.contains(domain)) {
                wants.at(lookAt, domain, reason, false, 0);
            }
        }
        scheduleNext(command, now);
        if (isFirst) {
            current = true;
            all.forEach(Notices::synced);
        }
    }

    private void scheduleNext(Command.ListDomains done, Moment now) {
        listedAt = now.nanos();
        listPause = 0;
        while (schedule < SCHEDULE.length
                && scheduleFrom + SCHEDULE[schedule] <= done.begun().nanos()) {
            schedule++;
        }
        listAt = schedule < SCHEDULE.length
                ? scheduleFrom + SCHEDULE[schedule]
                : now.nanos() + (long) (resync * random.nextDouble(0.8, 1.2));
    }

    /// A look found a domain.
    public void found(Command.Look command, DomainView view, Moment now) {
        Want want = answered(command);
        if (want != null) {
            read(view, want.reason(), want, now);
        }
    }

    /// A look found that a domain does not exist: libvirt answered `VIR_ERR_NO_DOMAIN`.
    public void absent(Command.Look command, Moment now) {
        Want want = answered(command);
        if (want == null) {
            return;
        }
        DomainView last = cache.remove(want.domain());
        if (last != null) {
            Reason reason = want.reason();
            if (schedule == SCHEDULE.length && !reason.isAnnounced() && !reason.resync() && !isUnsettled(last)) {
                suspects.put(want.domain(), now.nanos());
            }
            boolean finalStateUnknown = !want.ended() && !reason.tellsOfTheEnd();
            all.forEach(notices -> notices.gone(want.domain(), reason, finalStateUnknown));
        }
    }

    private @Nullable Want answered(Command.Look command) {
        if (!command.equals(running)) {
            return null;
        }
        Want want = looking;
        running = null;
        looking = null;
        return want;
    }

    /// A domain that is between two states is looked at again, because the next has no event in some cases:
    /// a transient domain that stops, a guest whose creation fails.
    ///
    /// @param from the look that found it, or that is waiting
    private void read(DomainView view, Reason reason, @Nullable Want from, Moment now) {
        UUID domain = view.domain().uuid();
        cache.put(domain, view);
        wants.cancel(domain);
        if (isUnsettled(view)) {
            boolean ended = from != null && (from.ended() || from.reason().tellsOfTheEnd());
            long pause = longer(from == null ? 0 : from.pause());
            wants.at(now.nanos() + pause, domain, Reason.DRIFT, ended, pause);
        }
        for (Notices notices : all) {
            notices.read(view, reason, now.nanos());
        }
    }

    private static boolean isUnsettled(DomainView view) {
        return switch (view.state()) {
            case SHUTDOWN -> true;
            case SHUTOFF -> !view.persistent();
            case PAUSED -> view.rawReason() == DomainPausedReason.STARTING_UP.value();
            default -> false;
        };
    }

    // Changes without events.

    /// Whether libvirt has an event for the change: not for another reason of the same state, and not for all
    /// steps of a start or end.
    private static boolean isChange(@Nullable DomainView was, DomainView now) {
        if (isUnsettled(now)) {
            return false;
        }
        return was == null
                || (!isUnsettled(was)
                        && (was.rawState() != now.rawState()
                                || was.persistent() != now.persistent()
                                || !was.id().equals(now.id())
                                || !was.domain().equals(now.domain())));
    }

    private boolean isDeaf(long now) {
        while (!suspects.isEmpty()) {
            var oldest = suspects.entrySet().iterator();
            var suspect = oldest.next();
            if (suspect.getValue() + UNANNOUNCED > now) {
                break;
            }
            oldest.remove();
            unannounced.add(suspect.getValue());
            if (unannounced.size() > DEAF) {
                unannounced.remove();
            }
        }
        while (!unannounced.isEmpty() && unannounced.element() < now - resync) {
            unannounced.remove();
        }
        return unannounced.size() >= DEAF;
    }
}
