package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainAttachDeviceFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainCreateWithFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainDestroyFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainDetachDeviceFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainFree;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetAutostart;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetDiskErrors;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetID;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetMetadata;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetName;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetOSType;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetState;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainIsActive;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainIsPersistent;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainIsUpdated;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainReboot;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainRename;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainReset;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainResume;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetAutostart;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetMetadata;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainShutdownFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSuspend;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainUndefineFlags;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.internal.raw.VirDomainDiskError;
import io.github.libvirt4j.internal.raw.VirDomainInfo;
import io.github.libvirt4j.types.DomainBlockedReason;
import io.github.libvirt4j.types.DomainCrashedReason;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainDestroyFlags;
import io.github.libvirt4j.types.DomainDiskErrorCode;
import io.github.libvirt4j.types.DomainMetadataType;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.DomainNostateReason;
import io.github.libvirt4j.types.DomainPausedReason;
import io.github.libvirt4j.types.DomainPmSuspendedReason;
import io.github.libvirt4j.types.DomainRebootFlags;
import io.github.libvirt4j.types.DomainRunningReason;
import io.github.libvirt4j.types.DomainShutdownFlags;
import io.github.libvirt4j.types.DomainShutdownReason;
import io.github.libvirt4j.types.DomainShutoffReason;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.DomainUndefineFlags;
import io.github.libvirt4j.types.DomainXmlFlags;
import io.github.libvirt4j.types.EnumValue;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A domain: a virtual machine that runs, or the definition of one. C: `virDomainPtr`. Safe for use by any
/// thread.
///
/// The [package][io.github.libvirt4j] describes threads, closing, equality and exceptions of all handles.
///
/// @c {@index virDomainFree} libvirt 0.0.3
public final class Domain extends Noun implements EventSource<DomainEvent> {
    /// The state, memory and processors of a domain. C: `virDomainInfo`. Immutable, safe for use by any
    /// thread.
    ///
    /// @param rawState the state, a `virDomainState`
    /// @param maxMemory the maximum memory, in KiB
    /// @param memory the current memory, in KiB
    /// @param vcpus the number of virtual processors
    /// @param cpuTime the processor time used, in nanoseconds, an unsigned number
    @SuppressWarnings("AvoidCommonTypeNames") // It is always Domain.Info, Node.Info, …
    public record Info(int rawState, long maxMemory, long memory, int vcpus, long cpuTime) {
        /// The state of the domain.
        public DomainState state() {
            return DomainState.of(rawState);
        }
    }

    /// The state of a domain, and the reason for it. Immutable, safe for use by any thread.
    ///
    /// @param rawState the state, a `virDomainState`
    /// @param rawReason the reason; its C enumeration depends on the state
    public record Status(int rawState, int rawReason) {
        /// The state of the domain.
        public DomainState state() {
            return DomainState.of(rawState);
        }

        /// The reason for the state: a constant of the enumeration that belongs to the state, such as
        /// [DomainPausedReason]. For a state newer than this jar it is `DomainState.UNRECOGNIZED`, because
        /// the enumeration of [#rawReason] is not known.
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

    static final NativeObject.Release FREE = domain -> virDomainFree(domain);

    Domain(Connect connect) {
        super(connect, FREE);
    }

    /// The name of the domain.
    ///
    /// @c {@index virDomainGetName} libvirt 0.0.3
    public String name() {
        return keptString("virDomainGetName", p -> virDomainGetName(p));
    }

    /// The UUID of the domain: its identity.
    ///
    /// @c {@index virDomainGetUUID} libvirt 0.0.5
    public UUID uuid() {
        return (UUID) identityNow();
    }

    /// The name and UUID of the domain as a plain value, as events carry it.
    public DomainIdentity identity() {
        return new DomainIdentity(name(), uuid());
    }

    /// The hypervisor's number for the running domain; empty if the domain does not run.
    ///
    /// @c {@index virDomainGetID} libvirt 0.0.3
    public OptionalInt id() {
        MemorySegment pointer = enter();
        try {
            return id(virDomainGetID(pointer));
        } finally {
            object.leave();
        }
    }

