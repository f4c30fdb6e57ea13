package io.github.libvirt4j.job;

import io.github.libvirt4j.types.DomainJobOperation;
import io.github.libvirt4j.types.TypedParameters;
import java.util.Objects;

/// The result of a job on a whole domain, such as a backup or a save. Immutable, safe for use by any thread.
///
/// @param rawOperation the operation, a `virDomainJobOperation`
/// @param stats the statistics that libvirt keeps of the job, parameters of
///     [DomainJobKeys][io.github.libvirt4j.types.DomainJobKeys]; empty if it keeps none
public record DomainJobResult(int rawOperation, TypedParameters stats) {
    /// Rejects null.
    public DomainJobResult {
        Objects.requireNonNull(stats, "stats");
    }

    /// The operation.
    public DomainJobOperation operation() {
        return DomainJobOperation.of(rawOperation);
    }
}
