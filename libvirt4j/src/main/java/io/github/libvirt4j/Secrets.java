package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtSecret.virConnectListAllSecrets;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretDefineXML;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretLookupByUUID;
import static io.github.libvirt4j.internal.raw.LibvirtSecret.virSecretLookupByUsage;

import io.github.libvirt4j.event.SecretIdentity;
import io.github.libvirt4j.types.ConnectListAllSecretsFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.SecretDefineFlags;
import io.github.libvirt4j.types.SecretUsageType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The secrets of a connection: `connect.secrets()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// ```java
/// try (Secret secret = connect.secrets().lookupByUsage(SecretUsageType.VOLUME, path)) {
///     secret.setValue(passphrase);
/// }
/// ```
///
/// @param connect the connection
public record Secrets(Connect connect) {
    /// Returns handles of all secrets, or of those that the flags choose. The caller closes each of them.
    ///
    /// @c {@index virConnectListAllSecrets} libvirt 0.10.2
    public List<Secret> listAll(ConnectListAllSecretsFlags... flags) {
        return connect.list(
                "virConnectListAllSecrets",
                (p, array) -> virConnectListAllSecrets(p, array, Flag.combine(flags)),
                made());
    }

    /// Returns the identities of all secrets, or of those that the flags choose: plain values, with nothing
    /// to close.
    public List<SecretIdentity> identities(ConnectListAllSecretsFlags... flags) {
        return Handle.identities(listAll(flags), Secret::identity);
    }

    /// Looks a secret up by UUID.
    ///
    /// @c {@index virSecretLookupByUUID} libvirt 0.7.1
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public Secret lookupByUuid(UUID uuid) {
        return connect.call("virSecretLookupByUUID", (p, in) -> virSecretLookupByUUID(p, in.uuid(uuid)), made());
    }

    /// Looks a secret up by UUID; empty if there is none.
    ///
    /// @c {@index virSecretLookupByUUID} libvirt 0.7.1
    public Optional<Secret> findByUuid(UUID uuid) {
        return Handle.find(ErrorNumber.NO_SECRET, () -> lookupByUuid(uuid));
    }

    /// Looks a secret up by the object that it is for.
    ///
    /// @c {@index virSecretLookupByUsage} libvirt 0.7.1
    /// @param type the type of the object
    /// @param usageId the identifier of the object: the path of a volume, …
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public Secret lookupByUsage(SecretUsageType type, String usageId) {
        int value = type.value();
        return connect.call(
                "virSecretLookupByUsage",
                (p, in) -> virSecretLookupByUsage(p, value, in.string(usageId, "usageId")),
                made());
    }

    /// Looks a secret up by the object that it is for; empty if there is none.
    ///
    /// @c {@index virSecretLookupByUsage} libvirt 0.7.1
    /// @param type the type of the object
    /// @param usageId the identifier of the object: the path of a volume, …
    public Optional<Secret> findByUsage(SecretUsageType type, String usageId) {
        return Handle.find(ErrorNumber.NO_SECRET, () -> lookupByUsage(type, usageId));
    }

    /// Looks up the secret of an identity, such as the identity in an event.
    ///
    /// @throws io.github.libvirt4j.error.NotFoundException if the secret no longer exists
    public Secret lookup(SecretIdentity identity) {
        return lookupByUuid(identity.uuid());
    }

    /// Defines a secret, or changes its definition. [Secret#setValue] sets its value.
    ///
    /// @c {@index virSecretDefineXML} libvirt 0.7.1
    /// @param xml the description of the secret, in libvirt's [format](https://libvirt.org/formatsecret.html)
    /// @throws io.github.libvirt4j.error.LibvirtException if the description is malformed, or the driver
    ///     cannot implement it
    public Secret define(String xml, SecretDefineFlags... flags) {
        return connect.call(
                "virSecretDefineXML",
                (p, in) -> virSecretDefineXML(p, in.string(xml, "xml"), Flag.combine(flags)),
                made());
    }

    private Handle.Made<Secret> made() {
        return Handle.owning(() -> new Secret(connect), Secret.FREE);
    }
}
