package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainAttachDeviceFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainCreateWithFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainDestroyFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainDetachDeviceFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainFree;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetAutostart;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetID;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetMaxMemory;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetMetadata;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetName;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetOSType;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetState;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetVcpusFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainIsActive;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainIsPersistent;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainIsUpdated;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainOpenChannel;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainOpenConsole;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainReboot;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainRename;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainReset;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainResume;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainScreenshot;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetAutostart;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetMemoryFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetMetadata;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetVcpusFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainShutdownFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSuspend;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainUndefineFlags;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.internal.raw.VirDomainInfo;
import io.github.libvirt4j.stream.Sink;
import io.github.libvirt4j.stream.ThrowingSink;
import io.github.libvirt4j.types.DomainChannelFlags;
import io.github.libvirt4j.types.DomainConsoleFlags;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainDestroyFlags;
import io.github.libvirt4j.types.DomainMetadataType;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.DomainRebootFlags;
import io.github.libvirt4j.types.DomainShutdownFlags;
import io.github.libvirt4j.types.DomainUndefineFlags;
import io.github.libvirt4j.types.DomainXmlFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
public final class Domain extends Noun implements EventSource<DomainEvent> {
    static final NativeObject.Release FREE = domain -> virDomainFree(domain);

    Domain(Connect connect) {
        super(connect, FREE);
    }

    /// Its name. C: `virDomainGetName`.
    public String name() {
        return keptString("virDomainGetName", p -> virDomainGetName(p));
    }

    /// Its UUID, known also after the handle was closed if it was asked for before. C: `virDomainGetUUID`.
    public UUID uuid() {
        return (UUID) identityNow();
    }

    /// Its name and UUID, as events carry them.
    public DomainIdentity identity() {
        return new DomainIdentity(name(), uuid());
    }

    /// Its number while it runs. C: `virDomainGetID`.
    public OptionalInt id() {
        MemorySegment pointer = enter();
        try {
            int id = virDomainGetID(pointer);
            return id == -1 ? OptionalInt.empty() : OptionalInt.of(id);
        } finally {
            object.leave();
        }
    }

    /// What kind of operating system it boots: `hvm`, `linux`, … C: `virDomainGetOSType`.
    public String osType() {
        return takeString("virDomainGetOSType", p -> virDomainGetOSType(p));
    }

    /// Its state now, and how it came there. C: `virDomainGetState`.
    public DomainStatus state() {
        return fill(
                "virDomainGetState",
                2 * Integer.BYTES,
                (p, both) -> virDomainGetState(p, both, both.asSlice(Integer.BYTES), 0),
                both -> new DomainStatus(
                        both.getAtIndex(ValueLayout.JAVA_INT, 0), both.getAtIndex(ValueLayout.JAVA_INT, 1)));
    }

    /// Its state, memory and processors in one call. C: `virDomainGetInfo`.
    public DomainInfo info() {
        return fill(
                "virDomainGetInfo",
                VirDomainInfo.SIZE,
                (p, info) -> virDomainGetInfo(p, info),
                info -> new DomainInfo(
                        Byte.toUnsignedInt(VirDomainInfo.state(info)),
                        VirDomainInfo.maxMem(info),
                        VirDomainInfo.memory(info),
                        Short.toUnsignedInt(VirDomainInfo.nrVirtCpu(info)),
                        VirDomainInfo.cpuTime(info)));
    }

    /// Its description. C: `virDomainGetXMLDesc`.
    public String xmlDesc(DomainXmlFlags... flags) {
        return takeString("virDomainGetXMLDesc", p -> virDomainGetXMLDesc(p, Flag.combine(flags)));
    }

    /// Whether it runs, or is suspended. C: `virDomainIsActive`.
    public boolean isActive() {
        return isTrue("virDomainIsActive", p -> virDomainIsActive(p));
    }

