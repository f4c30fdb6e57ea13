package io.github.libvirt4j.internal.job;

import io.github.libvirt4j.internal.link.Moment;
import io.github.libvirt4j.job.JobOutcome;
import io.github.libvirt4j.job.JobOutcome.State;
import io.github.libvirt4j.job.Progress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A job as a state machine: it receives what happened, and answers what to do. It has no threads, calls
/// nothing and reads no clock. One thread at a time calls its methods, each of which is O(1).
///
/// The driver executes one order of [#next] at a time and returns it with its answer. When `next` returns
/// null, the driver calls it again after the next input, and at [#wakeAt].
///
/// An event is a [Claim], and means "look". The look decides; a claim counts only where the state leaves
/// something open, such as whether a job without effect failed or was cancelled.
public final class JobMachine {
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000 * MILLISECOND;

    /// The first and the longest pause between looks that nothing has asked for.
    private static final long FIRST_PAUSE = SECOND;

    private static final long LONGEST_PAUSE = 15 * SECOND;

    /// The first and the longest pause between looks after a claim: libvirt concludes a job after its event.
    private static final long FIRST_GLANCE = 20 * MILLISECOND;

    private static final long LONGEST_GLANCE = SECOND;

    /// A claim of an end that a look has not found for so long is about another job.
    private static final long STRAY = 5 * SECOND;

    /// The pause after the first look that found an end without its reason; it doubles with each further one.
    private static final long FIRST_TRY = 250 * MILLISECOND;

    /// The number of such looks after which the guest counts as stopped, the job as failed, and the outcome
    /// as unknown: a quarter of a second, two and sixteen seconds. An event may be on its way.
    private static final int STOPPED = 2;

    private static final int FAILED = 4;
    private static final int UNKNOWN = 7;

    /// The first pause before a request that came too early is repeated.
    private static final long TOO_EARLY = 100 * MILLISECOND;

    private final JobKind kind;
    private JobOutcome outcome = JobOutcome.of(State.RUNNING);
    private @Nullable Progress progress;

    private boolean isBegun;
    private long begunAt;
    private boolean isConnected = true;
    private @Nullable Order running;
    private long numbers;

    /// The time of the next look or try to reconnect, and the pause after it.
    private long lookAt = Long.MAX_VALUE;

    private long pause = FIRST_PAUSE;
    private long glance = FIRST_GLANCE;

    /// The pause after a look that failed.
    private long failedPause = FIRST_PAUSE;

    /// Whether something happened that the running look may have missed.
    private boolean isStale;

    private @Nullable Claim claim;
    private long claimedAt;
    private int tries;

    /// The wish of the program; whether it was sent to libvirt, and whether libvirt has accepted it.
    private @Nullable Wish wish;

    private boolean isSent;
    private boolean isAccepted;

    /// Whether [Wish#FINISH] was sent, and libvirt has neither refused it nor accepted another request since:
    /// to libvirt both are an abort, and the last one that it accepts says what the end is.
    private boolean isFinishing;

    /// Whether the connection broke off before libvirt answered a [Wish#FINISH], which it may have fulfilled.
    private boolean isUnanswered;

    private long askAt;
    private long askPause = TOO_EARLY;

    /// The exception of a request that libvirt refused, before and after a look has found the job in
    /// progress.
    private @Nullable Throwable refusal;

    private @Nullable Throwable rejection;

    /// Of [JobKind#CALL]: whether the call is over, and its exception unless the connection broke off.
    private boolean isReturned;

    private @Nullable Throwable failure;

    /// A job that is about to begin. Events may arrive from now on.
    public JobMachine(JobKind kind) {
        this.kind = kind;
    }

    // Outputs.

    /// Returns the next order to execute; null if there is none at this time.
    public @Nullable Order next(Moment now) {
        if (running != null || now.nanos() < wakeAt()) {
            return null;
        }
        Wish due = dueWish();
        if (due != null && now.nanos() >= askAt) {
            isSent = true;
            isFinishing |= due == Wish.FINISH;
            running = new Order.Ask(numbers++, due);
        } else {
            running = isConnected ? new Order.Look(numbers++) : new Order.Reconnect(numbers++);
        }
        return running;
    }

