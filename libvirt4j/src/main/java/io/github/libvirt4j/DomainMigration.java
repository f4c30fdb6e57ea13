package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainMigrate3;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainMigrateGetCompressionCache;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainMigrateGetMaxDowntime;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainMigrateGetMaxSpeed;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainMigrateSetCompressionCache;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainMigrateSetMaxDowntime;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainMigrateSetMaxSpeed;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainMigrateStartPostCopy;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainMigrateToURI3;

import io.github.libvirt4j.types.DomainMigrateFlags;
import io.github.libvirt4j.types.DomainMigrateMaxSpeedFlags;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/// The migration of a domain to another host: `domain.migration()`. Immutable, safe for use by any thread.
/// See [collections][io.github.libvirt4j] in the package description.
///
/// [#toUri] migrates peer-to-peer: the daemon of this host connects to the daemon of the other one, and the
/// two complete the migration whatever becomes of this process. It is the method to use. [#to] has this
/// process carry the messages between two daemons that cannot reach each other; the migration ends with this
/// process.
///
/// ```java
/// domain.migration().toUri(
///         "qemu+tls://other.example/system",
///         TypedParameters.builder().set(MigrateParamKeys.BANDWIDTH, 100L).build(),
///         DomainMigrateFlags.LIVE,
///         DomainMigrateFlags.PERSIST_DEST,
///         DomainMigrateFlags.UNDEFINE_SOURCE);
/// ```
///
/// Both methods block until the migration is complete. Meanwhile another thread can change its limits, switch
/// it to [post-copy][#startPostCopy], and abort it; the domain then continues on this host. If a migration
/// fails, the domain continues on this host as well, except after the switch to post-copy, when neither host
/// has all of its memory. A [time limit][Opening#callTimeout] of the connection ends the wait, not the
/// migration.
///
/// @param domain the domain
public record DomainMigration(Domain domain) {
    /// Migrates the domain peer-to-peer. Blocks until the domain runs on the other host;
    /// [DomainJob#migrateToUri] returns at once. The program `MigrateDomain` in `examples` shows the latter.
    ///
    /// @c {@index virDomainMigrateToURI3} libvirt 1.1.0
    /// @param uri of the other host's daemon, as the daemon of this host connects to it: a name that only
    ///     this process can resolve does not do
    /// @param parameters of [MigrateParamKeys][io.github.libvirt4j.types.MigrateParamKeys]; may be empty.
    ///     `URI` is where the hypervisor itself sends the memory, by default a TCP port of the other host
    ///     under the name that it calls itself; `DEST_XML` is the description for the other host, made of
    ///     [xmlDesc][Domain#xmlDesc] with [MIGRATABLE][io.github.libvirt4j.types.DomainXmlFlags#MIGRATABLE]
    /// @param flags [PEER2PEER][DomainMigrateFlags#PEER2PEER] is always set. Default: the domain is suspended
    ///     during the migration, which [LIVE][DomainMigrateFlags#LIVE] avoids; on the other host it is
    ///     transient, and on this one its definition remains. Disks must be on storage that both hosts share,
    ///     unless [NON_SHARED_DISK][DomainMigrateFlags#NON_SHARED_DISK] copies them
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    /// @throws io.github.libvirt4j.error.OperationAbortedException if the migration was aborted
    /// @throws io.github.libvirt4j.error.LibvirtException with the code
    ///     [MIGRATE_UNSAFE][io.github.libvirt4j.types.ErrorNumber#MIGRATE_UNSAFE] if a disk could be damaged,
    ///     because its image is not on storage that libvirt knows to be shared, or is cached by this host;
    ///     [UNSAFE][DomainMigrateFlags#UNSAFE] skips this check
    public void toUri(String uri, TypedParameters parameters, DomainMigrateFlags... flags) {
        int bits = Flag.combine(flags) | DomainMigrateFlags.PEER2PEER.bits();
        domain.call(
                "virDomainMigrateToURI3",
                (p, in) -> virDomainMigrateToURI3(
                        p, in.string(uri, "uri"), in.parameters(parameters), parameters.size(), bits));
    }

    /// Migrates the domain, with this process between the two daemons. Blocks until the domain runs on the
    /// other host. If this process ends before, or loses one of its connections, the migration fails. Use
    /// [#toUri] where the daemon of this host can connect to the other one.
    ///
    /// @c {@index virDomainMigrate3} libvirt 1.1.0
    /// @param destination a connection to the other host
    /// @param parameters as for [#toUri]
    /// @param flags as for [#toUri], without [PEER2PEER][DomainMigrateFlags#PEER2PEER] and
    ///     [TUNNELLED][DomainMigrateFlags#TUNNELLED], which libvirt refuses here
    /// @return a handle of the domain on the other host. The caller closes it
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    /// @throws io.github.libvirt4j.error.OperationAbortedException if the migration was aborted
    /// @throws IllegalStateException also if `destination` is closed
    public Domain to(Connect destination, TypedParameters parameters, DomainMigrateFlags... flags) {
        int bits = Flag.combine(flags);
        Handle.Made<Domain> made = Handle.owning(() -> new Domain(destination), Domain.FREE);
        return domain.using("virDomainMigrate3", (p, in) -> {
            MemorySegment params = in.parameters(parameters);
            MemorySegment there = destination.enter();
            try {
                return made.of(domain.check(
                        virDomainMigrate3(p, there, params, parameters.size(), bits), "virDomainMigrate3"));
            } finally {
                destination.object.leave();
            }
        });
    }

