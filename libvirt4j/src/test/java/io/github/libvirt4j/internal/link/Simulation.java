package io.github.libvirt4j.internal.link;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.link.Retry;
import io.github.libvirt4j.link.Why;
import io.github.libvirt4j.types.DomainEventType;
import io.github.libvirt4j.types.DomainPausedReason;
import io.github.libvirt4j.types.DomainState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A simulated libvirt with a [Reconciler] and a handler, on a virtual clock that counts milliseconds. It
/// does whatever libvirt may do: events late, out of order, twice, lost while a connection is opened and
/// after a daemon's restart; replies computed at any time between command and answer; calls that fail or
/// hang; connections that break off or go deaf. The invariants are checked all the time.
///
/// A run is a function of its [Plan], so that one without some of the steps can be tried.
final class Simulation {
    /// The time within which everything is known again after the last change, unless calls fail or changes
    /// have no event at all.
    private static final int CONVERGENCE = 25_000;

    /// Changes without event happen in this time after a connection was opened, and never else, unless
    /// the connection is deaf.
    private static final int SILENCE = 15_000;

    private static final int CALL_TIMEOUT = 30_000;

    /// A change of the world, or a fault.
    enum Kind {
        /// The `choice` says which of the changes that are possible.
        CHANGE,
        /// A change without event, if such a change is possible now.
        SILENT_CHANGE,
        /// Another reason for the same state, which has no event.
        REASON,
        DISCONNECT,
        RESTART,
        DEAF,
        FAILING_CALLS,
        HANGING_CALL,
        SLOW_HANDLER
    }

    /// @param at the time, in milliseconds
    record Step(int at, Kind kind, int domain, int choice) {}

    /// @param resync in milliseconds
    /// @param settle in milliseconds
    /// @param latency the longest time of one way of a call, and of an event
    /// @param faults whether calls fail and connections go deaf
    record Plan(
            long seed,
            long latencySeed,
            int domains,
            int resync,
            int settle,
            int latency,
            boolean inOrder,
            boolean repeats,
            boolean faults,
            boolean closes,
            List<Step> steps) {
        static Plan of(long seed) {
            var random = new SplittableRandom(seed);
            int domains = random.nextInt(1, 6);
            boolean faults = random.nextBoolean();
            List<Step> steps = new ArrayList<>();
            int at = random.nextInt(3_000);
            for (int i = random.nextInt(1, 30); i > 0; i--) {
                // Bursts, and pauses between them.
                at += random.nextInt(4) == 0 ? random.nextInt(6_000) : random.nextInt(60);
                steps.add(new Step(at, kind(random, faults), random.nextInt(domains), random.nextInt(1 << 20)));
            }
            return new Plan(
                    seed,
                    random.nextLong(),
                    domains,
                    new int[] {30_000, 60_000, 300_000}[random.nextInt(3)],
                    random.nextInt(3) == 0 ? random.nextInt(1, 20_000) : 0,
                    new int[] {0, 5, 50, 400, 2_000}[random.nextInt(5)],
                    random.nextBoolean(),
                    random.nextBoolean(),
                    faults,
                    random.nextInt(4) == 0,
                    List.copyOf(steps));
        }

        private static Kind kind(SplittableRandom random, boolean faults) {
            int of = random.nextInt(100);
            if (of < 70) {
                return Kind.CHANGE;
            } else if (of < 80) {
                return Kind.SILENT_CHANGE;
            } else if (of < 84) {
                return Kind.DISCONNECT;
            } else if (of < 88) {
                return Kind.RESTART;
            } else if (of < 90) {
                return Kind.SLOW_HANDLER;
            } else if (!faults) {
                return Kind.CHANGE;
            } else if (of < 92) {
                return Kind.REASON;
            } else if (of < 94) {
                return Kind.DEAF;
            } else if (of < 97) {
                return Kind.FAILING_CALLS;
            } else {
                return Kind.HANGING_CALL;
            }
        }

        Plan with(List<Step> others) {
            return new Plan(
                    seed, latencySeed, domains, resync, settle, latency, inOrder, repeats, faults, closes, others);
        }

        /// This world with other delays, and events in another order.
        Plan withLatencies(long other) {
            return new Plan(seed, other, domains, resync, settle, latency, inOrder, repeats, faults, closes, steps);
        }
    }

