package io.github.libvirt4j.internal.job;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.types.ConnectDomainEventBlockJobStatus;
import io.github.libvirt4j.types.DomainBlockJobType;
import io.github.libvirt4j.types.DomainEventType;
import io.github.libvirt4j.types.DomainJobKeys;
import io.github.libvirt4j.types.DomainJobOperation;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A statement of an event about a job. Events carry no identity of a job: a claim can be about another one.
///
/// @param says what it says
/// @param message libvirt's message; null if there is none
public record Claim(Says says, @Nullable String message) {
    /// The kinds of statements.
    public enum Says {
        COMPLETED,
        FAILED,
        CANCELLED,
        /// The state has changed, and says itself how.
        LOOK
    }

    /// The message of QEMU about a job that was cancelled: that of the C library about `ECANCELED`.
    private static final String CANCELED = "Operation canceled";

    private static final Claim LOOK = new Claim(Says.LOOK, null);

    Claim(Says says) {
        this(says, null);
    }

    /// Returns the claim of an event about a job on a disk; null if the event is about something else.
    ///
    /// @param target the target of the disk: `vda`, …
    @SuppressWarnings("IfChainToSwitch") // No switch over types, as in the rest of the library.
    public static @Nullable Claim onDisk(DomainEvent event, JobKind kind, UUID domain, String target) {
        if (!event.domain().uuid().equals(domain)) {
            return null;
        } else if (event instanceof DomainEvent.BlockJob2 job) {
            return job.disk().equals(target) && kind.has(job.type()) ? of(job.status()) : null;
        } else if (event instanceof DomainEvent.Lifecycle life) {
            return ofLife(life);
        }
        return null;
    }

    private static @Nullable Claim of(ConnectDomainEventBlockJobStatus status) {
        return switch (status) {
            case COMPLETED -> new Claim(Says.COMPLETED);
            case FAILED -> new Claim(Says.FAILED);
            case CANCELED -> new Claim(Says.CANCELLED);
            case READY -> LOOK;
            case UNRECOGNIZED -> LOOK;
        };
    }

    private static @Nullable Claim ofLife(DomainEvent.Lifecycle life) {
        DomainEventType type = life.type();
        return type == DomainEventType.STOPPED || type == DomainEventType.CRASHED || type == DomainEventType.UNDEFINED
                ? LOOK
                : null;
    }

    /// Returns the claim of an event about a backup; null if the event is about something else.
    @SuppressWarnings("IfChainToSwitch") // No switch over types, as in the rest of the library.
    public static @Nullable Claim onBackup(DomainEvent event, UUID domain) {
        if (!event.domain().uuid().equals(domain)) {
            return null;
        } else if (event instanceof DomainEvent.JobCompleted job) {
            if (job.params().get(DomainJobKeys.OPERATION).orElse(0) != DomainJobOperation.BACKUP.value()) {
                return null;
            }
            String message = job.params().get(DomainJobKeys.ERRMSG).orElse(null);
            boolean success = job.params().get(DomainJobKeys.SUCCESS).orElse(false);
            if (success) {
                return new Claim(Says.COMPLETED);
            }
            return message == null || message.equals(CANCELED)
                    ? new Claim(Says.CANCELLED)
                    : new Claim(Says.FAILED, message);
        } else if (event instanceof DomainEvent.BlockJob2 job) {
            return job.type() == DomainBlockJobType.BACKUP ? LOOK : null;
        } else if (event instanceof DomainEvent.Lifecycle life) {
            return ofLife(life);
        }
        return null;
    }
}
