package io.github.libvirt4j.internal.job;

import io.github.libvirt4j.internal.job.Sight.Verdict;
import io.github.libvirt4j.internal.link.Moment;
import io.github.libvirt4j.job.JobOutcome;
import io.github.libvirt4j.job.JobOutcome.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A hypervisor with one job, as random as the field: its events are late, repeated, withheld or those of the
/// job before, its connection breaks off, and its guest is destroyed. It knows what has happened, and a
/// [JobMachine] has to find out.
final class JobWorld {
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final Instant START = Instant.EPOCH;

    /// Those with events of their own.
    private static final List<JobKind> KINDS =
            List.of(JobKind.PULL, JobKind.COMMIT, JobKind.COPY, JobKind.PUSH_BACKUP, JobKind.PULL_BACKUP);

    /// Something that happens at a time.
    private record Happening(long at, long number, Runnable what) {}

    /// How the job ended in truth.
    enum Truth {
        WORKING,
        DONE,
        FAILED,
        CANCELLED,
        FINISHED,
        DESTROYED
    }

    private final SplittableRandom random;
    private final JobKind kind;
    private final JobMachine machine;
    private final PriorityQueue<Happening> future =
            new PriorityQueue<>(Comparator.comparingLong(Happening::at).thenComparingLong(Happening::number));
    private final List<String> story = new ArrayList<>();
    private long numbers;
    private long now;

    private Truth truth = Truth.WORKING;
    private long endedAt = Long.MAX_VALUE;
    private boolean isGone;
    private long strayAt;
    private boolean isTwoPhase;
    private boolean isReady;
    private boolean isFinishing;

    /// Whether the program has asked to finish, and the request is on its way, or has no answer.
    private boolean isFinishOrdered;

    private boolean isFinishLost;
    private boolean isConnected = true;
    private final boolean canFollow;
    private boolean isWithheld;
    private boolean isEndHeard;

    /// Whether the last statistics are of this job.
    private boolean isForgotten;

    JobWorld(long seed) {
        random = new SplittableRandom(seed);
        kind = KINDS.get(random.nextInt(KINDS.size()));
        machine = new JobMachine(kind);
        canFollow = random.nextInt(3) > 0;
        isWithheld = random.nextInt(4) == 0;
    }

    private long nextAt() {
        var first = future.peek();
        return first == null ? Long.MAX_VALUE : first.at();
    }

    /// Runs the world to its end, and returns what is wrong with the outcome; null if nothing is.
    @Nullable
    String run() {
        plan();
        while (true) {
            drive();
            if (machine.outcome().isFinal()) {
                break;
            }
            long next = Math.min(machine.wakeAt(), nextAt());
            if (next == Long.MAX_VALUE || next > 600 * SECOND) {
                break;
            }
            now = Math.max(now, next);
            while (nextAt() <= now) {
                future.remove().what().run();
            }
        }
        return wrong();
    }

