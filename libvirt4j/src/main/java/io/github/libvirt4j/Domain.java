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

/// A virtual machine: one that runs, or the definition of one. C: `virDomainPtr`. Safe for use by any
/// thread.
///
/// Two handles are equal if they stand for the same domain (by UUID) of the same [Connect]. Methods throw
/// [LibvirtException][io.github.libvirt4j.error.LibvirtException] if libvirt refuses, and
/// [IllegalStateException] after the handle or its connection was closed.
///
/// A handle is to be closed when done, wherever it came from; one that is forgotten is closed when it is
/// collected, or with its connection. Closing it does nothing to what it stands for, and takes effect after
/// the calls that are under way on it.
///
/// @c {@index virDomainFree} libvirt 0.0.3
public final class Domain extends Noun implements EventSource<DomainEvent> {
    /// The state, memory and processors of a domain. Immutable, for use by any thread. C: `virDomainInfo`.
    ///
    /// @param rawState a `virDomainState`
    /// @param maxMemory the memory it can have at most, in KiB
    /// @param memory the memory it has, in KiB
    /// @param vcpus how many processors it has
    /// @param cpuTime the processor time it has used, in nanoseconds; as C's, an unsigned number
    @SuppressWarnings("AvoidCommonTypeNames") // It is always Domain.Info, Node.Info, …
    public record Info(int rawState, long maxMemory, long memory, int vcpus, long cpuTime) {
        /// Its state.
        public DomainState state() {
            return DomainState.of(rawState);
        }
    }

    /// The state of a domain, and how it came there. Immutable, for use by any thread.
    ///
    /// @param rawState a `virDomainState`
    /// @param rawReason which enumeration it is of depends on the state
    public record Status(int rawState, int rawReason) {
        /// The state.
        public DomainState state() {
            return DomainState.of(rawState);
        }

        /// How it came there, of the enumeration that belongs to the state. For a state newer than this jar
        /// it is `DomainState.UNRECOGNIZED`: there is no telling which enumeration [#rawReason] is of.
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

    /// Its name.
    ///
    /// @c {@index virDomainGetName} libvirt 0.0.3
    public String name() {
        return keptString("virDomainGetName", p -> virDomainGetName(p));
    }

    /// Its UUID, known also after the handle was closed if it was asked for before.
    ///
    /// @c {@index virDomainGetUUID} libvirt 0.0.5
    public UUID uuid() {
        return (UUID) identityNow();
    }

    /// Its name and UUID, as events carry them.
    public DomainIdentity identity() {
        return new DomainIdentity(name(), uuid());
    }

    /// Its number while it runs.
    ///
    /// @c {@index virDomainGetID} libvirt 0.0.3
    public OptionalInt id() {
        MemorySegment pointer = enter();
        try {
            int id = virDomainGetID(pointer);
            return id == -1 ? OptionalInt.empty() : OptionalInt.of(id);
        } finally {
            object.leave();
        }
    }

    /// Returns the type of operating system that the domain boots: `hvm`, `linux`, …
    ///
    /// @c {@index virDomainGetOSType} libvirt 0.0.3
    public String osType() {
        return takeString("virDomainGetOSType", p -> virDomainGetOSType(p));
    }

    /// Its state now, and how it came there.
    ///
    /// @c {@index virDomainGetState} libvirt 0.9.2
    public Status state() {
        return fill(
                "virDomainGetState",
                2 * Integer.BYTES,
                (p, both) -> virDomainGetState(p, both, both.asSlice(Integer.BYTES), 0),
                both -> new Status(both.getAtIndex(ValueLayout.JAVA_INT, 0), both.getAtIndex(ValueLayout.JAVA_INT, 1)));
    }

    /// Its state, memory and processors in one call.
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

    /// Its description.
    ///
    /// @c {@index virDomainGetXMLDesc} libvirt 0.0.3
    public String xmlDesc(DomainXmlFlags... flags) {
        return takeString("virDomainGetXMLDesc", p -> virDomainGetXMLDesc(p, Flag.combine(flags)));
    }

