package io.github.libvirt4j;

import io.github.libvirt4j.types.DomainState;

/// What a domain has. Immutable, for use by any thread. C: `virDomainInfo`.
///
/// @param rawState a `virDomainState`
/// @param maxMemory the memory it can have at most, in KiB
/// @param memory the memory it has, in KiB
/// @param vcpus how many processors it has
/// @param cpuTime the processor time it has used, in nanoseconds; as C's, an unsigned number
public record DomainInfo(int rawState, long maxMemory, long memory, int vcpus, long cpuTime) {
    /// Its state.
    public DomainState state() {
        return DomainState.of(rawState);
    }
}
