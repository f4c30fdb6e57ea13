package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainAnnounceInterface;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetInterfaceParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainInterfaceStats;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetInterfaceParameters;

import io.github.libvirt4j.internal.raw.VirDomainInterfaceStatsStruct;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.TypedParameters;

/// A network interface of a domain, reached by `domain.iface("vnet0")`. Owns nothing and need not be closed;
/// its calls throw an [IllegalStateException] after the domain or its connection was closed. Immutable, safe
/// for use by any thread.
///
/// All methods throw [LibvirtException][io.github.libvirt4j.error.LibvirtException] if libvirt refuses, also
/// because the domain has no such interface, and
/// [UnsupportedException][io.github.libvirt4j.error.UnsupportedException] if the driver does not have the
/// function.
///
/// @param domain the domain it belongs to
/// @param device its name, as [Domain#iface] describes it
public record DomainInterface(Domain domain, String device) {
    /// The traffic of an interface, as the guest sees it. Immutable, for use by any thread. C:
    /// `virDomainInterfaceStatsStruct`.
    ///
    /// A number is −1 if the driver does not count it.
    ///
    /// @param rxBytes the bytes received
    /// @param rxPackets the packets received
    /// @param rxErrs the errors of receiving
    /// @param rxDrop the packets to the guest that were dropped
    /// @param txBytes the bytes sent
    /// @param txPackets the packets sent
    /// @param txErrs the errors of sending
    /// @param txDrop the packets of the guest that were dropped
    public record Stats(
            long rxBytes,
            long rxPackets,
            long rxErrs,
            long rxDrop,
            long txBytes,
            long txPackets,
            long txErrs,
            long txDrop) {}

    /// Returns the traffic of the interface since the domain was started. QEMU's driver refuses if the
    /// interface has no device on the host, as one of type `user`.
    ///
    /// @c {@index virDomainInterfaceStats} libvirt 0.3.2
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public Stats stats() {
        return domain.fill(
                "virDomainInterfaceStats",
                VirDomainInterfaceStatsStruct.SIZE,
                (p, in, stats) -> virDomainInterfaceStats(
                        p, in.string(device, "device"), stats, VirDomainInterfaceStatsStruct.SIZE),
                stats -> new Stats(
                        VirDomainInterfaceStatsStruct.rx_bytes(stats),
                        VirDomainInterfaceStatsStruct.rx_packets(stats),
                        VirDomainInterfaceStatsStruct.rx_errs(stats),
                        VirDomainInterfaceStatsStruct.rx_drop(stats),
                        VirDomainInterfaceStatsStruct.tx_bytes(stats),
                        VirDomainInterfaceStatsStruct.tx_packets(stats),
                        VirDomainInterfaceStatsStruct.tx_errs(stats),
                        VirDomainInterfaceStatsStruct.tx_drop(stats)));
    }

    /// Returns the bandwidth of the interface.
    ///
    /// @c {@index virDomainGetInterfaceParameters} libvirt 0.9.9
    /// @param impact default: the running domain if it runs, otherwise its definition
    /// @return parameters of [DomainBandwidthKeys][io.github.libvirt4j.types.DomainBandwidthKeys], averages,
    ///     peaks and the floor in KiB a second, bursts in KiB; 0 means no limit
    /// @throws io.github.libvirt4j.error.OperationInvalidException with [DomainModificationImpact#LIVE] if
    ///     the domain does not run
    public TypedParameters parameters(DomainModificationImpact... impact) {
        int bits = Flag.combine(impact);
        return domain.fillParameters(
                "virDomainGetInterfaceParameters",
                (p, in, params, nparams) ->
                        virDomainGetInterfaceParameters(p, in.string(device, "device"), params, nparams, bits));
    }

    /// Sets the bandwidth of the interface, in one direction or both.
    ///
    /// The parameters of a direction replace all that the direction had; the other direction keeps its own.
    /// Without an average or floor a direction has no limit.
    ///
    /// @c {@index virDomainSetInterfaceParameters} libvirt 0.9.9
    /// @param parameters one or more of [DomainBandwidthKeys][io.github.libvirt4j.types.DomainBandwidthKeys]
    /// @param impact default: the running domain if it runs, otherwise its definition
    /// @throws io.github.libvirt4j.error.OperationInvalidException with [DomainModificationImpact#LIVE] if
    ///     the domain does not run
    public void setParameters(TypedParameters parameters, DomainModificationImpact... impact) {
        int bits = Flag.combine(impact);
        domain.call(
                "virDomainSetInterfaceParameters",
                (p, in) -> virDomainSetInterfaceParameters(
                        p, in.string(device, "device"), in.parameters(parameters), parameters.size(), bits));
    }

    /// Announces the interface to the network: the guest's side sends gratuitous ARP packets, so that
    /// switches learn where it is.
    ///
    /// @c {@index virDomainAnnounceInterface} libvirt 12.5.0
    /// @param parameters of
    ///     [DomainAnnounceInterfaceKeys][io.github.libvirt4j.types.DomainAnnounceInterfaceKeys]; libvirt has
    ///     defaults for all of them
    /// @throws io.github.libvirt4j.error.FunctionMissingException if the loaded libvirt is older
    public void announce(TypedParameters parameters) {
        domain.call(
                "virDomainAnnounceInterface",
                (p, in) -> virDomainAnnounceInterface(
                        p, in.string(device, "device"), in.parameters(parameters), parameters.size(), 0));
    }
}
