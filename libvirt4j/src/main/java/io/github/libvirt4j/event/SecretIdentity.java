package io.github.libvirt4j.event;

import io.github.libvirt4j.types.SecretUsageType;
import java.util.Objects;
import java.util.UUID;

/// What names a secret beyond its handle. The UUID decides.
///
/// @param uuid its UUID
/// @param rawUsageType what it is for, a `virSecretUsageType`
/// @param usageId what of that sort uses it: a volume's path, …
public record SecretIdentity(UUID uuid, int rawUsageType, String usageId) {
    /// Neither may be null.
    public SecretIdentity {
        Objects.requireNonNull(uuid, "uuid");
        Objects.requireNonNull(usageId, "usageId");
    }

    /// What it is for.
    public SecretUsageType usageType() {
        return SecretUsageType.of(rawUsageType);
    }
}
