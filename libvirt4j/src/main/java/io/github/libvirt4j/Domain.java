package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainCreateWithFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainDestroyFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainFree;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetName;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetState;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainResume;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSuspend;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainUndefineFlags;

import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.internal.CMemory;
import io.github.libvirt4j.internal.Errors;
import io.github.libvirt4j.internal.NativeObject;
import io.github.libvirt4j.internal.Uuids;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainDestroyFlags;
import io.github.libvirt4j.types.DomainUndefineFlags;
import io.github.libvirt4j.types.Flag;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A virtual machine: one that runs, or the definition of one. C: `virDomainPtr`. Safe for use by any
/// thread.
///
/// Two handles are equal if they stand for the same domain (by UUID) of the same [Connect].
public final class Domain extends Handle {
    private final Connect connect;

    /// Never changes; read from C when first wanted.
    private volatile @Nullable UUID uuid;

    private Domain(Connect connect, NativeObject object) {
        super(object);
        this.connect = connect;
    }

    /// The handle for a pointer C has just given, which is released with it.
    static Domain of(Connect connect, MemorySegment pointer) {
        return new Domain(connect, new NativeObject(pointer, connect.object, domain -> virDomainFree(domain)));
    }

    /// The connection it belongs to.
    public Connect connect() {
        return connect;
    }

    /// Its name. C: `virDomainGetName`.
    public String name() {
        return call("virDomainGetName", p -> virDomainGetName(p), name -> Objects.requireNonNull(CMemory.string(name)));
    }

    /// Its UUID. C: `virDomainGetUUID`.
    public UUID uuid() {
        UUID known = knownUuid();
        if (known == null) {
            throw closed();
        }
        return known;
    }

    /// Its name and UUID, as events carry them.
    public DomainIdentity identity() {
        return new DomainIdentity(name(), uuid());
    }

    /// Its state now, and how it came there. C: `virDomainGetState`.
    public DomainStatus state() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment both = arena.allocate(ValueLayout.JAVA_INT, 2);
            call("virDomainGetState", p -> virDomainGetState(p, both, both.asSlice(Integer.BYTES), 0));
            return new DomainStatus(both.getAtIndex(ValueLayout.JAVA_INT, 0), both.getAtIndex(ValueLayout.JAVA_INT, 1));
        }
    }

    /// Starts it. C: `virDomainCreateWithFlags`, which without a flag does what `virDomainCreate` does.
    ///
    /// @throws OperationInvalidException if it runs
    public void create(DomainCreateFlags... flags) {
        call("virDomainCreateWithFlags", p -> virDomainCreateWithFlags(p, Flag.combine(flags)));
    }

    /// Stops its processors; its memory stays. C: `virDomainSuspend`.
    ///
    /// @throws OperationInvalidException if it does not run
    public void suspend() {
        call("virDomainSuspend", p -> virDomainSuspend(p));
    }

    /// Lets a suspended one go on. C: `virDomainResume`.
    ///
    /// @throws OperationInvalidException if it is not suspended
    public void resume() {
        call("virDomainResume", p -> virDomainResume(p));
    }

    /// Stops it at once, as if its power cord were pulled; what was only defined by its running is gone
    /// with it. The handle stays usable. C: `virDomainDestroyFlags`.
    ///
    /// @throws OperationInvalidException if it does not run
    public void destroy(DomainDestroyFlags... flags) {
        call("virDomainDestroyFlags", p -> virDomainDestroyFlags(p, Flag.combine(flags)));
    }

    /// Forgets its definition; one that runs goes on until it stops. C: `virDomainUndefineFlags`.
    ///
    /// @throws OperationInvalidException if there is something that belongs to it, as snapshots, and no flag says
    /// what
    ///     shall become of that
    public void undefine(DomainUndefineFlags... flags) {
        call("virDomainUndefineFlags", p -> virDomainUndefineFlags(p, Flag.combine(flags)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Domain domain) || connect != domain.connect) {
            return false;
        }
        UUID mine = knownUuid();
        return mine != null && mine.equals(domain.knownUuid());
    }

    @Override
    public int hashCode() {
        UUID known = knownUuid();
        return known == null ? System.identityHashCode(this) : known.hashCode();
    }

    @Override
    public String toString() {
        UUID known = knownUuid();
        return "domain " + (known == null ? object : known);
    }

    /// Null only if nobody asked before the handle was closed: it is equal to no other handle then.
    private @Nullable UUID knownUuid() {
        UUID known = uuid;
        if (known != null) {
            return known;
        }
        MemorySegment pointer = object.enter();
        if (pointer == null) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Uuids.SIZE);
            Errors.check(virDomainGetUUID(pointer, bytes), "virDomainGetUUID");
            known = Uuids.get(bytes);
        } finally {
            object.leave();
        }
        uuid = known;
        return known;
    }
}