    /// Whether it has a definition that stays when it stops. C: `virDomainIsPersistent`.
    public boolean isPersistent() {
        return isTrue("virDomainIsPersistent", p -> virDomainIsPersistent(p));
    }

    /// Whether its definition was changed while it runs. C: `virDomainIsUpdated`.
    public boolean isUpdated() {
        return isTrue("virDomainIsUpdated", p -> virDomainIsUpdated(p));
    }

    /// Starts it. C: `virDomainCreateWithFlags`, which without a flag does what `virDomainCreate` does.
    public void create(DomainCreateFlags... flags) {
        call("virDomainCreateWithFlags", p -> virDomainCreateWithFlags(p, Flag.combine(flags)));
    }

    /// Stops its processors; its memory stays. C: `virDomainSuspend`.
    public void suspend() {
        call("virDomainSuspend", p -> virDomainSuspend(p));
    }

    /// Lets a suspended one go on. C: `virDomainResume`.
    public void resume() {
        call("virDomainResume", p -> virDomainResume(p));
    }

    /// Asks its operating system to shut down, and returns before it has. C: `virDomainShutdownFlags`,
    /// which without a flag lets the hypervisor choose the way, as `virDomainShutdown` does.
    public void shutdown(DomainShutdownFlags... flags) {
        call("virDomainShutdownFlags", p -> virDomainShutdownFlags(p, Flag.combine(flags)));
    }

    /// Asks its operating system to start anew, and returns before it has. C: `virDomainReboot`.
    public void reboot(DomainRebootFlags... flags) {
        call("virDomainReboot", p -> virDomainReboot(p, Flag.combine(flags)));
    }

    /// Starts it anew at once, as by its reset button. C: `virDomainReset`.
    public void reset() {
        call("virDomainReset", p -> virDomainReset(p, 0));
    }

    /// Stops it at once, as if its power cord were pulled; one that is not persistent is gone then. The
    /// handle stays usable. C: `virDomainDestroyFlags`, which without a flag does what `virDomainDestroy`
    /// does.
    ///
    /// @throws io.github.libvirt4j.error.OperationInvalidException if it does not run
    public void destroy(DomainDestroyFlags... flags) {
        call("virDomainDestroyFlags", p -> virDomainDestroyFlags(p, Flag.combine(flags)));
    }

    /// Forgets its definition; one that runs goes on until it stops. C: `virDomainUndefineFlags`, which
    /// without a flag does what `virDomainUndefine` does.
    ///
    /// @throws io.github.libvirt4j.error.OperationInvalidException if something belongs to it, as snapshots,
    ///     and no flag says what shall become of that
    public void undefine(DomainUndefineFlags... flags) {
        call("virDomainUndefineFlags", p -> virDomainUndefineFlags(p, Flag.combine(flags)));
    }

    /// Gives it another name; it must not run. C's handles keep the name they were looked up with, so this
    /// one goes on saying the old name. C: `virDomainRename`.
    public void rename(String name) {
        withString(name, "name", cName -> call("virDomainRename", p -> virDomainRename(p, cName, 0)));
    }

    /// A text or XML element kept with it. C: `virDomainGetMetadata`.
    ///
    /// @param uri of an element, its namespace; null otherwise
    /// @return empty if there is none
    public Optional<String> metadata(
            DomainMetadataType type, @Nullable String uri, DomainModificationImpact... impact) {
        try (Arena arena = arena()) {
            MemorySegment cUri = CMemory.stringOrNull(arena, uri, "uri");
            return find(
                    ErrorNumber.NO_DOMAIN_METADATA,
                    () -> takeString(
                            "virDomainGetMetadata",
                            p -> virDomainGetMetadata(p, type.value(), cUri, Flag.combine(impact))));
        }
    }

