package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainAttachDeviceFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainDetachDeviceAlias;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainDetachDeviceFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainUpdateDeviceFlags;

import io.github.libvirt4j.types.Flag;

/// The devices of a domain: `domain.devices()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// Default of all methods: the running domain if it runs, otherwise its definition.
///
/// @param domain the domain
public record DomainDevices(Domain domain) {
    /// Attaches a device. (C's `virDomainAttachDevice` accepts running domains only.) The program
    /// `HotPlugDisk` in `examples` shows it.
    ///
    /// @c {@index virDomainAttachDeviceFlags} libvirt 0.7.7
    /// @param xml the description of the device
    /// @param flags constants of `DomainDeviceModifyFlags` and `DomainModificationImpact`
    public void attach(String xml, Flag... flags) {
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainAttachDeviceFlags", (p, in) -> virDomainAttachDeviceFlags(p, in.string(xml, "xml"), bits));
    }

    /// Detaches a device. (C's `virDomainDetachDevice` accepts running domains only.) Detaching from a
    /// running domain can be asynchronous: this method requests it, and
    /// [DEVICE_REMOVED][io.github.libvirt4j.event.DomainEvent#DEVICE_REMOVED] reports its completion.
    ///
    /// @c {@index virDomainDetachDeviceFlags} libvirt 0.7.7
    /// @param xml the description of the device
    /// @param flags constants of `DomainDeviceModifyFlags` and `DomainModificationImpact`
    public void detach(String xml, Flag... flags) {
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainDetachDeviceFlags", (p, in) -> virDomainDetachDeviceFlags(p, in.string(xml, "xml"), bits));
    }

    /// Requests that a device is detached, and returns before it is:
    /// [DEVICE_REMOVED][io.github.libvirt4j.event.DomainEvent#DEVICE_REMOVED] reports its completion.
    ///
    /// @c {@index virDomainDetachDeviceAlias} libvirt 4.4.0
    /// @param alias the alias in the domain's XML, `net0`; for the definition, one that the user has given,
    ///     `ua-…`
    /// @param flags constants of `DomainDeviceModifyFlags` and `DomainModificationImpact`
    public void detachAlias(String alias, Flag... flags) {
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainDetachDeviceAlias",
                (p, in) -> virDomainDetachDeviceAlias(p, in.string(alias, "alias"), bits));
    }

    /// Changes a device: the medium of a drive, the link of an interface, …
    ///
    /// @c {@index virDomainUpdateDeviceFlags} libvirt 0.8.0
    /// @param xml the new description of the device, which also says which device it is
    /// @param flags constants of `DomainDeviceModifyFlags` and `DomainModificationImpact`;
    ///     [FORCE][io.github.libvirt4j.types.DomainDeviceModifyFlags#FORCE] ejects a medium that the guest
    ///     has locked
    public void update(String xml, Flag... flags) {
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainUpdateDeviceFlags", (p, in) -> virDomainUpdateDeviceFlags(p, in.string(xml, "xml"), bits));
    }
}
