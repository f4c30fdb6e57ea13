package io.github.libvirt4j.link;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.types.DomainState;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalInt;

/// A domain as it was read at a time. Immutable, safe for use by any thread; valid indefinitely.
///
/// @param domain the name and UUID
/// @param id the id of the running domain; empty if the domain was not running
/// @param rawState the state, a `virDomainState`
/// @param rawReason the reason for the state; its C enumeration depends on the state
/// @param persistent whether the domain has a definition that outlives its run
/// @param generation the generation of the link whose connection read it
/// @param asOf the time when it was read. The view is at least as new as this time
public record DomainView(
        DomainIdentity domain,
        OptionalInt id,
        int rawState,
        int rawReason,
        boolean persistent,
        int generation,
        Instant asOf) {
    /// Rejects null.
    public DomainView {
        Objects.requireNonNull(domain, "domain");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(asOf, "asOf");
    }

    /// The state of the domain.
    public DomainState state() {
        return DomainState.of(rawState);
    }

    /// The state of the domain, and the reason for it.
    public Domain.Status status() {
        return new Domain.Status(rawState, rawReason);
    }

    /// Whether `other` describes another domain or another state of it. The time and generation of reading
    /// make no difference.
    public boolean differsFrom(DomainView other) {
        return rawState != other.rawState
                || rawReason != other.rawReason
                || persistent != other.persistent
                || !id.equals(other.id)
                || !domain.equals(other.domain);
    }
}