    /// Keeps a text or XML element with it. C: `virDomainSetMetadata`.
    ///
    /// @param metadata null to remove it
    /// @param key of an element, its prefix; null otherwise
    /// @param uri of an element, its namespace; null otherwise
    public void setMetadata(
            DomainMetadataType type,
            @Nullable String metadata,
            @Nullable String key,
            @Nullable String uri,
            DomainModificationImpact... impact) {
        try (Arena arena = arena()) {
            MemorySegment cMetadata = CMemory.stringOrNull(arena, metadata, "metadata");
            MemorySegment cKey = CMemory.stringOrNull(arena, key, "key");
            MemorySegment cUri = CMemory.stringOrNull(arena, uri, "uri");
            call(
                    "virDomainSetMetadata",
                    p -> virDomainSetMetadata(p, type.value(), cMetadata, cKey, cUri, Flag.combine(impact)));
        }
    }

    /// Its title, a short text for people. C: `virDomainGetMetadata`.
    public Optional<String> title(DomainModificationImpact... impact) {
        return metadata(DomainMetadataType.TITLE, null, impact);
    }

    /// Sets its title; null removes it. C: `virDomainSetMetadata`.
    ///
    /// @throws io.github.libvirt4j.error.LibvirtException if it has more than one line
    public void setTitle(@Nullable String title, DomainModificationImpact... impact) {
        setMetadata(DomainMetadataType.TITLE, title, null, null, impact);
    }

    /// Whether it is started with its host. C: `virDomainGetAutostart`.
    public boolean autostart() {
        return fillInt("virDomainGetAutostart", (p, autostart) -> virDomainGetAutostart(p, autostart)) != 0;
    }

    /// Sets whether it is started with its host. C: `virDomainSetAutostart`.
    public void setAutostart(boolean autostart) {
        call("virDomainSetAutostart", p -> virDomainSetAutostart(p, autostart ? 1 : 0));
    }

    /// The memory it can have at most, in KiB. C: `virDomainGetMaxMemory`.
    public long maxMemory() {
        return timed("virDomainGetMaxMemory", () -> {
            MemorySegment pointer = enter();
            try {
                long kib = virDomainGetMaxMemory(pointer);
                if (kib == 0) {
                    throw failed("virDomainGetMaxMemory");
                }
                return kib;
            } finally {
                object.leave();
            }
        });
    }

    /// Sets the memory it has, or with `DomainMemoryModFlags.MAXIMUM` can have. C:
    /// `virDomainSetMemoryFlags`; without a flag that changes the running domain if it runs, and its
    /// definition if not, other than C's `virDomainSetMemory`.
    ///
    /// @param kib in KiB
    /// @param flags of `DomainMemoryModFlags` and [DomainModificationImpact]
    public void setMemory(long kib, Flag... flags) {
        call("virDomainSetMemoryFlags", p -> virDomainSetMemoryFlags(p, kib, Flag.combine(flags)));
    }

    /// How many processors it has, or with `DomainVcpuFlags.MAXIMUM` can have. C: `virDomainGetVcpusFlags`.
    ///
    /// @param flags of `DomainVcpuFlags` and [DomainModificationImpact]
    public int vcpus(Flag... flags) {
        return call("virDomainGetVcpusFlags", p -> virDomainGetVcpusFlags(p, Flag.combine(flags)));
    }

    /// Sets how many processors it has, or can have. C: `virDomainSetVcpusFlags`; without a flag that
    /// changes the running domain if it runs, and its definition if not, other than C's
    /// `virDomainSetVcpus`.
    ///
    /// @param flags of `DomainVcpuFlags` and [DomainModificationImpact]
    public void setVcpus(int vcpus, Flag... flags) {
        call("virDomainSetVcpusFlags", p -> virDomainSetVcpusFlags(p, vcpus, Flag.combine(flags)));
    }

