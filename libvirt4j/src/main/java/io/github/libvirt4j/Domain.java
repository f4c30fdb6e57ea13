package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainCoreDumpWithFormat;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainCreateWithFiles;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainCreateWithFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainDestroyFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainFDAssociate;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainFree;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetAutostart;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetAutostartOnce;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetControlInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetDiskErrors;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetID;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetMessages;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetMetadata;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetName;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetOSType;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetState;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainIsActive;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainIsPersistent;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainIsUpdated;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainPMSuspendForDuration;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainPMWakeup;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainReboot;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainRename;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainReset;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainResume;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSaveFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSaveParams;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetAutostart;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetAutostartOnce;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetLifecycleAction;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetMetadata;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainShutdownFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSuspend;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainUndefineFlags;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.internal.c.CArrays;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.internal.raw.VirDomainControlInfo;
import io.github.libvirt4j.internal.raw.VirDomainDiskError;
import io.github.libvirt4j.internal.raw.VirDomainInfo;
import io.github.libvirt4j.types.DomainBlockedReason;
import io.github.libvirt4j.types.DomainControlErrorReason;
import io.github.libvirt4j.types.DomainControlState;
import io.github.libvirt4j.types.DomainCoreDumpFlags;
import io.github.libvirt4j.types.DomainCoreDumpFormat;
import io.github.libvirt4j.types.DomainCrashedReason;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainDestroyFlags;
import io.github.libvirt4j.types.DomainDiskErrorCode;
import io.github.libvirt4j.types.DomainFdAssociateFlags;
import io.github.libvirt4j.types.DomainLifecycle;
import io.github.libvirt4j.types.DomainLifecycleAction;
import io.github.libvirt4j.types.DomainMessageType;
import io.github.libvirt4j.types.DomainMetadataType;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.DomainNostateReason;
import io.github.libvirt4j.types.DomainPausedReason;
import io.github.libvirt4j.types.DomainPmSuspendedReason;
import io.github.libvirt4j.types.DomainRebootFlags;
import io.github.libvirt4j.types.DomainRunningReason;
import io.github.libvirt4j.types.DomainSaveRestoreFlags;
import io.github.libvirt4j.types.DomainShutdownFlags;
import io.github.libvirt4j.types.DomainShutdownReason;
import io.github.libvirt4j.types.DomainShutoffReason;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.DomainUndefineFlags;
import io.github.libvirt4j.types.DomainXmlFlags;
import io.github.libvirt4j.types.EnumValue;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.NodeSuspendTarget;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
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

    /// The state of the interface through which the driver controls a domain. C: `virDomainControlInfo`.
    /// Immutable, safe for use by any thread.
    ///
    /// @param rawState the state, a `virDomainControlState`
    /// @param rawDetails the kind of an error, a `virDomainControlErrorReason`; 0 in other states
    /// @param stateTime how long the interface has been in this state, in ms, an unsigned number; 0 if the
    ///     driver does not tell
    public record ControlInfo(int rawState, int rawDetails, long stateTime) {
        /// The state of the interface.
        public DomainControlState state() {
            return DomainControlState.of(rawState);
        }

        /// The kind of an error; [DomainControlErrorReason#NONE] in other states.
        public DomainControlErrorReason details() {
            return DomainControlErrorReason.of(rawDetails);
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

    /// Returns the state of the interface through which the driver controls the domain: idle, busy with a
    /// job, waiting for the hypervisor, or broken.
    ///
    /// @c {@index virDomainGetControlInfo} libvirt 0.9.3
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public ControlInfo controlInfo() {
        return fill(
                "virDomainGetControlInfo",
                VirDomainControlInfo.SIZE,
                (p, info) -> virDomainGetControlInfo(p, info, 0),
                info -> new ControlInfo(
                        VirDomainControlInfo.state(info),
                        VirDomainControlInfo.details(info),
                        VirDomainControlInfo.stateTime(info)));
    }

    /// Returns warnings about the domain, for people to read: why its configuration is not supported, which
    /// of its features are deprecated, and the I/O errors of its disks.
    ///
    /// @c {@index virDomainGetMessages} libvirt 7.1.0
    /// @param types default: all that the driver has
    public List<String> messages(DomainMessageType... types) {
        int bits = Flag.combine(types);
        return takeStrings(
                "virDomainGetMessages",
                CArrays.End.AT_COUNT,
                (p, _, messages) -> virDomainGetMessages(p, messages, bits));
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

    /// Starts the domain and gives open files to its first program. The driver of Linux containers (LXC) has
    /// this function, where the files are the file descriptors 3, 4, … of the container's init; QEMU's does
    /// not.
    ///
    /// @c {@index virDomainCreateWithFiles} libvirt 1.1.1
    /// @param files the files; libvirt duplicates them
    /// @throws IllegalStateException also if one of `files` is closed
    public void createWithFiles(List<OpenFile> files, DomainCreateFlags... flags) {
        List<OpenFile> copy = List.copyOf(files);
        int bits = Flag.combine(flags);
        call(
                "virDomainCreateWithFiles",
                (p, in) -> OpenFile.using(copy, in, (count, fds) -> virDomainCreateWithFiles(p, count, fds, bits)));
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

    /// Suspends the guest's operating system through its agent, and returns without waiting for it. Unlike
    /// [#suspend], the guest takes part, and its processors stop by themselves.
    ///
    /// @c {@index virDomainPMSuspendForDuration} libvirt 0.9.10
    /// @param target to memory, to disk, or both
    /// @param duration the time after which the guest wakes up; zero for no limit, the only value that QEMU's
    ///     driver accepts. libvirt's unit is the second; a fraction is cut off
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public void pmSuspendForDuration(NodeSuspendTarget target, Duration duration) {
        call(
                "virDomainPMSuspendForDuration",
                p -> virDomainPMSuspendForDuration(p, target.value(), duration.toSeconds(), 0));
    }

    /// Wakes up a guest that has suspended itself to memory: its state is
    /// [PMSUSPENDED][DomainState#PMSUSPENDED].
    ///
    /// @c {@index virDomainPMWakeup} libvirt 0.9.11
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public void pmWakeup() {
        call("virDomainPMWakeup", p -> virDomainPMWakeup(p, 0));
    }

    /// Sets what happens when the guest powers off, reboots or crashes.
    ///
    /// @c {@index virDomainSetLifecycleAction} libvirt 3.9.0
    /// @param type the occasion
    /// @param action the reaction; libvirt refuses combinations that make no sense
    /// @param impact the running domain, its definition, or both; default: the running domain if it runs,
    ///     otherwise the definition
    public void setLifecycleAction(
            DomainLifecycle type, DomainLifecycleAction action, DomainModificationImpact... impact) {
        int bits = Flag.combine(impact);
        call("virDomainSetLifecycleAction", p -> virDomainSetLifecycleAction(p, type.value(), action.value(), bits));
    }

    /// Saves the memory of the domain to a file, and stops the domain; [Domains#restore] continues it.
    /// Blocks until the file is written. Calls `virDomainSaveFlags`, which VirtualBox's driver does not have.
    ///
    /// @c {@index virDomainSaveFlags} libvirt 0.9.4
    /// @param to the path of the file on the hypervisor's host; a relative one is completed in this process
    /// @param xml the description to store for the restored domain, which can differ in details that the
    ///     guest does not see; null for that of the running domain
    /// @param flags default: the restored domain is suspended if this one is
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public void save(String to, @Nullable String xml, DomainSaveRestoreFlags... flags) {
        int bits = Flag.combine(flags);
        call(
                "virDomainSaveFlags",
                (p, in) -> virDomainSaveFlags(p, in.string(to, "to"), in.stringOrNull(xml, "xml"), bits));
    }

    /// Saves the memory of the domain to a file, and stops the domain, as [#save] does, with more parameters.
    ///
    /// @c {@index virDomainSaveParams} libvirt 8.4.0
    /// @param parameters of [DomainSaveParamKeys][io.github.libvirt4j.types.DomainSaveParamKeys]; QEMU's
    ///     driver makes a [managed save image][#managedSave] if there is no `FILE`
    public void saveParams(TypedParameters parameters, DomainSaveRestoreFlags... flags) {
        int bits = Flag.combine(flags);
        call(
                "virDomainSaveParams",
                (p, in) -> virDomainSaveParams(p, in.parameters(parameters), parameters.size(), bits));
    }

    /// Writes the memory of the domain to a file, for a debugger. Default: the domain is suspended meanwhile
    /// and then continues. Calls `virDomainCoreDumpWithFormat`, which Xen's driver does not have.
    ///
    /// @c {@index virDomainCoreDumpWithFormat} libvirt 1.2.3
    /// @param to the path of the file on the hypervisor's host; a relative one is completed in this process
    /// @param format [RAW][DomainCoreDumpFormat#RAW] is the format of `virDomainCoreDump`; the others need
    ///     [MEMORY_ONLY][DomainCoreDumpFlags#MEMORY_ONLY]
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public void coreDump(String to, DomainCoreDumpFormat format, DomainCoreDumpFlags... flags) {
        int bits = Flag.combine(flags);
        call(
                "virDomainCoreDumpWithFormat",
                (p, in) -> virDomainCoreDumpWithFormat(p, in.string(to, "to"), format.value(), bits));
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

    /// Whether the domain starts when its host boots the next time, and only then.
    ///
    /// @c {@index virDomainGetAutostartOnce} libvirt 11.2.0
    public boolean autostartOnce() {
        return fillInt("virDomainGetAutostartOnce", (p, autostart) -> virDomainGetAutostartOnce(p, autostart)) != 0;
    }

    /// Sets whether the domain starts when its host boots the next time, and only then.
    ///
    /// @c {@index virDomainSetAutostartOnce} libvirt 11.2.0
    public void setAutostartOnce(boolean autostart) {
        call("virDomainSetAutostartOnce", p -> virDomainSetAutostartOnce(p, autostart ? 1 : 0));
    }

    /// Associates open files with a name, by which a disk's XML can refer to them (`fdgroup`), until the
    /// connection is closed.
    ///
    /// @c {@index virDomainFDAssociate} libvirt 9.0.0
    /// @param name of the group; a group of that name is replaced
    /// @param files the same file in each mode of access that QEMU needs; libvirt duplicates them
    /// @throws IllegalStateException also if one of `files` is closed
    public void fdAssociate(String name, List<OpenFile> files, DomainFdAssociateFlags... flags) {
        List<OpenFile> copy = List.copyOf(files);
        int bits = Flag.combine(flags);
        call(
                "virDomainFDAssociate",
                (p, in) -> OpenFile.using(
                        copy, in, (count, fds) -> virDomainFDAssociate(p, in.string(name, "name"), count, fds, bits)));
    }

    /// The devices of the domain, as a view with methods of its own.
    public DomainDevices devices() {
        return new DomainDevices(this);
    }

    /// The managed save image of the domain, as a view with methods of its own.
    public DomainManagedSave managedSave() {
        return new DomainManagedSave(this);
    }

    /// The security labels and the launch security of the domain, as a view with methods of its own.
    public DomainSecurity security() {
        return new DomainSecurity(this);
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

    /// The job of the domain as a whole, as a view with methods of its own.
    public DomainJob job() {
        return new DomainJob(this);
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

    /// The guest's operating system, as a view with methods of its own.
    public DomainGuest guest() {
        return new DomainGuest(this);
    }

    /// The snapshots of the domain.
    public DomainSnapshots snapshots() {
        return new DomainSnapshots(this);
    }

    /// The checkpoints of the domain, for incremental backups.
    public DomainCheckpoints checkpoints() {
        return new DomainCheckpoints(this);
    }

    /// The migration of the domain to another host, as a view with methods of its own.
    public DomainMigration migration() {
        return new DomainMigration(this);
    }

    /// QEMU's own interfaces to the domain, as a view with methods of its own.
    public DomainQemu qemu() {
        return new DomainQemu(this);
    }

    /// The Linux container (LXC) that the domain is, as a view with methods of its own.
    public DomainLxc lxc() {
        return new DomainLxc(this);
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
