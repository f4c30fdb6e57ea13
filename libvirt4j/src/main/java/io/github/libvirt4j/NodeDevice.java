package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceCreate;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceDestroy;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceFree;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceGetAutostart;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceGetName;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceGetParent;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceIsActive;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceIsPersistent;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceListCaps;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceNumOfCaps;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceSetAutostart;
import static io.github.libvirt4j.internal.raw.LibvirtNodedev.virNodeDeviceUndefine;

import io.github.libvirt4j.event.NodeDeviceEvent;
import io.github.libvirt4j.event.NodeDeviceIdentity;
import io.github.libvirt4j.internal.c.CArrays;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.CStrings;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.NodeDeviceXmlFlags;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// A device of the host. C: `virNodeDevicePtr`. Safe for use by any thread.
///
/// Two handles are equal if they stand for the same one (by name) of the same [Connect]. Methods throw
/// [LibvirtException][io.github.libvirt4j.error.LibvirtException] if libvirt refuses, and
/// [IllegalStateException] after the handle or its connection was closed.
///
/// A handle is to be closed when done, wherever it came from; one that is forgotten is closed when it is
/// collected, or with its connection. Closing it does nothing to what it stands for, and takes effect after
/// the calls that are under way on it.
///
/// @c {@index virNodeDeviceFree} libvirt 0.5.0
public final class NodeDevice extends Noun implements EventSource<NodeDeviceEvent> {
    static final NativeObject.Release FREE = device -> virNodeDeviceFree(device);

    NodeDevice(Connect connect) {
        super(connect, FREE);
    }

    /// Its name, known also after the handle was closed if it was asked for before.
    ///
    /// @c {@index virNodeDeviceGetName} libvirt 0.5.0
    public String name() {
        return (String) identityNow();
    }

    /// Its name, as events carry it.
    public NodeDeviceIdentity identity() {
        return new NodeDeviceIdentity(name());
    }

    /// The name of the device it belongs to.
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
        // One use: the strings are ours also where nobody waits for them any more.
        return using("virNodeDeviceNumOfCaps", (p, in) -> {
            int most = check(virNodeDeviceNumOfCaps(p), "virNodeDeviceNumOfCaps");
            MemorySegment names = CArrays.room(in.memory(), "virNodeDeviceNumOfCaps", most, Long.BYTES);
            int count = check(virNodeDeviceListCaps(p, names, most), "virNodeDeviceListCaps");
            return CStrings.takeFilled("virNodeDeviceListCaps", names, count);
        });
    }

    /// Its description.
    ///
    /// @c {@index virNodeDeviceGetXMLDesc} libvirt 0.5.0
    public String xmlDesc(NodeDeviceXmlFlags... flags) {
        return takeString("virNodeDeviceGetXMLDesc", p -> virNodeDeviceGetXMLDesc(p, Flag.combine(flags)));
    }

    /// Starts one that is defined.
    ///
    /// @c {@index virNodeDeviceCreate} libvirt 7.3.0
    public void create() {
        call("virNodeDeviceCreate", p -> virNodeDeviceCreate(p, 0));
    }

    /// Removes it from the host: a virtual one, as an SR-IOV function or a vHBA.
    ///
    /// @c {@index virNodeDeviceDestroy} libvirt 0.6.3
    public void destroy() {
        call("virNodeDeviceDestroy", p -> virNodeDeviceDestroy(p));
    }

    /// Forgets its definition.
    ///
    /// @c {@index virNodeDeviceUndefine} libvirt 7.3.0
    public void undefine() {
        call("virNodeDeviceUndefine", p -> virNodeDeviceUndefine(p, 0));
    }

    /// Whether it is there.
    ///
    /// @c {@index virNodeDeviceIsActive} libvirt 7.8.0
    public boolean isActive() {
        return isTrue("virNodeDeviceIsActive", p -> virNodeDeviceIsActive(p));
    }

    /// Whether it has a definition that stays.
    ///
    /// @c {@index virNodeDeviceIsPersistent} libvirt 7.8.0
    public boolean isPersistent() {
        return isTrue("virNodeDeviceIsPersistent", p -> virNodeDeviceIsPersistent(p));
    }

    /// Whether it is started with its host.
    ///
    /// @c {@index virNodeDeviceGetAutostart} libvirt 7.8.0
    public boolean autostart() {
        return fillInt("virNodeDeviceGetAutostart", (p, autostart) -> virNodeDeviceGetAutostart(p, autostart)) != 0;
    }

    /// Sets whether it is started with its host.
    ///
    /// @c {@index virNodeDeviceSetAutostart} libvirt 7.8.0
    public void setAutostart(boolean autostart) {
        call("virNodeDeviceSetAutostart", p -> virNodeDeviceSetAutostart(p, autostart ? 1 : 0));
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
