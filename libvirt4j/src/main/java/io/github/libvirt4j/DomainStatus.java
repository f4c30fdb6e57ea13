package io.github.libvirt4j;

import io.github.libvirt4j.types.DomainBlockedReason;
import io.github.libvirt4j.types.DomainCrashedReason;
import io.github.libvirt4j.types.DomainNostateReason;
import io.github.libvirt4j.types.DomainPausedReason;
import io.github.libvirt4j.types.DomainPmSuspendedReason;
import io.github.libvirt4j.types.DomainRunningReason;
import io.github.libvirt4j.types.DomainShutdownReason;
import io.github.libvirt4j.types.DomainShutoffReason;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.EnumValue;

/// The state of a domain, and how it came there. Immutable, for use by any thread.
///
/// @param rawState a `virDomainState`
/// @param rawReason which enumeration it is of depends on the state
public record DomainStatus(int rawState, int rawReason) {
    /// The state.
    public DomainState state() {
        return DomainState.of(rawState);
    }

    /// How it came there, of the enumeration that belongs to the state. For a state newer than this jar it
    /// is `DomainState.UNRECOGNIZED`: there is no telling which enumeration [#rawReason] is of.
    public EnumValue reason() {
        return switch (state()) {
            case NOSTATE -> DomainNostateReason.of(rawReason);
            case RUNNING -> DomainRunningReason.of(rawReason);
            case BLOCKED -> DomainBlockedReason.of(rawReason);
            case PAUSED -> DomainPausedReason.of(rawReason);
            case SHUTDOWN -> DomainShutdownReason.of(rawReason);
            case SHUTOFF -> DomainShutoffReason.of(rawReason);
            case CRASHED -> DomainCrashedReason.of(rawReason);
            case PMSUSPENDED -> DomainPmSuspendedReason.of(rawReason);
            case UNRECOGNIZED -> DomainState.UNRECOGNIZED;
        };
    }

    @Override
    public String toString() {
        return state() + " (" + reason() + ")";
    }
}
