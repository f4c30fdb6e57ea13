package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainSnapshot;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.StorageVol;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.event.StoragePoolIdentity;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Finds the objects that operands name.
final class Lookup {
    private static final Pattern ID = Pattern.compile("\\d{1,9}");

    private Lookup() {}

    /// The domain of that name, UUID or id, in this order: a name can look like either of the others.
    ///
    /// @throws Failure if there is none
    static Domain domain(Connect connect, String operand) {
        return connect.domains()
                .findByName(operand)
                .or(() -> byUuid(operand, connect.domains()::findByUuid))
                .or(() -> ID.matcher(operand).matches()
                        ? connect.domains().findById(Integer.parseInt(operand))
                        : Optional.empty())
                .orElseThrow(() -> missing(
                        "domain",
                        operand,
                        connect.toString(),
                        () -> connect.domains().identities().stream()
                                .map(DomainIdentity::name)
                                .toList(),
                        "; `list` shows those there are"));
    }

    /// The storage pool of that name or UUID.
    ///
    /// @throws Failure if there is none
    static StoragePool pool(Connect connect, String operand) {
        return connect.storagePools()
                .findByName(operand)
                .or(() -> byUuid(operand, connect.storagePools()::findByUuid))
                .orElseThrow(() -> missing(
                        "storage pool",
                        operand,
                        connect.toString(),
                        () -> connect.storagePools().identities().stream()
                                .map(StoragePoolIdentity::name)
                                .toList(),
                        "; `list --pools` shows those there are"));
    }

    /// The volume of that name.
    ///
    /// @throws Failure if there is none
    static StorageVol volume(StoragePool pool, String operand) {
        return pool.volumes()
                .findByName(operand)
                .orElseThrow(() -> missing(
                        "volume",
                        operand,
                        "storage pool " + pool.name(),
                        () -> pool.volumes().identities().stream()
                                .map(StorageVol.Identity::name)
                                .toList(),
                        "; `vol-list " + pool.name() + "` shows those there are"));
    }

    /// The snapshot of that name.
    ///
    /// @throws Failure if there is none
    static DomainSnapshot snapshot(Domain domain, String operand) {
        return domain.snapshots()
                .findByName(operand)
                .orElseThrow(() -> missing(
                        "snapshot",
                        operand,
                        "the domain " + domain.name(),
                        () -> domain.snapshots().identities().stream()
                                .map(DomainSnapshot.Identity::name)
                                .toList(),
                        "; `snapshot list " + domain.name() + "` shows those there are"));
    }

    private static <T> Optional<T> byUuid(String operand, Function<UUID, Optional<T>> find) {
        UUID uuid;
        try {
            uuid = UUID.fromString(operand);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return find.apply(uuid);
    }

    private static Failure missing(
            String noun, String operand, String where, Supplier<List<String>> known, String otherwise) {
        String hint;
        try {
            hint = Similar.hint(operand, known.get());
        } catch (LibvirtException e) {
            // The failure to report is that of the lookup.
            hint = "";
        }
        return new Failure(
                Status.NOT_FOUND,
                "No " + noun + " '" + operand + "' on " + where + (hint.isEmpty() ? otherwise : hint));
    }
}
