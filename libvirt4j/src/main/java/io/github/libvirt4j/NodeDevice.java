package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceCreate;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceDestroy;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceDetachFlags;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceFree;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceGetAutostart;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceGetName;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceGetParent;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceIsActive;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceIsPersistent;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceListCaps;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceNumOfCaps;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceReAttach;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceReset;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceSetAutostart;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceUndefine;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceUpdate;

import io.github.libvirt4j.event.NodeDeviceEvent;
import io.github.libvirt4j.event.NodeDeviceIdentity;
import io.github.libvirt4j.internal.c.CArrays;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.CStrings;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.NodeDeviceUpdateFlags;
import io.github.libvirt4j.types.NodeDeviceXmlFlags;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A device of the host. C: `virNodeDevicePtr`. Safe for use by any thread.
///
/// The [package][io.github.libvirt4j] describes threads, closing, equality and exceptions of all handles.
///
/// @c {@index virNodeDeviceFree} libvirt 0.5.0
public final class NodeDevice extends Noun implements EventSource<NodeDeviceEvent> {
    static final NativeObject.Release FREE = device -> virNodeDeviceFree(device);

    NodeDevice(Connect connect) {
        super(connect, FREE);
    }

    /// The name of the device: its identity.
    ///
    /// @c {@index virNodeDeviceGetName} libvirt 0.5.0
    public String name() {
        return (String) identityNow();
    }

    /// The name of the device as a plain value, as events carry it.
    public NodeDeviceIdentity identity() {
        return new NodeDeviceIdentity(name());
    }

    /// The name of the parent device; empty if there is none.
    ///
    /// @c {@index virNodeDeviceGetParent} libvirt 0.5.0
    public Optional<String> parent() {
        return timed("virNodeDeviceGetParent", () -> {
            MemorySegment pointer = enter();
            try {
                // NULL is no failure: the computer itself has no parent.
                return Optional.ofNullable(CMemory.string(virNodeDeviceGetParent(pointer)));
            } finally {
                object.leave();
            }
        });
    }

    /// Returns the capabilities of the device: `pci`, `net`, `scsi_host`, …
    ///
    /// @c {@index virNodeDeviceListCaps} libvirt 0.5.0
    public List<String> caps() {
        // One use of the handle: the thread of the call takes the strings, also if its caller has left.
        return using("virNodeDeviceNumOfCaps", (p, in) -> {
            int most = check(virNodeDeviceNumOfCaps(p), "virNodeDeviceNumOfCaps");
            MemorySegment names = CArrays.room(in.memory(), "virNodeDeviceNumOfCaps", most, Long.BYTES);
            int count = check(virNodeDeviceListCaps(p, names, most), "virNodeDeviceListCaps");
            return CStrings.takeFilled("virNodeDeviceListCaps", names, count);
        });
    }

    /// The description of the device as XML.
    ///
    /// @c {@index virNodeDeviceGetXMLDesc} libvirt 0.5.0
    public String xmlDesc(NodeDeviceXmlFlags... flags) {
        return takeString("virNodeDeviceGetXMLDesc", p -> virNodeDeviceGetXMLDesc(p, Flag.combine(flags)));
    }

    /// Starts a defined device.
    ///
    /// @c {@index virNodeDeviceCreate} libvirt 7.3.0
    public void create() {
        call("virNodeDeviceCreate", p -> virNodeDeviceCreate(p, 0));
    }

    /// Removes a virtual device from the host, such as a vHBA or a mediated device.
    ///
    /// @c {@index virNodeDeviceDestroy} libvirt 0.6.3
    public void destroy() {
        call("virNodeDeviceDestroy", p -> virNodeDeviceDestroy(p));
    }

    /// Removes the definition of the device.
    ///
    /// @c {@index virNodeDeviceUndefine} libvirt 7.3.0
    public void undefine() {
        call("virNodeDeviceUndefine", p -> virNodeDeviceUndefine(p, 0));
    }

    /// Whether the device is active: it exists on the host.
    ///
    /// @c {@index virNodeDeviceIsActive} libvirt 7.8.0
    public boolean isActive() {
        return isTrue("virNodeDeviceIsActive", p -> virNodeDeviceIsActive(p));
    }

    /// Whether the device is persistent: it has a definition.
    ///
    /// @c {@index virNodeDeviceIsPersistent} libvirt 7.8.0
    public boolean isPersistent() {
        return isTrue("virNodeDeviceIsPersistent", p -> virNodeDeviceIsPersistent(p));
    }

    /// Whether the device starts when its host boots.
    ///
    /// @c {@index virNodeDeviceGetAutostart} libvirt 7.8.0
    public boolean autostart() {
        return fillInt("virNodeDeviceGetAutostart", (p, autostart) -> virNodeDeviceGetAutostart(p, autostart)) != 0;
    }

    /// Sets whether the device starts when its host boots.
    ///
    /// @c {@index virNodeDeviceSetAutostart} libvirt 7.8.0
    public void setAutostart(boolean autostart) {
        call("virNodeDeviceSetAutostart", p -> virNodeDeviceSetAutostart(p, autostart ? 1 : 0));
    }

    /// Changes the device: of the active device, its definition, or both. libvirt can change mediated
    /// devices.
    ///
    /// @c {@index virNodeDeviceUpdate} libvirt 10.1.0
    /// @param xml the new description of the device, in libvirt's
    ///     [format](https://libvirt.org/formatnode.html)
    /// @param flags default: the active device if it is active, otherwise its definition;
    ///     [NodeDeviceUpdateFlags#LIVE] and [NodeDeviceUpdateFlags#CONFIG] for one of them or both
    public void update(String xml, NodeDeviceUpdateFlags... flags) {
        int bits = Flag.combine(flags);
        call("virNodeDeviceUpdate", (p, in) -> virNodeDeviceUpdate(p, in.string(xml, "xml"), bits));
    }

    /// Detaches a PCI device from its driver on the host, so that a domain can have it. It does not return to
    /// the host when the domain ends; [#reAttach] returns it.
    ///
    /// @c {@index virNodeDeviceDetachFlags} libvirt 1.0.5
    /// @param driver the driver that takes the device for the domain, such as `vfio`; null for the
    ///     hypervisor's default
    public void detach(@Nullable String driver) {
        call("virNodeDeviceDetachFlags", (p, in) -> virNodeDeviceDetachFlags(p, in.stringOrNull(driver, "driver"), 0));
    }

    /// Attaches a PCI device to its driver on the host again, after [#detach].
    ///
    /// @c {@index virNodeDeviceReAttach} libvirt 0.6.1
    public void reAttach() {
        call("virNodeDeviceReAttach", p -> virNodeDeviceReAttach(p));
    }

    /// Resets a PCI device, which must be detached from its driver and not in use by a domain.
    ///
    /// @c {@index virNodeDeviceReset} libvirt 0.6.1
    public void reset() {
        call("virNodeDeviceReset", p -> virNodeDeviceReset(p));
    }

    @Override
    String noun() {
        return "device";
    }

    @Override
    Object readIdentity(MemorySegment pointer) {
        return kept(virNodeDeviceGetName(pointer), "virNodeDeviceGetName");
    }
}
