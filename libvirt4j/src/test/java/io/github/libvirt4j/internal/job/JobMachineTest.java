package io.github.libvirt4j.internal.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.internal.job.Sight.Verdict;
import io.github.libvirt4j.internal.link.Moment;
import io.github.libvirt4j.job.JobOutcome.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Single steps; [JobMachinePropertyTest] has all orders of them.
@ExtendWith(NothingLeft.class)
class JobMachineTest {
    private static final Sight WORKING = new Sight.Working(1, 2, false);
    private static final Sight READY = new Sight.Working(2, 2, true);
    private static final Sight UNDONE = new Sight.Ended(Verdict.UNDONE, null);
    private static final Sight DONE = new Sight.Ended(Verdict.DONE, null);

    private long nanos;

    private Moment now() {
        return new Moment(nanos, Instant.EPOCH.plusNanos(nanos));
    }

    private Order next(JobMachine machine) {
        return Objects.requireNonNull(machine.next(now()), "no order");
    }

    private JobMachine begun(JobKind kind) {
        JobMachine machine = new JobMachine(kind);
        assertThat(machine.next(now())).isNull();
        machine.begun(now());
        return machine;
    }

    private void look(JobMachine machine, Sight sight) {
        nanos = Math.max(nanos, machine.wakeAt());
        machine.looked((Order.Look) next(machine), sight, now());
    }

    private Order.Ask ask(JobMachine machine) {
        nanos = Math.max(nanos, machine.wakeAt());
        return (Order.Ask) next(machine);
    }

