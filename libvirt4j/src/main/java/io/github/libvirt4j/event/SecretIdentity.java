package io.github.libvirt4j.event;

import io.github.libvirt4j.types.SecretUsageType;
import java.util.Objects;
import java.util.UUID;

/// The UUID and usage of a secret, valid independently of its handle. The UUID identifies the secret.
///
/// @param uuid the secret's UUID
/// @param rawUsageType the type of object that uses the secret, a `virSecretUsageType`
/// @param usageId the object of this type that uses the secret: the path of a volume, …
public record SecretIdentity(UUID uuid, int rawUsageType, String usageId) {
    /// Rejects null.
    public SecretIdentity {
        Objects.requireNonNull(uuid, "uuid");
        Objects.requireNonNull(usageId, "usageId");
    }

    /// The type of object that uses the secret.
    public SecretUsageType usageType() {
        return SecretUsageType.of(rawUsageType);
    }
}