    /// The wish to ask for. [Wish#FINISH] waits until no claim is open, because the claim that follows tells
    /// its effect.
    private @Nullable Wish dueWish() {
        if (!isConnected || isAccepted || refusal != null || isReturned) {
            return null;
        }
        boolean isReady = outcome.state() == State.READY && (wish != Wish.FINISH || claim == null);
        return wish == Wish.CANCEL || isReady ? wish : null;
    }

    /// The time when [#next] can have an order without an input before, in nanoseconds; [Long#MAX_VALUE] for
    /// never.
    public long wakeAt() {
        if (running != null || !isBegun || outcome.isFinal()) {
            return Long.MAX_VALUE;
        }
        return dueWish() == null ? lookAt : Math.min(askAt, lookAt);
    }

    /// The outcome, as far as it is known.
    public JobOutcome outcome() {
        return outcome;
    }

    /// The last progress that was read; null if none was.
    public @Nullable Progress progress() {
        return progress;
    }

    /// The exception of the call that was the job; null if there is none.
    public @Nullable Throwable failure() {
        return failure;
    }

    /// Returns the exception of a request that libvirt refused while the job continues, once; null if there
    /// is none.
    public @Nullable Throwable takeRejection() {
        Throwable taken = rejection;
        rejection = null;
        return taken;
    }

    // Inputs.

    /// libvirt has begun the job, and the events of the job before have been delivered; of [JobKind#CALL],
    /// the call is being made.
    public void begun(Moment now) {
        isBegun = true;
        begunAt = now.nanos();
        if (kind != JobKind.CALL) {
            lookAt = now.nanos();
        }
    }

    /// The call has returned: the one proof of success of most calls.
    public void returned() {
        settle(State.COMPLETED, null);
    }

    /// The call has failed.
    ///
    /// @param isAborted whether libvirt says that the operation was aborted
    /// @param canLook whether a look can tell if the guest stopped
    public void failed(Throwable why, boolean isAborted, boolean canLook, Moment now) {
        isReturned = true;
        failure = why;
        if (isAborted || isSent) {
            settle(State.CANCELLED, null);
        } else if (!canLook) {
            settle(State.FAILED, null);
        } else {
            lookAt = now.nanos();
        }
    }

    /// The call has lost its connection.
    ///
    /// @param canFollow whether there may be another connection
    public void lostCall(String why, boolean canFollow, Moment now) {
        isReturned = true;
        lost(why, canFollow, now);
    }

    /// The connection broke off. A call in progress finds that out itself.
    ///
    /// @param canFollow whether there may be another connection
    public void lost(String why, boolean canFollow, Moment now) {
        if (outcome.isFinal() || !isConnected || (kind == JobKind.CALL && !isReturned)) {
            return;
        }
        if (!canFollow) {
            settle(State.UNKNOWN, "the connection has ended: " + why);
            return;
        }
        isConnected = false;
        isUnanswered |= running instanceof Order.Ask ask && ask.wish() == Wish.FINISH;
        running = null;
        isStale = false;
        tries = 0;
        pause = FIRST_PAUSE;
        lookAt = now.nanos();
    }

    /// There is another connection, on which events arrive.
    public void reconnected(Order.Reconnect order, Moment now) {
        if (isAnswer(order)) {
            isConnected = true;
            pause = FIRST_PAUSE;
            lookAt = now.nanos();
        }
    }

    /// There is no other connection yet.
    public void notYet(Order.Reconnect order, Moment now) {
        if (isAnswer(order)) {
            lookLater(now);
        }
    }

    /// Nobody watches the job any more.
    public void abandoned(String why) {
        settle(State.UNKNOWN, why);
    }

    /// An event was delivered.
    public void claimed(Claim said, Moment now) {
        if (outcome.isFinal() || kind == JobKind.CALL) {
            return;
        }
        if (said.says() != Claim.Says.LOOK) {
            claim = said;
            claimedAt = now.nanos();
            tries = 0;
        }
        glance = FIRST_GLANCE;
        isStale = running instanceof Order.Look;
        if (isConnected) {
            lookAt = now.nanos();
        }
    }

