package io.github.libvirt4j.fleet;

import io.github.libvirt4j.fleet.FleetRecord.HostStatus;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.types.DomainState;
import java.time.Instant;
import java.util.Map;

/// A host of a [Fleet] at a moment. Immutable, safe for use by any thread.
///
/// @param host the host
/// @param status whether its domains are known
/// @param since the time since which it has this status
/// @param link the state of its link
/// @param domains the number of its domains in each state, as far as they are known
/// @param events the number of events that came since the host was assigned
/// @param gaps the number of gaps in its events since then, those in front of the first connection excepted
public record HostView(
        Host host,
        HostStatus status,
        Instant since,
        LinkState link,
        Map<DomainState, Integer> domains,
        long events,
        long gaps) {
    /// Copies the map.
    public HostView {
        domains = Map.copyOf(domains);
    }
}
