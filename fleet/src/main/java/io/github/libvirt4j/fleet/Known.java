package io.github.libvirt4j.fleet;

import io.github.libvirt4j.fleet.FleetRecord.HostStatus;
import io.github.libvirt4j.link.DomainView;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The state of a host that the written records tell, when it is [assigned][Fleet#assign] anew.
///
/// @param domains its domains
/// @param status its own state; empty if there is no record of it
public record Known(Collection<DomainView> domains, Optional<HostStatus> status) {
    /// No record of the host.
    public static final Known NOTHING = new Known(List.of(), Optional.empty());

    /// Copies the domains.
    public Known {
        domains = List.copyOf(domains);
    }
}