    @Test
    void looksAtOnceAndThenMoreAndMoreRarely() {
        JobMachine machine = begun(JobKind.PULL);
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            look(machine, WORKING);
            seconds.add(Duration.ofNanos(nanos).toSeconds());
        }
        assertThat(seconds).containsExactly(0L, 1L, 3L, 7L, 15L, 30L, 45L);
        assertThat(Objects.requireNonNull(machine.progress()).fraction()).isEqualTo(0.5);
    }

    @Test
    void eventIsAReasonToLookAgain() {
        JobMachine machine = begun(JobKind.PULL);
        Order running = next(machine);
        machine.claimed(new Claim(Claim.Says.COMPLETED), now());
        // One look at a time; that one may have read the state before the event.
        assertThat(machine.next(now())).isNull();
        machine.looked((Order.Look) running, UNDONE, now());
        assertThat(machine.outcome().state()).isEqualTo(State.RUNNING);
        look(machine, DONE);
        assertThat(machine.outcome().state()).isEqualTo(State.COMPLETED);
        assertThat(machine.wakeAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void pivotWaitsForReadinessAndForLibvirt() {
        JobMachine machine = begun(JobKind.COPY);
        machine.wished(Wish.PIVOT, now());
        look(machine, WORKING);
        look(machine, READY);
        assertThat(machine.outcome().state()).isEqualTo(State.READY);
        machine.tooEarly(ask(machine), now());
        machine.accepted(ask(machine), now());
        look(machine, READY);
        look(machine, DONE);
        assertThat(machine.outcome().state()).isEqualTo(State.COMPLETED);
        assertThat(machine.takeRejection()).isNull();
    }

    @Test
    void refusalIsOneOnlyIfTheJobContinues() {
        JobMachine machine = begun(JobKind.COPY);
        look(machine, READY);
        IllegalStateException refused = new IllegalStateException();
        machine.wished(Wish.PIVOT, now());
        machine.refused(ask(machine), refused, now());
        assertThat(machine.takeRejection()).isNull();
        look(machine, READY);
        assertThat(machine.takeRejection()).isSameAs(refused);
        assertThat(machine.takeRejection()).isNull();
        machine.wished(Wish.PIVOT, now());
        machine.refused(ask(machine), refused, now());
        look(machine, DONE);
        assertThat(machine.takeRejection()).isNull();
        assertThat(machine.outcome().state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void copyIsFinishedOnlyIfAnEventSaysSo() {
        JobMachine machine = begun(JobKind.COPY);
        look(machine, READY);
        machine.wished(Wish.FINISH, now());
        machine.accepted(ask(machine), now());
        look(machine, UNDONE);
        assertThat(machine.outcome().state()).isEqualTo(State.READY);
        machine.claimed(new Claim(Claim.Says.CANCELLED), now());
        look(machine, UNDONE);
        assertThat(machine.outcome().state()).isEqualTo(State.COMPLETED);
    }

    /// Two backups that are cancelled at their beginning can have the same statistics.
    @Test
    void eventsTellWhatStatisticsDoNot() {
        Sight unclear = new Sight.Ended(Verdict.UNCLEAR, null);
        JobMachine machine = begun(JobKind.PUSH_BACKUP);
        nanos++;
        machine.claimed(new Claim(Claim.Says.CANCELLED), now());
        look(machine, unclear);
        assertThat(machine.outcome()).hasToString("CANCELLED");
        // That of the job before.
        JobMachine next = new JobMachine(JobKind.PUSH_BACKUP);
        next.claimed(new Claim(Claim.Says.CANCELLED), now());
        next.begun(now());
        while (!next.outcome().isFinal()) {
            look(next, unclear);
        }
        assertThat(next.outcome().state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void connectionIsFollowedByTheNext() {
        JobMachine machine = begun(JobKind.PULL);
        look(machine, WORKING);
        machine.lost("gone", true, now());
        machine.notYet((Order.Reconnect) next(machine), now());
        nanos = machine.wakeAt();
        machine.reconnected((Order.Reconnect) next(machine), now());
        look(machine, DONE);
        assertThat(machine.outcome().state()).isEqualTo(State.COMPLETED);
        machine.lost("gone", false, now());
        assertThat(machine.outcome().state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void withoutAConnectionNothingIsKnown() {
        JobMachine machine = begun(JobKind.PULL);
        machine.lost("gone", false, now());
        assertThat(machine.outcome().state()).isEqualTo(State.UNKNOWN);
        assertThat(machine.outcome().why())
                .hasValueSatisfying(why -> assertThat(why).contains("gone"));
    }

    @Test
    void callIsItsReturn() {
        JobMachine machine = begun(JobKind.CALL);
        assertThat(machine.next(now())).isNull();
        assertThat(machine.wakeAt()).isEqualTo(Long.MAX_VALUE);
        machine.lost("gone", false, now());
        assertThat(machine.outcome().state()).isEqualTo(State.RUNNING);
        machine.returned();
        assertThat(machine.outcome().state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void callThatFailsMayHaveBeenInterrupted() {
        IllegalStateException why = new IllegalStateException();
        JobMachine failed = begun(JobKind.CALL);
        failed.failed(why, false, true, now());
        look(failed, UNDONE);
        assertThat(failed.outcome().state()).isEqualTo(State.FAILED);
        assertThat(failed.failure()).isSameAs(why);
        JobMachine interrupted = begun(JobKind.CALL);
        interrupted.failed(why, false, true, now());
        look(interrupted, new Sight.Gone());
        assertThat(interrupted.outcome().state()).isEqualTo(State.INTERRUPTED);
        JobMachine unseen = begun(JobKind.CALL);
        unseen.failed(why, false, true, now());
        unseen.lookFailed((Order.Look) next(unseen), now());
        assertThat(unseen.outcome().state()).isEqualTo(State.FAILED);
        JobMachine aborted = begun(JobKind.CALL);
        aborted.failed(why, true, true, now());
        assertThat(aborted.outcome().state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void callIsCancelledOnceItHasBegun() {
        JobMachine machine = begun(JobKind.CALL);
        machine.wished(Wish.CANCEL, now());
        machine.tooEarly(ask(machine), now());
        assertThat(machine.wakeAt()).isGreaterThan(nanos);
        machine.accepted(ask(machine), now());
        machine.failed(new IllegalStateException(), false, true, now());
        assertThat(machine.outcome().state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void lostCallIsKnownByTheStateOnly() {
        JobMachine done = begun(JobKind.CALL);
        done.lostCall("gone", true, now());
        done.reconnected((Order.Reconnect) next(done), now());
        look(done, WORKING);
        look(done, DONE);
        assertThat(done.outcome().state()).isEqualTo(State.COMPLETED);
        JobMachine unclear = begun(JobKind.CALL);
        unclear.lostCall("gone", true, now());
        unclear.reconnected((Order.Reconnect) next(unclear), now());
        look(unclear, new Sight.Ended(Verdict.UNCLEAR, null));
        assertThat(unclear.outcome().state()).isEqualTo(State.UNKNOWN);
        JobMachine alone = begun(JobKind.CALL);
        alone.lostCall("gone", false, now());
        assertThat(alone.outcome().state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void answersToOrdersThatNobodyWaitsForAreIgnored() {
        JobMachine machine = begun(JobKind.PULL);
        Order.Look look = (Order.Look) next(machine);
        machine.lost("gone", true, now());
        machine.looked(look, UNDONE, now());
        machine.lookFailed(look, now());
        assertThat(machine.outcome().state()).isEqualTo(State.RUNNING);
        assertThat(next(machine)).isInstanceOf(Order.Reconnect.class);
        machine.abandoned("closed");
        assertThat(machine.next(now())).isNull();
    }
}
