package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretFree;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretGetUUID;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretGetUsageID;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretGetUsageType;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretGetValue;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretSetValue;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretUndefine;

import io.github.libvirt4j.event.SecretEvent;
import io.github.libvirt4j.event.SecretIdentity;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.types.SecretUsageType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.UUID;

/// A secret libvirt keeps: a key or a password of something else. C: `virSecretPtr`. Safe for use by any
/// thread.
///
/// Two handles are equal if they stand for the same one (by UUID) of the same [Connect]. Methods throw
/// [LibvirtException][io.github.libvirt4j.error.LibvirtException] if libvirt refuses, and
/// [IllegalStateException] after the handle or its connection was closed.
///
/// A handle is to be closed when done, wherever it came from; one that is forgotten is closed when it is
/// collected, or with its connection. Closing it does nothing to what it stands for, and takes effect after
/// the calls that are under way on it.
///
/// @c {@index virSecretFree} libvirt 0.7.1
public final class Secret extends Noun implements EventSource<SecretEvent> {
    static final NativeObject.Release FREE = secret -> virSecretFree(secret);

    Secret(Connect connect) {
        super(connect, FREE);
    }

    /// Its UUID, known also after the handle was closed if it was asked for before.
    ///
    /// @c {@index virSecretGetUUID} libvirt 0.7.1
    public UUID uuid() {
        return (UUID) identityNow();
    }

    /// Returns the sort of its use.
    ///
    /// @c {@index virSecretGetUsageType} libvirt 0.7.1
    public SecretUsageType usageType() {
        return SecretUsageType.of(rawUsageType());
    }

    private int rawUsageType() {
        return call("virSecretGetUsageType", p -> virSecretGetUsageType(p));
    }

    /// Returns the user of the secret, of the sort of [#usageType]: the path of a volume, …; empty without a
    /// use.
    ///
    /// @c {@index virSecretGetUsageID} libvirt 0.7.1
    public String usageId() {
        return keptString("virSecretGetUsageID", p -> virSecretGetUsageID(p));
    }

    /// Its UUID and use, as events carry them.
    public SecretIdentity identity() {
        return new SecretIdentity(uuid(), rawUsageType(), usageId());
    }

    /// Its description, without the value.
    ///
    /// @c {@index virSecretGetXMLDesc} libvirt 0.7.1
    public String xmlDesc() {
        return takeString("virSecretGetXMLDesc", p -> virSecretGetXMLDesc(p, 0));
    }

    /// Its value; the caller's to wipe.
    ///
    /// @c {@index virSecretGetValue} libvirt 0.7.1
    /// @throws io.github.libvirt4j.error.LibvirtException if it has none, is private, or may not be read on
    ///     this connection
    public byte[] value() {
        try (Arena arena = arena()) {
            MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
            return call("virSecretGetValue", p -> virSecretGetValue(p, size, 0), value -> {
                try {
                    MemorySegment bytes =
                            CMemory.array("virSecretGetValue", value, size.get(ValueLayout.JAVA_LONG, 0), 1);
                    try {
                        return bytes.toArray(ValueLayout.JAVA_BYTE);
                    } finally {
                        bytes.fill((byte) 0);
                    }
                } finally {
                    CMemory.free(value);
                }
            });
        }
    }

    /// Sets its value.
    ///
    /// @c {@index virSecretSetValue} libvirt 0.7.1
    public void setValue(byte[] value) {
        byte[] copy = value.clone();
        timed("virSecretSetValue", () -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, copy);
                try {
                    return call("virSecretSetValue", p -> virSecretSetValue(p, bytes, copy.length, 0));
                } finally {
                    bytes.fill((byte) 0);
                    Arrays.fill(copy, (byte) 0);
                }
            }
        });
    }

    /// Forgets it.
    ///
    /// @c {@index virSecretUndefine} libvirt 0.7.1
    public void undefine() {
        call("virSecretUndefine", p -> virSecretUndefine(p));
    }

    @Override
    String noun() {
        return "secret";
    }

    @Override
    Object readIdentity(MemorySegment pointer) {
        return uuid(pointer, "virSecretGetUUID", (p, bytes) -> virSecretGetUUID(p, bytes));
    }
}
