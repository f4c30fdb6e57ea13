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

/// A secret that libvirt keeps: the key or password of another object, such as a volume. C: `virSecretPtr`.
/// Safe for use by any thread.
///
/// The [package][io.github.libvirt4j] describes threads, closing, equality and exceptions of all handles.
///
/// @c {@index virSecretFree} libvirt 0.7.1
public final class Secret extends Noun implements EventSource<SecretEvent> {
    static final NativeObject.Release FREE = secret -> virSecretFree(secret);

    Secret(Connect connect) {
        super(connect, FREE);
    }

    /// The UUID of the secret: its identity.
    ///
    /// @c {@index virSecretGetUUID} libvirt 0.7.1
    public UUID uuid() {
        return (UUID) identityNow();
    }

    /// The type of object that the secret is for.
    ///
    /// @c {@index virSecretGetUsageType} libvirt 0.7.1
    public SecretUsageType usageType() {
        return SecretUsageType.of(rawUsageType());
    }

    private int rawUsageType() {
        return call("virSecretGetUsageType", p -> virSecretGetUsageType(p));
    }

    /// The identifier of the object that the secret is for, depending on [#usageType]: the path of a volume,
    /// …; an empty string without a use.
    ///
    /// @c {@index virSecretGetUsageID} libvirt 0.7.1
    public String usageId() {
        return keptString("virSecretGetUsageID", p -> virSecretGetUsageID(p));
    }

    /// The UUID and the use of the secret as a plain value, as events carry it.
    public SecretIdentity identity() {
        return new SecretIdentity(uuid(), rawUsageType(), usageId());
    }

    /// The description of the secret as XML, without its value.
    ///
    /// @c {@index virSecretGetXMLDesc} libvirt 0.7.1
    public String xmlDesc() {
        return takeString("virSecretGetXMLDesc", p -> virSecretGetXMLDesc(p, 0));
    }

    /// The value of the secret, in a new array that the caller owns and should wipe.
    ///
    /// @c {@index virSecretGetValue} libvirt 0.7.1
    /// @throws io.github.libvirt4j.error.LibvirtException if the secret has no value or is private, or the
    ///     connection does not permit reading it
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

    /// Sets the value of the secret.
    ///
    /// @c {@index virSecretSetValue} libvirt 0.7.1
    /// @param value the value; copied, so that the caller can wipe the array afterwards
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

    /// Removes the secret with its value.
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
