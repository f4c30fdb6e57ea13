package io.github.libvirt4j.internal.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.internal.job.Sight.Verdict;
import io.github.libvirt4j.types.DomainJobKeys;
import io.github.libvirt4j.types.DomainJobOperation;
import io.github.libvirt4j.types.DomainJobType;
import io.github.libvirt4j.types.DomainPausedReason;
import io.github.libvirt4j.types.DomainShutoffReason;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.TypedParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class StatsProofTest {
    private static final StatsProof.Stats NONE =
            new StatsProof.Stats(0, TypedParameters.builder().build());

    private static StatsProof.Stats stats(DomainJobType type, DomainJobOperation operation, long elapsed) {
        return new StatsProof.Stats(
                type.value(),
                TypedParameters.builder()
                        .set(DomainJobKeys.OPERATION, operation.value())
                        .set(DomainJobKeys.TIME_ELAPSED, elapsed)
                        .set(DomainJobKeys.DISK_PROCESSED, 5L)
                        .set(DomainJobKeys.DISK_TOTAL, 7L)
                        .build());
    }

    private static StatsProof.Stats backup(DomainJobType type, long elapsed) {
        return stats(type, DomainJobOperation.BACKUP, elapsed);
    }

    private static void assertEnded(StatsProof.Stats before, StatsProof.Stats completed, Verdict verdict) {
        StatsProof proof = new StatsProof(DomainJobOperation.BACKUP, "1", before);
        assertThat(proof.see(false, "1", NONE, completed, false)).isEqualTo(new Sight.Ended(verdict));
    }

    @Test
    void statisticsOfAnotherJobProveNothing() {
        StatsProof.Stats done = backup(DomainJobType.COMPLETED, 10);
        assertEnded(NONE, done, Verdict.DONE);
        assertEnded(NONE, backup(DomainJobType.FAILED, 10), Verdict.FAILED);
        assertEnded(NONE, backup(DomainJobType.CANCELLED, 10), Verdict.CANCELLED);
        assertEnded(NONE, NONE, Verdict.UNCLEAR);
        // Those of the job before.
        assertEnded(done, done, Verdict.UNCLEAR);
        assertEnded(done, backup(DomainJobType.COMPLETED, 11), Verdict.DONE);
        assertEnded(NONE, stats(DomainJobType.COMPLETED, DomainJobOperation.SAVE, 10), Verdict.UNCLEAR);
        assertEnded(NONE, backup(DomainJobType.BOUNDED, 10), Verdict.UNCLEAR);
    }

    @Test
    void backupIsInProgressUntilItsDisksAre() {
        StatsProof proof = new StatsProof(DomainJobOperation.BACKUP, "1", NONE);
        StatsProof.Stats working = backup(DomainJobType.UNBOUNDED, 1);
        StatsProof.Stats done = backup(DomainJobType.COMPLETED, 1);
        assertThat(proof.see(false, "1", working, NONE, false)).isEqualTo(new Sight.Working(5, 7, false));
        assertThat(proof.see(true, "1", working, NONE, false)).isEqualTo(new Sight.Working(5, 7, true));
        assertThat(proof.see(true, "1", NONE, done, true)).isEqualTo(new Sight.Working(0, 0, false));
        assertThat(proof.see(true, "1", NONE, done, false)).isEqualTo(new Sight.Ended(Verdict.DONE));
        assertThat(proof.see(true, "2", working, NONE, false)).isEqualTo(new Sight.Gone());
        assertThat(proof.see(true, null, working, NONE, false)).isEqualTo(new Sight.Gone());
    }

    @Test
    void lostSaveIsSeenByTheStateOfTheDomain() {
        StatsProof proof = new StatsProof(DomainJobOperation.SAVE, "1", NONE);
        int off = DomainState.SHUTOFF.value();
        int paused = DomainState.PAUSED.value();
        StatsProof.Stats working = stats(DomainJobType.UNBOUNDED, DomainJobOperation.SAVE, 1);
        assertThat(proof.seeCall("1", paused, DomainPausedReason.SAVE.value(), working))
                .isEqualTo(new Sight.Working(5, 7, false));
        assertThat(proof.seeCall(null, off, DomainShutoffReason.SAVED.value(), NONE))
                .isEqualTo(new Sight.Ended(Verdict.DONE));
        assertThat(proof.seeCall(null, off, DomainShutoffReason.CRASHED.value(), NONE))
                .isEqualTo(new Sight.Gone());
        assertThat(proof.seeCall("1", paused, 0, NONE)).isEqualTo(new Sight.Ended(Verdict.UNDONE));
    }

    @Test
    void lostDumpIsNotSeenAtAll() {
        StatsProof proof = new StatsProof(DomainJobOperation.DUMP, "1", NONE);
        assertThat(proof.seeCall("1", DomainState.RUNNING.value(), 0, NONE))
                .isEqualTo(new Sight.Ended(Verdict.UNCLEAR));
        assertThat(proof.seeCall(null, DomainState.SHUTOFF.value(), DomainShutoffReason.SAVED.value(), NONE))
                .isEqualTo(new Sight.Gone());
    }
}