    /// The program wishes the job to end. A new wish replaces the last, except [Wish#FINISH] that libvirt has
    /// accepted.
    public void wished(Wish next, Moment now) {
        boolean isFinished = isAccepted && wish == Wish.FINISH;
        if (outcome.isFinal() || isFinished || (next == wish && refusal == null)) {
            return;
        }
        wish = next;
        isSent = false;
        isAccepted = false;
        refusal = null;
        askAt = now.nanos();
        askPause = TOO_EARLY;
    }

    /// libvirt has accepted a request. The end itself follows.
    public void accepted(Order.Ask order, Moment now) {
        if (isAnswer(order)) {
            if (order.wish() == Wish.FINISH) {
                wish = Wish.FINISH;
            } else {
                isFinishing = false;
                isUnanswered = false;
            }
            isAccepted = order.wish() == wish;
            pause = FIRST_PAUSE;
            lookIn(FIRST_GLANCE, now);
        }
    }

    /// libvirt has refused a request, because the job is not ready: the request is repeated.
    public void tooEarly(Order.Ask order, Moment now) {
        if (isAnswer(order)) {
            unsent(order);
            askAt = now.nanos() + askPause;
            askPause = Math.min(2 * askPause, LONGEST_GLANCE);
        }
    }

    /// libvirt has refused a request: the job has just ended, or continues.
    public void refused(Order.Ask order, Throwable why, Moment now) {
        if (!isAnswer(order)) {
            return;
        }
        unsent(order);
        if (kind == JobKind.CALL) {
            reject(why);
        } else {
            refusal = why;
            lookIn(0, now);
        }
    }

    private void unsent(Order.Ask order) {
        isSent = false;
        if (order.wish() == Wish.FINISH) {
            isFinishing = isUnanswered;
        }
    }

    private void reject(@Nullable Throwable why) {
        rejection = why;
        refusal = null;
        wish = null;
    }

    /// A look could not read the state. A look that failed because the connection ended is followed, or
    /// preceded, by [#lost].
    public void lookFailed(Order.Look order, Moment now) {
        if (isAnswer(order)) {
            if (failure != null) {
                settle(State.FAILED, null);
            } else {
                lookIn(failedPause, now);
                failedPause = Math.min(2 * failedPause, LONGEST_PAUSE);
            }
        }
    }

    /// A look has read the state.
    @SuppressWarnings("IfChainToSwitch") // No switch over types, as in the rest of the library.
    public void looked(Order.Look order, Sight sight, Moment now) {
        if (!isAnswer(order)) {
            return;
        }
        failedPause = FIRST_PAUSE;
        if (isStale) {
            isStale = false;
            lookAt = now.nanos();
        } else if (failure != null) {
            settle(sight instanceof Sight.Gone ? State.INTERRUPTED : State.FAILED, null);
        } else if (sight instanceof Sight.Working working) {
            working(working, now);
        } else if (sight instanceof Sight.Ended ended) {
            ended(ended, now);
        } else if (sight instanceof Sight.Gone) {
            gone(now);
        }
    }

    private void working(Sight.Working seen, Moment now) {
        tries = 0;
        if (seen.end() > 0) {
            progress = new Progress(seen.current(), seen.end(), now.instant());
        }
        if (seen.isReady()) {
            outcome = JobOutcome.of(State.READY);
        }
        if (refusal != null) {
            reject(refusal);
        }
        if (claim != null && now.nanos() - claimedAt >= STRAY) {
            claim = null;
        }
        if (claim == null) {
            lookLater(now);
        } else {
            lookIn(glance, now);
            glance = Math.min(2 * glance, LONGEST_GLANCE);
        }
    }

    private void ended(Sight.Ended end, Moment now) {
        switch (end.verdict()) {
            case DONE -> completed();
            case FAILED -> settle(State.FAILED, end.message());
            case CANCELLED -> cancelled();
            case NOTHING_TO_DO -> {
                if (says(Claim.Says.FAILED) || says(Claim.Says.CANCELLED)) {
                    believe();
                } else if (says(Claim.Says.COMPLETED) || isEnough(FAILED, now)) {
                    settle(State.COMPLETED, null);
                }
            }
            case UNDONE -> undone(now);
            case UNCLEAR -> unclear(end.message(), now);
        }
    }