    private void plan() {
        isTwoPhase =
                kind == JobKind.COPY || kind == JobKind.PULL_BACKUP || (kind == JobKind.COMMIT && random.nextBoolean());
        long begun = random.nextLong(200 * MILLISECOND);
        at(begun, "begun", () -> machine.begun(moment()));
        if (random.nextInt(4) == 0) {
            Claim.Says[] all = Claim.Says.values();
            Claim stray = new Claim(all[random.nextInt(all.length)]);
            strayAt = random.nextLong(begun + 1);
            at(strayAt, "stray " + stray.says(), () -> machine.claimed(stray, moment()));
        }
        if (isTwoPhase) {
            at(random.nextLong(20 * SECOND), "ready", this::becomeReady);
        }
        long end = random.nextInt(5) == 0 ? random.nextLong(50 * MILLISECOND) : random.nextLong(40 * SECOND);
        switch (random.nextInt(6)) {
            case 0 -> at(end, "fails", () -> end(Truth.FAILED));
            case 1 -> at(end, "is cancelled by another", () -> end(Truth.CANCELLED));
            case 2 -> at(end, "guest is destroyed", this::destroy);
            case 3 -> at(end, "program cancels", () -> machine.wished(Wish.CANCEL, moment()));
            default -> {
                if (!isTwoPhase) {
                    at(end, "completes", () -> end(Truth.DONE));
                }
            }
        }
        if (isTwoPhase) {
            Wish wish = kind == JobKind.PULL_BACKUP || (kind == JobKind.COPY && random.nextBoolean())
                    ? Wish.FINISH
                    : Wish.PIVOT;
            at(random.nextLong(30 * SECOND), "program wishes " + wish, () -> machine.wished(wish, moment()));
        }
        if (!isTwoPhase && random.nextInt(8) == 0) {
            at(random.nextLong(60 * SECOND), "guest is destroyed", this::destroy);
        }
        if (random.nextInt(3) == 0) {
            at(random.nextLong(30 * SECOND), "connection breaks off", this::disconnect);
        }
    }

    private void becomeReady() {
        if (truth == Truth.WORKING) {
            isReady = true;
            send(new Claim(Claim.Says.LOOK), random.nextInt(4));
        }
    }

    private void end(Truth how) {
        if (truth != Truth.WORKING) {
            return;
        }
        // A copy that was told to end ends as it was told: a second abort changes nothing.
        truth = how == Truth.CANCELLED && isFinishing ? Truth.FINISHED : how;
        endedAt = now;
        Claim.Says says = how == Truth.DONE
                ? Claim.Says.COMPLETED
                : how == Truth.FAILED ? Claim.Says.FAILED : Claim.Says.CANCELLED;
        if (!isWithheld) {
            send(new Claim(says, how == Truth.FAILED ? "no space" : null), 1 + random.nextInt(2));
        }
    }

    private void destroy() {
        if (!isGone) {
            isGone = true;
            if (truth == Truth.WORKING) {
                truth = Truth.DESTROYED;
                endedAt = now;
            }
            if (!isWithheld) {
                send(new Claim(Claim.Says.LOOK), 1);
            }
        }
    }

    /// An event that is sent without a connection is lost.
    private void send(Claim claim, int times) {
        if (!isConnected) {
            return;
        }
        for (int i = 0; i < times; i++) {
            // One connection delivers events in their order.
            at(Math.max(strayAt, now + random.nextLong(SECOND)), "event " + claim.says(), () -> {
                if (isConnected) {
                    isEndHeard |= claim.says() != Claim.Says.LOOK;
                    machine.claimed(claim, moment());
                }
            });
        }
    }

    private void disconnect() {
        isConnected = false;
        isFinishLost |= isFinishOrdered;
        machine.lost("broke off", canFollow, moment());
        if (random.nextBoolean()) {
            // The daemon restarted.
            isForgotten = true;
        }
        at(now + random.nextLong(20 * SECOND), "connects", () -> isConnected = true);
    }

    private void drive() {
        for (Order order = machine.next(moment()); order != null; order = machine.next(moment())) {
            Order next = order;
            if (next instanceof Order.Look look) {
                // The state is read at one time, and known at a later one.
                at(now + random.nextLong(100 * MILLISECOND), "reads", () -> {
                    Sight sight = sight();
                    boolean fails = !isConnected || random.nextInt(20) == 0;
                    at(now + random.nextLong(100 * MILLISECOND), "sees " + (fails ? "nothing" : sight), () -> {
                        if (fails) {
                            machine.lookFailed(look, moment());
                        } else {
                            machine.looked(look, sight, moment());
                        }
                    });
                });
            } else if (next instanceof Order.Ask ask) {
                isFinishOrdered = ask.wish() == Wish.FINISH;
                at(now + random.nextLong(100 * MILLISECOND), "asks " + ask.wish(), () -> ask(ask));
            } else if (next instanceof Order.Reconnect reconnect) {
                if (isConnected) {
                    machine.reconnected(reconnect, moment());
                } else {
                    machine.notYet(reconnect, moment());
                }
            }
        }
    }

