package io.github.libvirt4j;

import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.Errors;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.internal.c.Uuids;
import io.github.libvirt4j.internal.call.CallMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A handle of an object of a connection: a domain, a network, …
///
/// Two handles are equal if their class, [Connect] and identity (a UUID, a name, a key) are the same. The
/// identity never changes. It is read from C at its first use, and remains known after the handle was closed.
abstract sealed class Noun extends Handle
        permits Domain,
                Interface,
                Network,
                NetworkPort,
                NodeDevice,
                NwFilter,
                NwFilterBinding,
                Secret,
                StoragePool,
                StorageVol {
    private final Connect connect;
    private volatile @Nullable Object identity;

    /// @param free releases the pointer that C will give
    Noun(Connect connect, NativeObject.Release free) {
        super(connect.object, free, connect.timedCalls);
        this.connect = connect;
    }

    /// The connection of the object.
    public final Connect connect() {
        return connect;
    }

    @Override
    final Connection connection() {
        return connect;
    }

    /// The word for the object in messages: `domain`, `network`, …
    abstract String noun();

    /// Reads the identity from C: a UUID, a name, a key.
    abstract Object readIdentity(MemorySegment pointer);

    /// The identity; null if the handle was closed before the identity was read.
    final @Nullable Object knownIdentity() {
        Object known = identity;
        if (known != null) {
            return known;
        }
        MemorySegment pointer = object.enter();
        if (pointer == null) {
            return null;
        }
        try {
            known = readIdentity(pointer);
        } finally {
            object.leave();
        }
        identity = known;
        return known;
    }

    /// The identity; an [IllegalStateException] if the handle was closed before it was read.
    final Object identityNow() {
        Object known = knownIdentity();
        if (known == null) {
            throw closed();
        }
        return known;
    }

    /// Reads a UUID.
    static UUID uuid(MemorySegment pointer, String function, GetUuid get) {
        try (Arena arena = CallMemory.take()) {
            MemorySegment bytes = arena.allocate(Uuids.SIZE);
            Errors.check(get.into(pointer, bytes), function);
            return Uuids.get(bytes);
        }
    }

    /// Reads a string that C keeps, such as a name.
    static String kept(MemorySegment string, String function) {
        return Objects.requireNonNull(CMemory.string(Errors.check(string, function)), function);
    }

    /// A C function that fills the bytes of a UUID, such as `virDomainGetUUID`.
    @FunctionalInterface
    interface GetUuid {
        int into(MemorySegment pointer, MemorySegment bytes);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Noun noun) || getClass() != noun.getClass() || connect != noun.connect) {
            return false;
        }
        Object mine = knownIdentity();
        return mine != null && mine.equals(noun.knownIdentity());
    }

    @Override
    public final int hashCode() {
        Object known = knownIdentity();
        return known == null ? System.identityHashCode(this) : known.hashCode();
    }

    @Override
    public final String toString() {
        Object known = knownIdentity();
        return noun() + " " + (known == null ? object : known);
    }
}
