package io.github.libvirt4j.internal.job;

import io.github.libvirt4j.types.DomainBlockJobType;
import java.util.Set;

/// The kind of a job: how it ends, and what proves its end.
public enum JobKind {
    /// A pull of backing images into a disk.
    PULL(Set.of(DomainBlockJobType.PULL)),
    /// A commit of images into one below, of the active one as well: the XML tells them apart.
    COMMIT(Set.of(DomainBlockJobType.COMMIT, DomainBlockJobType.ACTIVE_COMMIT)),
    /// A copy of a disk.
    COPY(Set.of(DomainBlockJobType.COPY)),
    /// A backup that the hypervisor writes.
    PUSH_BACKUP(Set.of()),
    /// A backup that a client reads until it ends the job.
    PULL_BACKUP(Set.of()),
    /// A call that returns when its operation has ended.
    CALL(Set.of());

    private final Set<DomainBlockJobType> types;

    JobKind(Set<DomainBlockJobType> types) {
        this.types = types;
    }

    /// The kind of a job on a disk.
    ///
    /// @throws IllegalArgumentException if it is not known
    public static JobKind of(DomainBlockJobType type) {
        for (JobKind kind : values()) {
            if (kind.has(type)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("A block job of the type " + type);
    }

    /// Whether events of a type are about a job of this kind.
    boolean has(DomainBlockJobType type) {
        return types.contains(type);
    }

    /// Whether [Wish#PIVOT] has a meaning.
    public boolean canPivot() {
        return this == COPY || this == COMMIT;
    }

    /// Whether [Wish#FINISH] has a meaning.
    public boolean canFinish() {
        return this == COPY || this == PULL_BACKUP;
    }

    /// Whether libvirt's word is all there is: its XML does not show the effect of a backup.
    boolean restsOnEvents() {
        return this == PUSH_BACKUP || this == PULL_BACKUP;
    }
}