    private void ask(Order.Ask ask) {
        isFinishOrdered = false;
        if (!isConnected || truth != Truth.WORKING) {
            machine.refused(ask, new IllegalStateException("no job"), moment());
            return;
        }
        if (ask.wish() != Wish.CANCEL && (!isReady || random.nextInt(3) == 0)) {
            machine.tooEarly(ask, moment());
            return;
        }
        Truth how = switch (ask.wish()) {
            case PIVOT -> Truth.DONE;
            case FINISH -> Truth.FINISHED;
            case CANCEL -> Truth.CANCELLED;
        };
        isFinishing = how == Truth.FINISHED;
        boolean isFirst = random.nextBoolean();
        if (isFirst) {
            end(how);
        } else {
            at(now + random.nextLong(SECOND), "ends", () -> end(how));
        }
        machine.accepted(ask, moment());
    }

    private Sight sight() {
        if (isGone) {
            return new Sight.Gone();
        }
        if (kind.restsOnEvents()) {
            return switch (truth) {
                case WORKING -> new Sight.Working(1, 2, isReady);
                case DONE -> new Sight.Ended(isForgotten ? Verdict.UNCLEAR : Verdict.DONE);
                case FAILED -> new Sight.Ended(isForgotten ? Verdict.UNCLEAR : Verdict.FAILED);
                default ->
                    new Sight.Ended(
                            isForgotten
                                    ? Verdict.UNCLEAR
                                    : kind == JobKind.PULL_BACKUP ? Verdict.DONE : Verdict.CANCELLED);
            };
        }
        return switch (truth) {
            case WORKING -> new Sight.Working(1, 2, isReady);
            case DONE -> new Sight.Ended(Verdict.DONE);
            default -> new Sight.Ended(Verdict.UNDONE);
        };
    }

    private @Nullable String wrong() {
        JobOutcome outcome = machine.outcome();
        String wrong = judge(outcome.state());
        return wrong == null ? null : wrong + ": " + kind + " " + truth + " is reported as " + outcome + "\n" + story;
    }

    private @Nullable String judge(State state) {
        boolean success = truth == Truth.DONE || truth == Truth.FINISHED;
        // To libvirt the end of an export is an abort, whoever asked for it, and the program has asked without an
        // answer.
        boolean isEither = kind == JobKind.PULL_BACKUP && isFinishLost && truth == Truth.CANCELLED;
        return switch (state) {
            case COMPLETED -> success || isEither ? null : "success that was none";
            case FAILED, CANCELLED -> success ? "success taken for failure" : null;
            case INTERRUPTED -> isGone ? null : "interrupted by nothing";
            case UNKNOWN -> mayBeUnknown() ? null : "unknown without need";
            case RUNNING, READY -> truth == Truth.WORKING ? null : "not found out";
        };
    }

    private boolean mayBeUnknown() {
        return (!isConnected || !canFollow)
                || !isEndHeard
                || isForgotten
                // The guest went before the effect could be seen.
                || isGone;
    }

    /// The time from the end of the job to the outcome, in ns; 0 if it has not ended.
    long delay() {
        return truth == Truth.WORKING ? 0 : Math.max(0, now - endedAt);
    }

    boolean isDisturbed() {
        return story.stream().anyMatch(line -> line.contains("breaks off"));
    }

    State state() {
        return machine.outcome().state();
    }

    private void at(long when, String what, Runnable happening) {
        future.add(new Happening(when, numbers++, () -> {
            story.add(now / MILLISECOND + " ms: " + what);
            happening.run();
        }));
    }

    private Moment moment() {
        return new Moment(now, START.plusNanos(now));
    }
}
