package io.github.libvirt4j.internal.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.internal.job.Sight.Verdict;
import io.github.libvirt4j.types.DomainBlockJobType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class DiskProofTest {
    private static final DomainXml.Mirror TO_COPY = new DomainXml.Mirror("copy", false);

    private static DomainXml domain(@Nullable String id, DomainXml.@Nullable Mirror mirror, String... images) {
        return new DomainXml(id, List.of(new DomainXml.Disk("vda", List.of(images), mirror)));
    }

    private static DiskProof proof(JobKind kind, @Nullable String base, @Nullable String copy, String... before) {
        DomainXml domain = domain("1", null, before);
        return new DiskProof(kind, domain, domain.disks().getFirst(), base, copy);
    }

    private static void assertEnded(DiskProof proof, Verdict verdict, String... now) {
        assertThat(proof.see(null, domain("1", null, now)))
                .as("%s", List.of(now))
                .isEqualTo(new Sight.Ended(verdict));
    }

    @Test
    void pullIsSeenByTheImagesThatAreGone() {
        DiskProof proof = proof(JobKind.PULL, null, null, "c", "b", "a");
        assertEnded(proof, Verdict.UNDONE, "c", "b", "a");
        assertEnded(proof, Verdict.DONE, "c");
        assertEnded(proof, Verdict.DONE, "c", "a");
        // A snapshot was made since.
        assertEnded(proof, Verdict.DONE, "d", "c");
        assertEnded(proof, Verdict.UNDONE, "d", "c", "b", "a");
        assertEnded(proof, Verdict.UNCLEAR, "c", "x");
        assertEnded(proof, Verdict.UNCLEAR, "x");
        assertEnded(proof, Verdict.UNCLEAR);
        assertThat(proof.rawType()).isEqualTo(DomainBlockJobType.PULL.value());
    }

    @Test
    void pullMayHaveNothingToDo() {
        assertEnded(proof(JobKind.PULL, null, null, "a"), Verdict.NOTHING_TO_DO, "a");
        assertEnded(proof(JobKind.PULL, "a", null, "b", "a"), Verdict.NOTHING_TO_DO, "b", "a");
        assertEnded(proof(JobKind.PULL, "a", null, "c", "b", "a"), Verdict.UNDONE, "c", "b", "a");
    }

    @Test
    void commitIsSeenByTheImagesThatAreGone() {
        DiskProof proof = proof(JobKind.COMMIT, null, null, "c", "b", "a");
        assertEnded(proof, Verdict.UNDONE, "c", "b", "a");
        assertEnded(proof, Verdict.DONE, "c", "a");
        assertThat(proof.isPivoted()).isFalse();
        assertThat(proof.rawType()).isEqualTo(DomainBlockJobType.COMMIT.value());
        assertEnded(proof, Verdict.DONE, "b", "a");
        assertThat(proof.isPivoted()).isTrue();
        assertThat(proof.images()).containsExactly("b", "a");
        assertThat(proof.rawType()).isEqualTo(DomainBlockJobType.ACTIVE_COMMIT.value());
        assertEnded(proof, Verdict.UNCLEAR, "a", "b");
    }

    @Test
    void copyIsSeenByTheImageOfTheGuest() {
        DiskProof proof = proof(JobKind.COPY, null, "copy", "b", "a");
        assertEnded(proof, Verdict.UNDONE, "b", "a");
        assertEnded(proof, Verdict.DONE, "copy");
        assertEnded(proof, Verdict.DONE, "copy", "a");
        assertEnded(proof, Verdict.UNCLEAR, "other");
        assertThat(proof.rawType()).isEqualTo(DomainBlockJobType.COPY.value());
    }

    @Test
    void copyIsLearntFromTheMirror() {
        DiskProof proof = proof(JobKind.COPY, null, null, "a");
        assertEnded(proof, Verdict.UNCLEAR, "copy");
        DiskProof.InProgress info = new DiskProof.InProgress(DomainBlockJobType.COPY.value(), 1, 2);
        assertThat(proof.see(info, domain("1", TO_COPY, "a"))).isEqualTo(new Sight.Working(1, 2, false));
        assertEnded(proof, Verdict.DONE, "copy");
    }

    /// `cur == end` is not ready, and a mirror is a job that libvirt has not concluded.
    @Test
    void readyIsWhatTheXmlSays() {
        DiskProof proof = proof(JobKind.COMMIT, null, null, "b", "a");
        DiskProof.InProgress all = new DiskProof.InProgress(DomainBlockJobType.ACTIVE_COMMIT.value(), 9, 9);
        DomainXml.Mirror ready = new DomainXml.Mirror("a", true);
        assertThat(proof.see(all, domain("1", null, "b", "a"))).isEqualTo(new Sight.Working(9, 9, false));
        assertThat(proof.see(all, domain("1", ready, "b", "a"))).isEqualTo(new Sight.Working(9, 9, true));
        assertThat(proof.see(null, domain("1", ready, "b", "a"))).isEqualTo(new Sight.Working(0, 0, true));
        assertThat(proof.rawType()).isEqualTo(DomainBlockJobType.ACTIVE_COMMIT.value());
    }

    @Test
    void anotherRunOfTheGuestSaysNothing() {
        DiskProof proof = proof(JobKind.PULL, null, null, "b", "a");
        assertThat(proof.see(null, domain("2", null, "b"))).isEqualTo(new Sight.Gone());
        assertThat(proof.see(null, domain(null, null, "b"))).isEqualTo(new Sight.Gone());
        assertThat(proof.see(null, new DomainXml("1", List.of())))
                .isInstanceOfSatisfying(
                        Sight.Ended.class, ended -> assertThat(ended.verdict()).isEqualTo(Verdict.UNCLEAR));
    }
}