    /// Whether it runs, or is suspended.
    ///
    /// @c {@index virDomainIsActive} libvirt 0.7.3
    public boolean isActive() {
        return isTrue("virDomainIsActive", p -> virDomainIsActive(p));
    }

    /// Whether it has a definition that stays when it stops.
    ///
    /// @c {@index virDomainIsPersistent} libvirt 0.7.3
    public boolean isPersistent() {
        return isTrue("virDomainIsPersistent", p -> virDomainIsPersistent(p));
    }

    /// Whether its definition was changed while it runs.
    ///
    /// @c {@index virDomainIsUpdated} libvirt 0.8.6
    public boolean isUpdated() {
        return isTrue("virDomainIsUpdated", p -> virDomainIsUpdated(p));
    }

    /// Starts it. Without a flag it does what `virDomainCreate` does.
    ///
    /// @c {@index virDomainCreateWithFlags} libvirt 0.8.2
    public void create(DomainCreateFlags... flags) {
        call("virDomainCreateWithFlags", p -> virDomainCreateWithFlags(p, Flag.combine(flags)));
    }

    /// Stops its processors; its memory stays.
    ///
    /// @c {@index virDomainSuspend} libvirt 0.0.3
    public void suspend() {
        call("virDomainSuspend", p -> virDomainSuspend(p));
    }

    /// Lets a suspended one go on.
    ///
    /// @c {@index virDomainResume} libvirt 0.0.3
    public void resume() {
        call("virDomainResume", p -> virDomainResume(p));
    }

    /// Asks its operating system to shut down, and returns before it has. Without a flag the hypervisor
    /// chooses the way, as with `virDomainShutdown`.
    ///
    /// @c {@index virDomainShutdownFlags} libvirt 0.9.10
    public void shutdown(DomainShutdownFlags... flags) {
        call("virDomainShutdownFlags", p -> virDomainShutdownFlags(p, Flag.combine(flags)));
    }

    /// Asks its operating system to start anew, and returns before it has.
    ///
    /// @c {@index virDomainReboot} libvirt 0.1.0
    public void reboot(DomainRebootFlags... flags) {
        call("virDomainReboot", p -> virDomainReboot(p, Flag.combine(flags)));
    }

    /// Starts it anew at once, as by its reset button.
    ///
    /// @c {@index virDomainReset} libvirt 0.9.7
    public void reset() {
        call("virDomainReset", p -> virDomainReset(p, 0));
    }

    /// Stops it at once, as if its power cord were pulled; one that is not persistent is gone then. The
    /// handle stays usable. Without a flag it does what `virDomainDestroy` does.
    ///
    /// @c {@index virDomainDestroyFlags} libvirt 0.9.4
    /// @throws io.github.libvirt4j.error.OperationInvalidException if it does not run
    public void destroy(DomainDestroyFlags... flags) {
        call("virDomainDestroyFlags", p -> virDomainDestroyFlags(p, Flag.combine(flags)));
    }

    /// Forgets its definition; one that runs goes on until it stops. Without a flag it does what
    /// `virDomainUndefine` does.
    ///
    /// @c {@index virDomainUndefineFlags} libvirt 0.9.4
    /// @throws io.github.libvirt4j.error.OperationInvalidException if something belongs to it, as snapshots,
    ///     and no flag says what shall become of that
    public void undefine(DomainUndefineFlags... flags) {
        call("virDomainUndefineFlags", p -> virDomainUndefineFlags(p, Flag.combine(flags)));
    }

    /// Gives it another name; it must not run. C's handles keep the name they were looked up with, so this
    /// one goes on saying the old name.
    ///
    /// @c {@index virDomainRename} libvirt 1.2.19
    public void rename(String name) {
        call("virDomainRename", (p, in) -> virDomainRename(p, in.string(name, "name"), 0));
    }

