package io.github.libvirt4j;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.internal.job.Claim;
import io.github.libvirt4j.internal.job.JobKind;
import io.github.libvirt4j.internal.job.Sight;
import io.github.libvirt4j.internal.job.StatsProof;
import io.github.libvirt4j.internal.job.Wish;
import io.github.libvirt4j.job.DomainJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.job.Progress;
import io.github.libvirt4j.types.DomainJobOperation;
import io.github.libvirt4j.types.TypedParameters;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An operation whose C function returns when it has ended.
final class CallWork<R> extends JobWork<R> {
    private static final UUID NONE = new UUID(0, 0);

    private final DomainJobOperation operation;
    private final String name;
    private final @Nullable StatsProof proof;

    /// The result of an operation that is proven to have succeeded although its call was lost.
    private final Function<Connect, R> later;

    private CallWork(
            UUID domain,
            DomainJobOperation operation,
            String name,
            @Nullable StatsProof proof,
            Function<Connect, R> later) {
        super(JobKind.CALL, domain);
        this.operation = operation;
        this.name = name;
        this.proof = proof;
        this.later = later;
    }

    /// Begins an operation that has no result but its statistics.
    static Job<DomainJobResult> begin(Domain domain, DomainJobOperation operation, Consumer<Domain> call) {
        UUID uuid = domain.uuid();
        return begin(
                domain,
                operation,
                on -> {
                    call.accept(on);
                    return stats(on, operation);
                },
                connect -> {
                    try (Domain on = connect.domains().lookupByUuid(uuid)) {
                        return stats(on, operation);
                    }
                });
    }

    /// Begins an operation on a domain.
    ///
    /// @param call is given a handle of its own, which is closed when it returns
    /// @param later makes the result if the call was lost and the operation has succeeded
    static <R> Job<R> begin(
            Domain domain, DomainJobOperation operation, Function<Domain, R> call, Function<Connect, R> later) {
        Connect connect = domain.connect();
        UUID uuid = domain.uuid();
        String id = BackupWork.id(domain);
        StatsProof proof = id == null
                ? null
                : new StatsProof(operation, id, new StatsProof.Stats(0, new TypedParameters(List.of())));
        CallWork<R> work = new CallWork<>(uuid, operation, "the domain " + domain.name(), proof, later);
        return WatchedJob.call(connect, work, () -> {
            try (Domain on = connect.domains().lookupByUuid(uuid)) {
                return call.apply(on);
            }
        });
    }

    /// The result of an operation whose success is proven by its call only.
    static <R> Function<Connect, R> lost() {
        return connect -> {
            throw new IllegalStateException("The result is lost with its connection, " + connect);
        };
    }

    /// Begins an operation whose domain is not known.
    static <R> Job<R> begin(Connect connect, DomainJobOperation operation, String what, Supplier<R> call) {
        CallWork<R> work = new CallWork<>(NONE, operation, what, null, lost());
        return WatchedJob.call(connect, work, call);
    }

    /// The statistics of an operation that has ended; none if libvirt does not tell.
    private static DomainJobResult stats(Domain on, DomainJobOperation operation) {
        try {
            return BackupWork.result(on, operation);
        } catch (LibvirtException e) {
            return new DomainJobResult(operation.value(), new TypedParameters(List.of()));
        }
    }

    /// A domain that did not run at the beginning cannot have stopped since.
    @Override
    boolean canLook() {
        return proof != null;
    }

    @Override
    Sight look(Domain on) {
        if (proof == null) {
            return new Sight.Ended(Sight.Verdict.UNCLEAR, null);
        }
        Domain.Status status = on.state();
        return proof.seeCall(BackupWork.id(on), status.rawState(), status.rawReason(), stats(on));
    }

    /// A domain that does not run has no statistics.
    private static StatsProof.Stats stats(Domain on) {
        return on.isActive() ? BackupWork.stats(on) : new StatsProof.Stats(0, new TypedParameters(List.of()));
    }

    @Override
    @Nullable
    Progress progress(Domain on) {
        return BackupWork.progress(stats(on), operation);
    }

    /// libvirt may not have begun: the request is repeated while the call is in progress.
    @Override
    boolean ask(Domain on, Wish wish) {
        try {
            on.job().abort();
            return true;
        } catch (OperationInvalidException e) {
            return false;
        }
    }

    @Override
    @Nullable
    Claim claim(DomainEvent event) {
        return null;
    }

    @Override
    R result(Connect connect) {
        return later.apply(connect);
    }

    @Override
    public String toString() {
        return operation + " of " + name;
    }
}