    /// Gives it a device. C: `virDomainAttachDeviceFlags`; without a flag that changes the running domain
    /// if it runs, and its definition if not, other than C's `virDomainAttachDevice`.
    ///
    /// @param xml the device's description
    /// @param flags of `DomainDeviceModifyFlags` and [DomainModificationImpact]
    public void attachDevice(String xml, Flag... flags) {
        withString(
                xml,
                "xml",
                cXml -> call(
                        "virDomainAttachDeviceFlags", p -> virDomainAttachDeviceFlags(p, cXml, Flag.combine(flags))));
    }

    /// Takes a device away; a running guest may take its time to let go. C: `virDomainDetachDeviceFlags`,
    /// for which the same is true.
    ///
    /// @param xml the device's description
    /// @param flags of `DomainDeviceModifyFlags` and [DomainModificationImpact]
    public void detachDevice(String xml, Flag... flags) {
        withString(
                xml,
                "xml",
                cXml -> call(
                        "virDomainDetachDeviceFlags", p -> virDomainDetachDeviceFlags(p, cXml, Flag.combine(flags))));
    }

    /// Lets a picture of one of its screens come over a stream. C: `virDomainScreenshot`.
    ///
    /// @param stream one that was not used for anything yet
    /// @param screen its number, from 0
    /// @return what sort of picture it is: `image/png`, `image/x-portable-pixmap`, …
    public String screenshot(Stream stream, int screen) {
        return stream.attach(
                connect(), st -> takeString("virDomainScreenshot", p -> virDomainScreenshot(p, st, screen, 0)));
    }

    /// Takes a picture of one of its screens.
    ///
    /// ```java
    /// String type = domain.screenshot(0, file::write);
    /// ```
    ///
    /// @param screen its number, from 0
    /// @param sink is given the picture, piece by piece
    /// @return what sort of picture it is: `image/png`, `image/x-portable-pixmap`, …
    /// @throws X what the sink threw
    public <X extends Exception> String screenshot(int screen, Sink<X> sink) throws X {
        try (Stream stream = connect().newStream()) {
            String type = screenshot(stream, screen);
            stream.receiveAll(sink);
            stream.finish();
            return type;
        }
    }

    /// Takes a picture of one of its screens, for languages without checked exceptions. As [#screenshot(int,
    /// Sink)] in all else.
    ///
    /// @throws Exception what the sink threw, the same object
    @SuppressWarnings("overloads") // Sink is a ThrowingSink, and therefore always the more specific.
    public String screenshot(int screen, ThrowingSink sink) throws Exception {
        Sink<Exception> known = sink::write;
        return screenshot(screen, known);
    }

    /// Connects a stream, in both directions, with a console: a serial or parallel port that the guest has.
    /// C: `virDomainOpenConsole`.
    ///
    /// @param device the alias of the console, serial or parallel device; null for the first
    /// @param stream one that was not used for anything yet
    /// @param flags [DomainConsoleFlags#FORCE] takes it from whoever has it; with
    ///     [DomainConsoleFlags#SAFE] a driver that cannot keep others out refuses
    public void openConsole(@Nullable String device, Stream stream, DomainConsoleFlags... flags) {
        try (Arena arena = arena()) {
            MemorySegment name = CMemory.stringOrNull(arena, device, "device");
            stream.attachConversation(
                    connect(),
                    st -> call("virDomainOpenConsole", p -> virDomainOpenConsole(p, name, st, Flag.combine(flags))));
        }
    }

    /// Connects a stream, in both directions, with a channel to something in the guest. C:
    /// `virDomainOpenChannel`, libvirt 1.0.2.
    ///
    /// @param name of the channel's target; null for the first channel
    /// @param stream one that was not used for anything yet
    /// @param flags [DomainChannelFlags#FORCE] takes it from whoever has it
    public void openChannel(@Nullable String name, Stream stream, DomainChannelFlags... flags) {
        try (Arena arena = arena()) {
            MemorySegment cName = CMemory.stringOrNull(arena, name, "name");
            stream.attachConversation(
                    connect(),
                    st -> call("virDomainOpenChannel", p -> virDomainOpenChannel(p, cName, st, Flag.combine(flags))));
        }
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