    /// A broken invariant.
    static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1;

        Violation(String message) {
            super(message);
        }
    }

    // The world.

    /// The truth about a domain.
    private record Truth(String name, int id, DomainState state, int reason, boolean persistent) {
        boolean isActive() {
            return id >= 0;
        }

        Truth with(DomainState other, int otherReason) {
            return new Truth(name, id, other, otherReason, persistent);
        }

        boolean isIn(DomainView view) {
            return view.domain().name().equals(name)
                    && view.id().orElse(-1) == id
                    && view.rawState() == state.value()
                    && view.rawReason() == reason
                    && view.persistent() == persistent;
        }
    }

    private record Past(int from, @Nullable Truth truth) {}

    private static final class Subject {
        private final UUID uuid;
        private final List<Past> past = new ArrayList<>();
        private int changes;

        /// The number of changes at the time of the newest event that arrived in the generation.
        private int announced;

        private int announcedIn;

        private boolean endWasAnnounced;
        private int noticedAt = -1;
        private int foundAbsentAt = -1;

        Subject(int number) {
            this.uuid = new UUID(0, number);
            past.add(new Past(0, null));
        }

        @Nullable
        Truth now() {
            return past.getLast().truth;
        }

        int changedAt() {
            return past.getLast().from;
        }

        @Nullable
        Truth at(int time) {
            int i = past.size() - 1;
            while (past.get(i).from > time) {
                i--;
            }
            return past.get(i).truth;
        }

        boolean wasLike(DomainView view, int from) {
            for (int i = past.size() - 1; i >= 0; i--) {
                Truth truth = past.get(i).truth;
                if (truth != null && truth.isIn(view)) {
                    return true;
                }
                if (past.get(i).from <= from) {
                    return false;
                }
            }
            return false;
        }
    }

    private static final class Connection {
        private final int generation;
        private boolean isOpen;
        private boolean isDeaf;
        private int upAt = Integer.MAX_VALUE;
        private int diedAt = Integer.MAX_VALUE;
        private int lastEvent;

        Connection(int generation) {
            this.generation = generation;
        }
    }

    private record Task(int at, int number, Runnable work) {}

    private final Plan plan;
    private final SplittableRandom latencies;
    private final @Nullable StringBuilder trace;
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingInt(Task::at).thenComparingInt(Task::number));
    private int taskNumbers;
    private int now;

    private final List<Subject> subjects = new ArrayList<>();
    private int ids;
    private int names;
    private int changedAt;
    private int reachableAt;
    private int failingUntil;
    private boolean hangs;

    private final Reconciler reconciler;
    private final Notices notices;
    private @Nullable Connection connection;
    private final Set<Integer> unclosed = new HashSet<>();
    private @Nullable Command inProgress;

    /// Whether the reconciler was told that there is a connection, and of nothing since.
    private boolean isUp;

    /// The time of the command whose list was the last that was applied in the generation; −1 for none.
    private int listedSince = -1;

    private boolean isClosed;

    // The handler.
    private final Map<UUID, DomainView> mirror = new HashMap<>();
    private @Nullable LinkState heard;
    private int heardGeneration;
    private int synced;
    private int handlerIsFreeAt;

    Simulation(Plan plan, boolean traced) {
        this.plan = plan;
        this.latencies = new SplittableRandom(plan.latencySeed);
        this.trace = traced ? new StringBuilder() : null;
        this.reconciler = new Reconciler(Retry.exponential(), latencies.split(), moment());
        for (int i = 0; i < plan.domains; i++) {
            subjects.add(new Subject(i));
        }
        this.notices =
                reconciler.watch(Duration.ofMillis(plan.resync), Duration.ofMillis(plan.settle), known(), moment());
    }

    /// The domains that the handler knows at the beginning, in half of the worlds: as they are, as they were, or
    /// gone. Others are there and not known.
    private List<DomainView> known() {
        var random = new SplittableRandom(~plan.seed);
        List<DomainView> known = new ArrayList<>();
        if (random.nextBoolean()) {
            return known;
        }
        for (Subject subject : subjects) {
            Truth truth = switch (random.nextInt(3)) {
                case 0 -> null;
                case 1 -> new Truth("k" + names++, -1, DomainState.SHUTOFF, 1, true);
                default -> new Truth("k" + names++, ids++, DomainState.RUNNING, 1, random.nextBoolean());
            };
            if (truth != null) {
                subject.past.add(new Past(now, truth));
            }
            Truth was = switch (random.nextInt(3)) {
                case 0 -> truth;
                case 1 -> new Truth("k" + names++, -1, DomainState.SHUTOFF, 1, true);
                default -> new Truth("k" + names++, ids++, DomainState.RUNNING, 1, true);
            };
            if (was != null) {
                // A generation of another link; a number that this one will have, too.
                DomainView view = view(subject, was, random.nextInt(3), new Moment(0, Instant.EPOCH));
                known.add(view);
                mirror.put(subject.uuid, view);
                subject.noticedAt = 0;
            }
        }
        log("known %s", known);
        return known;
    }

    private Moment moment() {
        return new Moment(now * 1_000_000L, Instant.ofEpochMilli(now));
    }

    // Running.

    /// Runs the plan until nothing can change any more.
    ///
    /// @throws Violation if an invariant does not hold
    void run() {
        try {
            for (Step step : plan.steps) {
                at(step.at, () -> take(step));
            }
            int lastStep = plan.steps.isEmpty() ? 0 : plan.steps.getLast().at;
            runUntil(lastStep);
            hangs = false;
            // The last phases of starts and stops, and all events.
            runUntil(lastStep + 8_000);
            if (!(reconciler.state() instanceof LinkState.Up)) {
                // The longest pause between tries.
                runUntil(now + 31_000);
            }
            int quick = Math.max(Math.max(changedAt, upAt()), lastStep) + CONVERGENCE;
            if (!plan.faults && plan.latency < 1_000) {
                runUntil(quick);
                converged();
            }
            runUntil(Math.max(now, lastStep) + 130_000 + plan.resync * 5 / 4);
            converged();
            end();
        } catch (Violation violation) {
            throw violation;
        } catch (RuntimeException | Error bug) {
            log("threw %s", bug);
            throw bug;
        }
    }

    private int upAt() {
        return connection == null || connection.upAt == Integer.MAX_VALUE ? now + 2_000 : connection.upAt;
    }

    private void runUntil(int end) {
        pump();
        while (true) {
            int next = Math.min(tasks.isEmpty() ? Integer.MAX_VALUE : tasks.element().at, wakeAt());
            if (next > end) {
                now = Math.max(now, end);
                return;
            }
            now = next;
            while (!tasks.isEmpty() && tasks.element().at == now) {
                tasks.remove().work.run();
                pump();
            }
            pump();
        }
    }

    private int wakeAt() {
        long at = reconciler.wakeAt();
        int handler = handlerIsFreeAt > now ? handlerIsFreeAt : (int) Math.min(Integer.MAX_VALUE, up(notices.wakeAt()));
        int next = (int) Math.min(Math.min(up(at), handler), Integer.MAX_VALUE);
        check(next > now, "no progress: it wants to be called at %d", next);
        return next;
    }

    private static long up(long nanos) {
        return nanos == Long.MAX_VALUE ? nanos : Math.ceilDiv(nanos, 1_000_000L);
    }

    private void at(int time, Runnable work) {
        tasks.add(new Task(time, taskNumbers++, work));
    }

    private int delay() {
        return plan.latency == 0 ? 0 : latencies.nextInt(plan.latency + 1);
    }

    private void pump() {
        for (Command command = reconciler.next(moment()); command != null; command = reconciler.next(moment())) {
            execute(command);
        }
        check(!reconciler.isCurrent() || (isUp && listedSince >= 0), "I4: current without a list");
        if (handlerIsFreeAt <= now) {
            for (Notice notice = notices.poll(moment()); notice != null; notice = notices.poll(moment())) {
                log("told %s", notice);
                hear(notice);
                if (handlerIsFreeAt > now) {
                    break;
                }
            }
        }
        if (isUp && reconciler.isCurrent() && reconciler.isQuiet()) {
            quiet();
        }
    }

    // Steps.

    private void take(Step step) {
        Subject subject = subjects.get(step.domain);
        switch (step.kind) {
            case CHANGE -> change(subject, step.choice, false);
            case SILENT_CHANGE -> change(subject, step.choice, true);
            case REASON -> {
                Truth truth = subject.now();
                if (truth != null && truth.state == DomainState.RUNNING) {
                    set(subject, truth.with(DomainState.RUNNING, 1 + step.choice % 4), null, true);
                }
            }
            case DISCONNECT -> die();
            case RESTART -> {
                die();
                reachableAt = now + step.choice % 10_000;
            }
            case DEAF -> {
                if (connection != null) {
                    log("deaf");
                    connection.isDeaf = true;
                }
            }
            case FAILING_CALLS -> failingUntil = now + step.choice % 20_000;
            case HANGING_CALL -> hangs = true;
            case SLOW_HANDLER -> handlerIsFreeAt = now + step.choice % 10_000;
        }
    }

    private void die() {
        Connection dying = connection;
        if (dying == null || dying.diedAt < Integer.MAX_VALUE) {
            return;
        }
        log("connection %d breaks off", dying.generation);
        dying.diedAt = now;
        at(now + delay(), () -> lost(dying));
    }

    private void lost(Connection dead) {
        if (dead == connection && dead.isOpen) {
            isUp = false;
        }
        log("lost(%d)", dead.generation);
        reconciler.lost(dead.generation, new IllegalStateException("broke off"), moment());
    }

    /// One of the changes that are possible.
    private void change(Subject subject, int choice, boolean silent) {
        Truth truth = subject.now();
        int later = now + choice / 16 % 2_500;
        if (truth == null) {
            switch (choice % 4) {
                case 0, 1 ->
                    set(
                            subject,
                            new Truth("d" + names++, -1, DomainState.SHUTOFF, 0, true),
                            DomainEventType.DEFINED,
                            silent);
                case 2 -> start(subject, new Truth("t" + names++, -1, DomainState.SHUTOFF, 0, false), later, silent);
                default -> {
                    // A creation that fails is seen, and has no event.
                    Truth starting = starting(new Truth("f" + names++, -1, DomainState.SHUTOFF, 0, false));
                    set(subject, starting, null, true);
                    at(later, () -> {
                        if (starting.equals(subject.now())) {
                            set(subject, null, null, true);
                        }
                    });
                }
            }
        } else if (!truth.isActive()) {
            switch (truth.persistent ? choice % 3 : 3) {
                case 0 -> start(subject, truth, later, silent);
                case 1 -> set(subject, null, DomainEventType.UNDEFINED, silent);
                case 2 -> {
                    var renamed = new Truth("r" + names++, -1, truth.state, truth.reason, true);
                    set(subject, renamed, DomainEventType.UNDEFINED, silent);
                    emit(subject, DomainEventType.DEFINED, silent);
                }
                default -> {}
            }
        } else if (truth.state == DomainState.RUNNING) {
            switch (choice % 6) {
                case 0, 1 -> stop(subject, truth, 2, choice, silent);
                case 2 -> {
                    Truth ending = truth.with(DomainState.SHUTDOWN, 0);
                    set(subject, ending, DomainEventType.SHUTDOWN, silent);
                    at(later, () -> {
                        if (ending.equals(subject.now())) {
                            stop(subject, ending, 1, choice, silent);
                        }
                    });
                }
                case 3 -> set(subject, truth.with(DomainState.PAUSED, 1), DomainEventType.SUSPENDED, silent);
                default -> {
                    var other = new Truth(truth.name, truth.id, truth.state, truth.reason, !truth.persistent);
                    set(subject, other, other.persistent ? DomainEventType.DEFINED : DomainEventType.UNDEFINED, silent);
                }
            }
        } else if (truth.state == DomainState.PAUSED && truth.reason == 1) {
            if (choice % 2 == 0) {
                set(subject, truth.with(DomainState.RUNNING, 5), DomainEventType.RESUMED, silent);
            } else {
                stop(subject, truth, 2, choice, silent);
            }
        }
    }

    private Truth starting(Truth truth) {
        return new Truth(
                truth.name, ids++, DomainState.PAUSED, DomainPausedReason.STARTING_UP.value(), truth.persistent);
    }

    private void start(Subject subject, Truth truth, int later, boolean silent) {
        Truth starting = starting(truth);
        set(subject, starting, null, true);
        at(later, () -> {
            if (starting.equals(subject.now())) {
                set(subject, starting.with(DomainState.RUNNING, 1), DomainEventType.STARTED, silent);
            }
        });
    }

    private void stop(Subject subject, Truth truth, int reason, int choice, boolean silent) {
        var stopped = new Truth(truth.name, -1, DomainState.SHUTOFF, reason, truth.persistent);
        if (truth.persistent) {
            set(subject, stopped, DomainEventType.STOPPED, silent);
        } else if (choice % 2 == 0) {
            set(subject, null, DomainEventType.STOPPED, silent);
        } else {
            // The transient domain is seen for a moment, and its end has no event.
            set(subject, stopped, DomainEventType.STOPPED, silent);
            at(now + choice / 16 % 1_000, () -> {
                if (stopped.equals(subject.now())) {
                    set(subject, null, null, true);
                }
            });
        }
    }

    private void set(Subject subject, @Nullable Truth truth, @Nullable DomainEventType event, boolean silent) {
        log("world: %s is %s", subject.uuid, truth);
        subject.past.add(new Past(now, truth));
        subject.changes++;
        changedAt = now;
        if (event != null) {
            emit(subject, event, silent);
        }
    }

    private void emit(Subject subject, DomainEventType type, boolean silent) {
        Connection to = connection;
        if (to == null || to.isDeaf || to.diedAt <= now) {
            return;
        }
        if (to.upAt > now ? latencies.nextBoolean() : silent && now < to.upAt + SILENCE) {
            return;
        }
        int changes = subject.changes;
        var event = new DomainEvent.Lifecycle(new DomainIdentity("any", subject.uuid), type.value(), to.generation);
        int copies = plan.repeats && latencies.nextInt(4) == 0 ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            int arrival = now + delay();
            if (plan.inOrder) {
                arrival = Math.max(arrival, to.lastEvent);
                to.lastEvent = arrival;
            }
            at(arrival, () -> arrive(subject, event, to, changes));
        }
    }

    private void arrive(Subject subject, DomainEvent.Lifecycle event, Connection from, int changes) {
        log("event(%d, %s, %s)", from.generation, subject.uuid, event.type());
        reconciler.event(from.generation, event);
        subject.endWasAnnounced |= event.type() == DomainEventType.STOPPED || event.type() == DomainEventType.UNDEFINED;
        if (from == connection && from.diedAt > now) {
            if (subject.announcedIn != from.generation) {
                subject.announcedIn = from.generation;
                subject.announced = 0;
            }
            subject.announced = Math.max(subject.announced, changes);
        }
    }

    // Commands.

    private void execute(Command command) {
        log("%s", command);
        if (command instanceof Command.Close) {
            check(unclosed.remove(command.generation()), "closed without being open: %s", command);
            if (connection != null && connection.generation == command.generation()) {
                isUp = false;
                connection.diedAt = Math.min(connection.diedAt, now);
            }
            return;
        }
        check(!isClosed, "a command after the end");
        check(
                inProgress == null || inProgress.generation() != command.generation(),
                "%s while there is no answer to %s",
                command,
                inProgress);
        inProgress = command;
        switch (command) {
            case Command.Open open -> open(open);
            case Command.ListDomains list -> list(list);
            case Command.Look look -> look(look);
            case Command.Close _ -> {}
        }
    }

    private void answer(Command command, Runnable input) {
        if (command.equals(inProgress)) {
            inProgress = null;
        }
        input.run();
        if (latencies.nextInt(20) == 0) {
            // An answer twice.
            at(now + delay(), input);
        }
    }

    private void open(Command.Open command) {
        check(connection == null || connection.generation < command.generation(), "I3: %s again", command);
        check(!isUp, "opened while up");
        var opening = new Connection(command.generation());
        connection = opening;
        listedSince = -1;
        boolean isReachable = now >= reachableAt;
        at(now + delay(), () -> {
            if (command.equals(inProgress)) {
                inProgress = null;
            }
            if (!isReachable) {
                log("refused");
                opening.diedAt = now;
                reconciler.failed(command, new IllegalStateException("refused"), moment());
                return;
            }
            log("opened");
            opening.isOpen = true;
            opening.upAt = now;
            unclosed.add(opening.generation);
            reconciler.opened(command, moment());
            isUp = reconciler.state() instanceof LinkState.Up;
            check(!isUp || !isClosed, "up after the end");
        });
    }

    private void list(Command.ListDomains command) {
        int begun = now;
        at(now + duration(), () -> {
            if (fails(command)) {
                answer(command, () -> reconciler.failed(command, new IllegalStateException("failed"), moment()));
                return;
            }
            List<DomainView> all = new ArrayList<>();
            for (Subject subject : subjects) {
                Truth truth = subject.at(latencies.nextInt(begun, now + 1));
                if (truth != null) {
                    all.add(view(subject, truth, command.generation(), command.begun()));
                }
            }
            log("listed %s", all);
            if (isUp && connection != null && connection.generation == command.generation()) {
                listedSince = begun;
            }
            answer(command, () -> reconciler.listed(command, all, moment()));
        });
    }

    private void look(Command.Look command) {
        check(listedSince >= 0, "looked before the first list: %s", command);
        int begun = now;
        Subject subject = subjects.get((int) command.domain().getLeastSignificantBits());
        at(now + duration(), () -> {
            if (fails(command)) {
                answer(command, () -> reconciler.failed(command, new IllegalStateException("failed"), moment()));
                return;
            }
            int computed = latencies.nextInt(begun, now + 1);
            Truth truth = subject.at(computed);
            log("looked: %s", truth);
            if (truth == null) {
                if (isUp && command.equals(inProgress)) {
                    subject.foundAbsentAt = now;
                }
                answer(command, () -> reconciler.absent(command, moment()));
            } else {
                DomainView view = view(subject, truth, command.generation(), command.begun());
                answer(command, () -> reconciler.found(command, view, moment()));
            }
        });
    }

    private int duration() {
        if (hangs) {
            hangs = false;
            return CALL_TIMEOUT;
        }
        return delay() + delay();
    }

    private boolean fails(Command command) {
        boolean isDead = connection == null || connection.generation != command.generation() || connection.diedAt < now;
        // The reply of a connection that has ended is in the buffer in some cases.
        return isDead ? latencies.nextInt(4) != 0 : now < failingUntil && latencies.nextInt(3) != 0;
    }

    private static DomainView view(Subject subject, Truth truth, int generation, Moment begun) {
        return new DomainView(
                new DomainIdentity(truth.name, subject.uuid),
                truth.isActive() ? OptionalInt.of(truth.id) : OptionalInt.empty(),
                truth.state.value(),
                truth.reason,
                truth.persistent,
                generation,
                begun.instant());
    }

    // Invariants.

    private void hear(Notice notice) {
        check(!(heard instanceof LinkState.Closed), "told after the end: %s", notice);
        switch (notice) {
            case Notice.Link(LinkState state) -> {
                check(!state.equals(heard), "the same state twice: %s", state);
                if (state instanceof LinkState.Up up) {
                    check(up.generation() > heardGeneration, "I3: generation %d again", up.generation());
                }
                heard = state;
            }
            case Notice.Missing(Gap gap) -> {
                check(gap.from() == heardGeneration, "I3: a gap from %d after %d", gap.from(), heardGeneration);
                check(
                        heard instanceof LinkState.Up up && up.generation() == gap.to(),
                        "I3: a gap to %d while %s",
                        gap.to(),
                        heard);
                check(!gap.back().isBefore(gap.lost()), "back before it was lost");
                heardGeneration = gap.to();
            }
            case Notice.Synced(int generation) -> {
                live(notice);
                check(generation == heardGeneration && generation > synced, "I3: synced %d", generation);
                synced = generation;
            }
            case Notice.Added(DomainView view, Why why) -> {
                Subject subject = subject(notice, view, why);
                check(mirror.put(subject.uuid, view) == null, "added twice");
            }
            case Notice.Changed(DomainView was, DomainView view, Why why) -> {
                Subject subject = subject(notice, view, why);
                DomainView before = mirror.put(subject.uuid, view);
                check(before != null && !before.differsFrom(was), "was %s, not %s", before, was);
                check(was.differsFrom(view), "changed without a difference");
            }
            case Notice.Removed(DomainView last, boolean unknown, Why why) -> {
                live(notice);
                reason(last.domain().uuid(), why);
                Subject subject = subjects.get((int) last.domain().uuid().getLeastSignificantBits());
                DomainView before = mirror.remove(subject.uuid);
                check(before != null && !before.differsFrom(last), "removed %s, not %s", before, last);
                check(subject.foundAbsentAt >= subject.noticedAt, "I1: removed without a lookup");
                check(unknown || subject.endWasAnnounced, "its final state is not known");
                subject.noticedAt = now;
                subject.foundAbsentAt = -1;
            }
        }
        if (handlerIsFreeAt <= now && latencies.nextInt(50) == 0) {
            handlerIsFreeAt = now + latencies.nextInt(1, 3_000);
        }
    }

    private void live(Notice notice) {
        check(isUp && heard instanceof LinkState.Up, "I4: told while down: %s", notice);
        check(
                connection != null && heardGeneration == connection.generation,
                "I3: told of generation %d in another: %s",
                heardGeneration,
                notice);
    }

    private Subject subject(Notice notice, DomainView view, Why why) {
        live(notice);
        reason(view.domain().uuid(), why);
        check(view.generation() == heardGeneration, "I3: a view of generation %d", view.generation());
        Subject subject = subjects.get((int) view.domain().uuid().getLeastSignificantBits());
        check(subject.wasLike(view, (int) view.asOf().toEpochMilli()), "it was never so since asOf: %s", view);
        // A domain that was not seen to be absent since it was told cannot be told as removed.
        subject.noticedAt = now;
        subject.foundAbsentAt = -1;
        return subject;
    }

    private void reason(UUID domain, Why why) {
        switch (why) {
            case Why.Told(List<DomainEvent.Lifecycle> hints) -> {
                check(!hints.isEmpty() && hints.size() <= 8, "%d hints", hints.size());
                for (DomainEvent.Lifecycle hint : hints) {
                    check(hint.domain().uuid().equals(domain), "another's hint");
                    check(hint.rawDetail() == heardGeneration, "I3: a hint of generation %d", hint.rawDetail());
                }
            }
            case Why.Resync(Gap gap) -> check(gap.to() == heardGeneration, "I3: because of %s", gap);
            case Why.Drift() -> {}
        }
    }

    /// Nothing is in progress: each domain is known as it is, unless it changed after the last list and no
    /// event has arrived.
    private void quiet() {
        for (Subject subject : subjects) {
            boolean announced = subject.announced == subject.changes
                    && subject.announcedIn == Objects.requireNonNull(connection).generation;
            if (announced || subject.changedAt() <= listedSince) {
                known(subject, "quiet");
            }
        }
    }

    private void known(Subject subject, String when) {
        Truth truth = subject.now();
        DomainView view = reconciler.get(subject.uuid);
        check(
                truth == null ? view == null : view != null && truth.isIn(view),
                "I2, %s: %s is %s and known as %s",
                when,
                subject.uuid,
                truth,
                view);
    }

    private void converged() {
        check(reconciler.state() instanceof LinkState.Up, "I2: not up at the end: %s", reconciler.state());
        check(reconciler.isCurrent(), "I2: not current at the end");
        subjects.forEach(subject -> known(subject, "at the end"));
        boolean settled = now >= changedAt + plan.settle + 3_000 && handlerIsFreeAt <= now;
        if (settled && now > upAt() + plan.settle + CONVERGENCE) {
            check(synced == heardGeneration, "I2: not synced");
            check(mirror.size() == reconciler.all().size(), "I2: told of %s", mirror);
            for (DomainView view : reconciler.all()) {
                DomainView known = mirror.get(view.domain().uuid());
                check(known != null && !known.differsFrom(view), "I2: %s told as %s", view, known);
            }
        }
    }

    private void end() {
        if (plan.closes) {
            die();
            runUntil(now + latencies.nextInt(3_000));
        }
        isClosed = true;
        isUp = false;
        log("close()");
        reconciler.close();
        runUntil(now + CALL_TIMEOUT + 20_000);
        check(unclosed.isEmpty(), "I10: left open: %s", unclosed);
        check(heard instanceof LinkState.Closed, "not told of the end");
        check(wakeAt() == Integer.MAX_VALUE, "not at rest after the end");
    }

    /// The states that are known at the end, without the times of reading.
    Map<UUID, String> result() {
        Map<UUID, String> result = new HashMap<>();
        for (Subject subject : subjects) {
            DomainView view = mirror.get(subject.uuid);
            result.put(
                    subject.uuid,
                    view == null ? "none" : view.domain().name() + view.id() + view.status() + view.persistent());
        }
        return result;
    }

    @SuppressWarnings("AnnotateFormatMethod") // The annotation is of a library that this module does not have.
    private void check(boolean holds, String message, @Nullable Object... arguments) {
        if (!holds) {
            String text = "at " + now + " ms: " + String.format(message, arguments);
            log("VIOLATED %s", text);
            throw new Violation(text);
        }
    }

    @SuppressWarnings("AnnotateFormatMethod") // As for check.
    private void log(String format, @Nullable Object... arguments) {
        if (trace != null) {
            String text = String.format(format, arguments)
                    .replace("00000000-0000-0000-0000-00000000000", "#")
                    .replaceAll("1970-01-01T00:0?", "")
                    .replaceAll("Moment\\[nanos=\\d+, instant=([^]]*)]", "$1");
            trace.append(String.format("%7d  %s%n", now, text));
        }
    }

    // Failures.

    /// Runs plans until one fails, and describes that one with as few steps as possible.
    ///
    /// @return null if none fails
    static @Nullable String failure(long firstSeed, long count) {
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            Plan plan = Plan.of(seed);
            if (violation(plan) != null) {
                return describe(shrink(plan), seed - firstSeed + 1);
            }
        }
        return null;
    }

    static @Nullable Throwable violation(Plan plan) {
        try {
            new Simulation(plan, false).run();
            return null;
        } catch (RuntimeException | Error failure) {
            return failure;
        }
    }

    /// Leaves steps out for as long as the rest still fails.
    static Plan shrink(Plan plan) {
        Plan smallest = plan;
        Plan before;
        do {
            before = smallest;
            smallest = shrinkOnce(before);
        } while (smallest.steps.size() < before.steps.size());
        return smallest;
    }

    /// Halves first, single steps last.
    private static Plan shrinkOnce(Plan plan) {
        Plan smallest = plan;
        for (int part = Math.max(1, plan.steps.size() / 2); part >= 1; part /= 2) {
            for (int from = 0; from < smallest.steps.size(); ) {
                List<Step> fewer = new ArrayList<>(smallest.steps);
                fewer.subList(from, Math.min(fewer.size(), from + part)).clear();
                Plan smaller = smallest.with(List.copyOf(fewer));
                if (violation(smaller) != null) {
                    smallest = smaller;
                } else {
                    from += part;
                }
            }
        }
        return smallest;
    }

    private static String describe(Plan plan, long tried) {
        var again = new Simulation(plan, true);
        Throwable failure = null;
        try {
            again.run();
        } catch (RuntimeException | Error expected) {
            failure = expected;
        }
        return "seed " + plan.seed + " (after " + tried + ") fails: " + failure + "\nwith " + plan + "\n" + again.trace;
    }
}