    private void undone(Moment now) {
        if (says(Claim.Says.FAILED) || says(Claim.Says.CANCELLED)) {
            believe();
        } else if (claim != null) {
            if (isEnough(UNKNOWN, now)) {
                settle(State.UNKNOWN, "an event says that the job completed, and its effect is not to be seen");
            }
        } else if (isFinishing) {
            if (isEnough(UNKNOWN, now)) {
                settle(State.UNKNOWN, "the event that tells whether the copy is complete did not arrive");
            }
        } else if (isSent && wish == Wish.CANCEL) {
            settle(State.CANCELLED, null);
        } else if (isEnough(FAILED, now)) {
            settle(State.FAILED, "the job ended without its effect, and libvirt does not say why");
        }
    }

    private void unclear(@Nullable String message, Moment now) {
        if (isCertain()) {
            believe();
        } else if (kind == JobKind.CALL || isEnough(UNKNOWN, now)) {
            settle(State.UNKNOWN, message == null ? "the job ended, and nothing tells how" : message);
        }
    }

    /// The guest stopped: libvirt sends no event of its disks' jobs then.
    private void gone(Moment now) {
        if (kind == JobKind.CALL) {
            settle(State.UNKNOWN, "the connection broke off during the call, and the guest no longer runs");
        } else if (says(Claim.Says.COMPLETED) && !isCertain()) {
            settle(State.UNKNOWN, "an event says that the job completed, and the guest stopped before that was seen");
        } else if (isOurs() && (says(Claim.Says.COMPLETED) || !kind.restsOnEvents())) {
            believe();
        } else if (isEnough(STOPPED, now)) {
            settle(State.INTERRUPTED, "the guest stopped");
        }
    }

    private boolean says(Claim.Says what) {
        return claim != null && claim.says() == what;
    }

    /// Whether the claim alone is a proof.
    private boolean isCertain() {
        return kind.restsOnEvents() && isOurs();
    }

    /// Whether the claim came after those about the job before.
    private boolean isOurs() {
        return claim != null && claimedAt > begunAt;
    }

    private void believe() {
        Claim of = Objects.requireNonNull(claim);
        switch (of.says()) {
            case COMPLETED -> completed();
            case FAILED -> settle(State.FAILED, of.message());
            case CANCELLED -> cancelled();
            case LOOK -> throw new IllegalStateException("not a claim");
        }
    }

    /// libvirt calls each end of a pull backup a completion: it is one if the program has finished it.
    private void completed() {
        settle(kind != JobKind.PULL_BACKUP || isFinishing ? State.COMPLETED : State.CANCELLED, null);
    }

    /// libvirt calls the end of a copy that the program finishes a cancellation as well.
    private void cancelled() {
        boolean isFinished = isFinishing && (isAccepted || kind == JobKind.PULL_BACKUP);
        settle(isFinished ? State.COMPLETED : State.CANCELLED, null);
    }

    /// Whether enough looks have found an end without its reason; otherwise there is another one.
    private boolean isEnough(int most, Moment now) {
        tries++;
        if (tries >= most) {
            return true;
        }
        lookIn(FIRST_TRY << (tries - 1), now);
        return false;
    }

    private void lookIn(long nanos, Moment now) {
        if (kind != JobKind.CALL || isReturned) {
            lookAt = now.nanos() + nanos;
        }
    }

    private void lookLater(Moment now) {
        lookIn(pause, now);
        pause = Math.min(2 * pause, LONGEST_PAUSE);
    }

    private void settle(State state, @Nullable String why) {
        if (!outcome.isFinal()) {
            outcome = why == null ? JobOutcome.of(state) : JobOutcome.of(state, why);
        }
    }

    private boolean isAnswer(Order order) {
        if (!order.equals(running)) {
            return false;
        }
        running = null;
        return true;
    }
}