    /// The id as C returns it.
    static OptionalInt id(int id) {
        return id == -1 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /// Returns the type of operating system that the domain boots: `hvm`, `linux`, …
    ///
    /// @c {@index virDomainGetOSType} libvirt 0.0.3
    public String osType() {
        return takeString("virDomainGetOSType", p -> virDomainGetOSType(p));
    }

    /// The current state of the domain, and the reason for it.
    ///
    /// @c {@index virDomainGetState} libvirt 0.9.2
    public Status state() {
        return fill(
                "virDomainGetState",
                2 * Integer.BYTES,
                (p, both) -> virDomainGetState(p, both, both.asSlice(Integer.BYTES), 0),
                both -> new Status(both.getAtIndex(ValueLayout.JAVA_INT, 0), both.getAtIndex(ValueLayout.JAVA_INT, 1)));
    }

    /// The state, memory and processors of the domain, in one call.
    ///
    /// @c {@index virDomainGetInfo} libvirt 0.0.3
    public Info info() {
        return fill(
                "virDomainGetInfo",
                VirDomainInfo.SIZE,
                (p, info) -> virDomainGetInfo(p, info),
                info -> new Info(
                        Byte.toUnsignedInt(VirDomainInfo.state(info)),
                        VirDomainInfo.maxMem(info),
                        VirDomainInfo.memory(info),
                        Short.toUnsignedInt(VirDomainInfo.nrVirtCpu(info)),
                        VirDomainInfo.cpuTime(info)));
    }

    /// The description of the domain as XML. Default: the running configuration if the domain runs, otherwise
    /// its definition; without passwords and other secrets.
    ///
    /// @c {@index virDomainGetXMLDesc} libvirt 0.0.3
    public String xmlDesc(DomainXmlFlags... flags) {
        return takeString("virDomainGetXMLDesc", p -> virDomainGetXMLDesc(p, Flag.combine(flags)));
    }

    /// Whether the domain is active: it runs, or is suspended.
    ///
    /// @c {@index virDomainIsActive} libvirt 0.7.3
    public boolean isActive() {
        return isTrue("virDomainIsActive", p -> virDomainIsActive(p));
    }

    /// Whether the domain is persistent: its definition remains when it stops.
    ///
    /// @c {@index virDomainIsPersistent} libvirt 0.7.3
    public boolean isPersistent() {
        return isTrue("virDomainIsPersistent", p -> virDomainIsPersistent(p));
    }

    /// Whether the definition was changed since the domain was started.
    ///
    /// @c {@index virDomainIsUpdated} libvirt 0.8.6
    public boolean isUpdated() {
        return isTrue("virDomainIsUpdated", p -> virDomainIsUpdated(p));
    }

    /// Starts the domain; a managed save image, if there is one, is restored. Without a flag this method does
    /// what `virDomainCreate` does.
    ///
    /// @c {@index virDomainCreateWithFlags} libvirt 0.8.2
    public void create(DomainCreateFlags... flags) {
        call("virDomainCreateWithFlags", p -> virDomainCreateWithFlags(p, Flag.combine(flags)));
    }

    /// Suspends the domain: its processors stop, its memory stays allocated. [#resume] continues it.
    ///
    /// @c {@index virDomainSuspend} libvirt 0.0.3
    public void suspend() {
        call("virDomainSuspend", p -> virDomainSuspend(p));
    }

    /// Resumes a suspended domain.
    ///
    /// @c {@index virDomainResume} libvirt 0.0.3
    public void resume() {
        call("virDomainResume", p -> virDomainResume(p));
    }

    /// Asks the guest's operating system to shut down, and returns without waiting for it. The guest may
    /// ignore the request. Without a flag the hypervisor chooses the method, as `virDomainShutdown` does.
    ///
    /// @c {@index virDomainShutdownFlags} libvirt 0.9.10
    public void shutdown(DomainShutdownFlags... flags) {
        call("virDomainShutdownFlags", p -> virDomainShutdownFlags(p, Flag.combine(flags)));
    }

    /// Asks the guest's operating system to reboot, and returns without waiting for it. The guest may ignore
    /// the request. Without a flag the hypervisor chooses the method.
    ///
    /// @c {@index virDomainReboot} libvirt 0.1.0
    public void reboot(DomainRebootFlags... flags) {
        call("virDomainReboot", p -> virDomainReboot(p, Flag.combine(flags)));
    }

    /// Resets the domain immediately, like the reset button of a machine. The guest does not shut down and
    /// can lose data.
    ///
    /// @c {@index virDomainReset} libvirt 0.9.7
    public void reset() {
        call("virDomainReset", p -> virDomainReset(p, 0));
    }

    /// Stops the domain immediately, like a power failure. A domain that is not persistent ceases to exist.
    /// The handle remains usable. Without a flag this method does what `virDomainDestroy` does.
    ///
    /// @c {@index virDomainDestroyFlags} libvirt 0.9.4
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public void destroy(DomainDestroyFlags... flags) {
        call("virDomainDestroyFlags", p -> virDomainDestroyFlags(p, Flag.combine(flags)));
    }

    /// Removes the definition of the domain. A running domain continues, no longer persistent, until it
    /// stops. Without a flag this method does what `virDomainUndefine` does.
    ///
    /// @c {@index virDomainUndefineFlags} libvirt 0.9.4
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain has snapshots, a managed
    ///     save image, … and no flag decides what happens to them
    public void undefine(DomainUndefineFlags... flags) {
        call("virDomainUndefineFlags", p -> virDomainUndefineFlags(p, Flag.combine(flags)));
    }

    /// Renames the domain. Drivers may require a certain state; QEMU's requires that the domain does not run.
    /// [#name] of this and other existing handles continues to return the old name, which C keeps in each
    /// handle.
    ///
    /// @c {@index virDomainRename} libvirt 1.2.19
    public void rename(String name) {
        call("virDomainRename", (p, in) -> virDomainRename(p, in.string(name, "name"), 0));
    }

    /// The title, the description, or an XML element that a program has stored in the domain.
    ///
    /// @c {@index virDomainGetMetadata} libvirt 0.9.10
    /// @param type the part to read
    /// @param uri the namespace of an [ELEMENT][DomainMetadataType#ELEMENT]; null for other types
    /// @param impact the running domain or its definition; default: the running domain if it runs, otherwise
    ///     the definition
    /// @return the text or XML; empty if there is none
    public Optional<String> metadata(
            DomainMetadataType type, @Nullable String uri, DomainModificationImpact... impact) {
        return find(
                ErrorNumber.NO_DOMAIN_METADATA,
                () -> takeString(
                        "virDomainGetMetadata",
                        (p, in) -> virDomainGetMetadata(
                                p, type.value(), in.stringOrNull(uri, "uri"), Flag.combine(impact))));
    }

    /// Sets the title, the description, or an XML element of the domain.
    ///
    /// @c {@index virDomainSetMetadata} libvirt 0.9.10
    /// @param type the part to set
    /// @param metadata the text or XML; null removes it
    /// @param key the namespace prefix of an [ELEMENT][DomainMetadataType#ELEMENT]; null for other types
    /// @param uri the namespace of an [ELEMENT][DomainMetadataType#ELEMENT]; null for other types
    /// @param impact the running domain, its definition, or both; default: the running domain if it runs,
    ///     otherwise the definition
    public void setMetadata(
            DomainMetadataType type,
            @Nullable String metadata,
            @Nullable String key,
            @Nullable String uri,
            DomainModificationImpact... impact) {
        call(
                "virDomainSetMetadata",
                (p, in) -> virDomainSetMetadata(
                        p,
                        type.value(),
                        in.stringOrNull(metadata, "metadata"),
                        in.stringOrNull(key, "key"),
                        in.stringOrNull(uri, "uri"),
                        Flag.combine(impact)));
    }

    /// The disks that have had an I/O error since the domain was started, or resumed after the error.
    ///
    /// @c {@index virDomainGetDiskErrors} libvirt 0.9.10
    /// @return one element for each disk with an error; empty if all disks work
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public List<DiskError> diskErrors() {
        int disks = call("virDomainGetDiskErrors", p -> virDomainGetDiskErrors(p, MemorySegment.NULL, 0, 0));
        if (disks == 0) {
            return List.of();
        }
        return fillStructs(
                "virDomainGetDiskErrors",
                disks,
                VirDomainDiskError.SIZE,
                (p, _, errors) -> virDomainGetDiskErrors(p, errors, disks, 0),
                error -> new DiskError(
                        String.valueOf(CMemory.string(VirDomainDiskError.disk(error))),
                        VirDomainDiskError.error(error)),
                error -> CMemory.free(VirDomainDiskError.disk(error)));
    }

    /// A disk with an I/O error. C: `virDomainDiskError`. Immutable, safe for use by any thread.
    ///
    /// @param disk the target device of the disk: `vda`, …
    /// @param rawError the kind of the error, a `virDomainDiskErrorCode`
    public record DiskError(String disk, int rawError) {
        /// The kind of the error.
        public DomainDiskErrorCode error() {
            return DomainDiskErrorCode.of(rawError);
        }
    }

    /// The title of the domain, a short text for people; empty if there is none.
    ///
    /// @c {@index virDomainGetMetadata} libvirt 0.9.10
    /// @param impact the running domain or its definition; default: the running domain if it runs, otherwise
    ///     the definition
    public Optional<String> title(DomainModificationImpact... impact) {
        return metadata(DomainMetadataType.TITLE, null, impact);
    }

    /// Sets or removes the title of the domain.
    ///
    /// @c {@index virDomainSetMetadata} libvirt 0.9.10
    /// @param title a text of one line; null removes the title
    /// @param impact the running domain, its definition, or both; default: the running domain if it runs,
    ///     otherwise the definition
    /// @throws io.github.libvirt4j.error.LibvirtException if the title has more than one line
    public void setTitle(@Nullable String title, DomainModificationImpact... impact) {
        setMetadata(DomainMetadataType.TITLE, title, null, null, impact);
    }

    /// Whether the domain starts when its host boots.
    ///
    /// @c {@index virDomainGetAutostart} libvirt 0.2.1
    public boolean autostart() {
        return fillInt("virDomainGetAutostart", (p, autostart) -> virDomainGetAutostart(p, autostart)) != 0;
    }

    /// Sets whether the domain starts when its host boots.
    ///
    /// @c {@index virDomainSetAutostart} libvirt 0.2.1
    public void setAutostart(boolean autostart) {
        call("virDomainSetAutostart", p -> virDomainSetAutostart(p, autostart ? 1 : 0));
    }

    /// The memory of the domain, as a view with methods of its own.
    public DomainMemory memory() {
        return new DomainMemory(this);
    }

    /// The processors of the domain, as a view with methods of its own.
    public DomainCpu cpu() {
        return new DomainCpu(this);
    }

    /// A disk of the domain, as a view with methods of its own. Those ask libvirt; this one does not check
    /// that there is such a disk.
    ///
    /// @param name the target in the domain's XML, `vda`, or the path of the source, `/path/to/image`, if no
    ///     other disk has it. QEMU's driver knows two more: an empty name gives [DomainDisk#stats] of all
    ///     disks together, and `vda[1]` sets [DomainDisk#setThreshold] of an image of the backing chain, by
    ///     the index in the XML of the running domain
    public DomainDisk disk(String name) {
        return new DomainDisk(this, name);
    }

    /// A network interface of the domain, as a view with methods of its own. Those ask libvirt; this one does
    /// not check that there is such an interface.
    ///
    /// @param device the target device in the XML of the running domain, `vnet0`, or the MAC address, if no
    ///     other interface of the domain has it
    public DomainInterface iface(String device) {
        return new DomainInterface(this, device);
    }

    /// The I/O of the domain, as a view with methods of its own.
    public DomainIo io() {
        return new DomainIo(this);
    }

    /// The consoles, channels and screens of the domain, as a view with methods of its own.
    public DomainConsole console() {
        return new DomainConsole(this);
    }

    /// Attaches a device. Default: to the running domain if it runs, otherwise to its definition. (C's
    /// `virDomainAttachDevice` accepts running domains only.)
    ///
    /// @c {@index virDomainAttachDeviceFlags} libvirt 0.7.7
    /// @param xml the description of the device
    /// @param flags constants of `DomainDeviceModifyFlags` and [DomainModificationImpact]
    public void attachDevice(String xml, Flag... flags) {
        call(
                "virDomainAttachDeviceFlags",
                (p, in) -> virDomainAttachDeviceFlags(p, in.string(xml, "xml"), Flag.combine(flags)));
    }

    /// Detaches a device. Default: from the running domain if it runs, otherwise from its definition. (C's
    /// `virDomainDetachDevice` accepts running domains only.) Detaching from a running domain can be
    /// asynchronous: this method requests it, and [DomainEvent.DEVICE_REMOVED][DomainEvent#DEVICE_REMOVED]
    /// reports its completion.
    ///
    /// @c {@index virDomainDetachDeviceFlags} libvirt 0.7.7
    /// @param xml the description of the device
    /// @param flags constants of `DomainDeviceModifyFlags` and [DomainModificationImpact]
    public void detachDevice(String xml, Flag... flags) {
        call(
                "virDomainDetachDeviceFlags",
                (p, in) -> virDomainDetachDeviceFlags(p, in.string(xml, "xml"), Flag.combine(flags)));
    }

    @Override
    String noun() {
        return "domain";
    }

    @Override
    Object readIdentity(MemorySegment pointer) {
        return uuid(pointer, "virDomainGetUUID", (p, bytes) -> virDomainGetUUID(p, bytes));
    }
}
