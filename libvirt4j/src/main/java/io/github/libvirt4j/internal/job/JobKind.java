package io.github.libvirt4j.internal.job;

import io.github.libvirt4j.types.DomainBlockJobType;
import org.jspecify.annotations.Nullable;

/// The kind of a job: how it ends, and what proves its end.
public enum JobKind {
    /// A pull of backing images into a disk.
    PULL,
    /// A commit of images into one below, of the active one as well: the XML tells them apart.
    COMMIT,
    /// A copy of a disk.
    COPY,
    /// A backup that the hypervisor writes.
    PUSH_BACKUP,
    /// A backup that a client reads until it ends the job.
    PULL_BACKUP,
    /// A call that returns when its operation has ended.
    CALL;

    /// The kind of a job on a disk; null for the part of a backup, and for a type that is newer than this
    /// library.
    public static @Nullable JobKind of(DomainBlockJobType type) {
        for (JobKind kind : values()) {
            if (kind.has(type)) {
                return kind;
            }
        }
        return null;
    }

    /// Whether events of a type are about a job of this kind.
    boolean has(DomainBlockJobType type) {
        return switch (this) {
            case PULL -> type == DomainBlockJobType.PULL;
            case COMMIT -> type == DomainBlockJobType.COMMIT || type == DomainBlockJobType.ACTIVE_COMMIT;
            case COPY -> type == DomainBlockJobType.COPY;
            case PUSH_BACKUP, PULL_BACKUP, CALL -> false;
        };
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