    /// A text or XML element kept with it.
    ///
    /// @c {@index virDomainGetMetadata} libvirt 0.9.10
    /// @param uri of an element, its namespace; null otherwise
    /// @return empty if there is none
    public Optional<String> metadata(
            DomainMetadataType type, @Nullable String uri, DomainModificationImpact... impact) {
        return find(
                ErrorNumber.NO_DOMAIN_METADATA,
                () -> takeString(
                        "virDomainGetMetadata",
                        (p, in) -> virDomainGetMetadata(
                                p, type.value(), in.stringOrNull(uri, "uri"), Flag.combine(impact))));
    }

    /// Keeps a text or XML element with it.
    ///
    /// @c {@index virDomainSetMetadata} libvirt 0.9.10
    /// @param metadata null to remove it
    /// @param key of an element, its prefix; null otherwise
    /// @param uri of an element, its namespace; null otherwise
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

    /// The disks that have had an I/O error since the domain was started, or resumed after it.
    ///
    /// @return empty if all disks work
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    /// @c {@index virDomainGetDiskErrors} libvirt 0.9.10
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

    /// A disk with an I/O error. Immutable, for use by any thread. C: `virDomainDiskError`.
    ///
    /// @param disk its target: `vda`, …
    /// @param rawError a `virDomainDiskErrorCode`
    public record DiskError(String disk, int rawError) {
        /// The kind of the error.
        public DomainDiskErrorCode error() {
            return DomainDiskErrorCode.of(rawError);
        }
    }

    /// Its title, a short text for people.
    ///
    /// @c {@index virDomainGetMetadata} libvirt 0.9.10
    public Optional<String> title(DomainModificationImpact... impact) {
        return metadata(DomainMetadataType.TITLE, null, impact);
    }

    /// Sets its title; null removes it.
    ///
    /// @c {@index virDomainSetMetadata} libvirt 0.9.10
    /// @throws io.github.libvirt4j.error.LibvirtException if it has more than one line
    public void setTitle(@Nullable String title, DomainModificationImpact... impact) {
        setMetadata(DomainMetadataType.TITLE, title, null, null, impact);
    }

    /// Whether it is started with its host.
    ///
    /// @c {@index virDomainGetAutostart} libvirt 0.2.1
    public boolean autostart() {
        return fillInt("virDomainGetAutostart", (p, autostart) -> virDomainGetAutostart(p, autostart)) != 0;
    }

    /// Sets whether it is started with its host.
    ///
    /// @c {@index virDomainSetAutostart} libvirt 0.2.1
    public void setAutostart(boolean autostart) {
        call("virDomainSetAutostart", p -> virDomainSetAutostart(p, autostart ? 1 : 0));
    }

    /// Its memory.
    public DomainMemory memory() {
        return new DomainMemory(this);
    }

    /// Its processors.
    public DomainCpu cpu() {
        return new DomainCpu(this);
    }

    /// Its I/O threads, and the limits of its I/O.
    public DomainIo io() {
        return new DomainIo(this);
    }

    /// Its consoles, channels and screens.
    public DomainConsole console() {
        return new DomainConsole(this);
    }

    /// Gives it a device. Without a flag this changes the running domain if it runs, and its definition if
    /// not, other than C's `virDomainAttachDevice`.
    ///
    /// @c {@index virDomainAttachDeviceFlags} libvirt 0.7.7
    /// @param xml the device's description
    /// @param flags of `DomainDeviceModifyFlags` and [DomainModificationImpact]
    public void attachDevice(String xml, Flag... flags) {
        call(
                "virDomainAttachDeviceFlags",
                (p, in) -> virDomainAttachDeviceFlags(p, in.string(xml, "xml"), Flag.combine(flags)));
    }

    /// Takes a device away; a running guest may take its time to let go. Without a flag this changes the
    /// running domain if it runs, and its definition if not, other than C's `virDomainDetachDevice`.
    ///
    /// @c {@index virDomainDetachDeviceFlags} libvirt 0.7.7
    /// @param xml the device's description
    /// @param flags of `DomainDeviceModifyFlags` and [DomainModificationImpact]
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