    /// Returns the limit of the bandwidth of migrations, in MiB/s.
    ///
    /// @c {@index virDomainMigrateGetMaxSpeed} libvirt 0.9.5
    /// @param flags default: before the switch to post-copy;
    ///     [POSTCOPY][DomainMigrateMaxSpeedFlags#POSTCOPY] after it
    /// @throws io.github.libvirt4j.error.OperationInvalidException with `POSTCOPY`, if the domain does not
    ///     run
    public long maxSpeed(DomainMigrateMaxSpeedFlags... flags) {
        int bits = Flag.combine(flags);
        return domain.fillLong(
                "virDomainMigrateGetMaxSpeed", (p, bandwidth) -> virDomainMigrateGetMaxSpeed(p, bandwidth, bits));
    }

    /// Limits the bandwidth of migrations, also of the one in progress.
    ///
    /// @c {@index virDomainMigrateSetMaxSpeed} libvirt 0.9.0
    /// @param bandwidth in MiB/s
    /// @param flags as for [#maxSpeed]
    /// @throws io.github.libvirt4j.error.OperationInvalidException with `POSTCOPY`, if the domain does not
    ///     run
    public void setMaxSpeed(long bandwidth, DomainMigrateMaxSpeedFlags... flags) {
        int bits = Flag.combine(flags);
        domain.call("virDomainMigrateSetMaxSpeed", p -> virDomainMigrateSetMaxSpeed(p, bandwidth, bits));
    }

    /// Returns how long the domain may be suspended at the end of a live migration.
    ///
    /// @c {@index virDomainMigrateGetMaxDowntime} libvirt 3.7.0
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public Duration maxDowntime() {
        return Duration.ofMillis(domain.fillLong(
                "virDomainMigrateGetMaxDowntime", (p, downtime) -> virDomainMigrateGetMaxDowntime(p, downtime, 0)));
    }

    /// Sets how long the domain may be suspended at the end of a live migration, also of the one in progress.
    /// A domain that changes its memory faster than the rest can be copied in this time is not migrated.
    ///
    /// @c {@index virDomainMigrateSetMaxDowntime} libvirt 0.8.0
    /// @param downtime a millisecond or more; a fraction of one is cut off
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public void setMaxDowntime(Duration downtime) {
        long ms = downtime.toMillis();
        if (ms < 1) {
            throw new IllegalArgumentException("downtime is " + downtime + "; it must be a millisecond or more");
        }
        domain.call("virDomainMigrateSetMaxDowntime", p -> virDomainMigrateSetMaxDowntime(p, ms, 0));
    }

    /// Returns the size of the cache with which a [compressed][DomainMigrateFlags#COMPRESSED] migration finds
    /// what has changed in a page, in bytes, an unsigned number.
    ///
    /// @c {@index virDomainMigrateGetCompressionCache} libvirt 1.0.3
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public long compressionCache() {
        return domain.fillLong(
                "virDomainMigrateGetCompressionCache", (p, size) -> virDomainMigrateGetCompressionCache(p, size, 0));
    }

    /// Sets the size of the cache of a compressed migration, also of the one in progress.
    ///
    /// @c {@index virDomainMigrateSetCompressionCache} libvirt 1.0.3
    /// @param size in bytes; QEMU accepts powers of two, from the size of a page on
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public void setCompressionCache(long size) {
        domain.call("virDomainMigrateSetCompressionCache", p -> virDomainMigrateSetCompressionCache(p, size, 0));
    }

    /// Switches the migration in progress to post-copy: the domain continues on the other host at once, and
    /// fetches the memory that is still missing when it needs it. The migration then ends however fast the
    /// domain changes its memory; if it fails, so does the domain, whose memory neither host has whole. The
    /// migration must have been started with [POSTCOPY][DomainMigrateFlags#POSTCOPY]. Returns before its end.
    ///
    /// @c {@index virDomainMigrateStartPostCopy} libvirt 1.3.3
    /// @throws io.github.libvirt4j.error.OperationInvalidException if no migration is in progress, or it was
    ///     started without that flag
    public void startPostCopy() {
        domain.call("virDomainMigrateStartPostCopy", p -> virDomainMigrateStartPostCopy(p, 0));
    }
}
