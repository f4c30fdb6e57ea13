package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainAbortJob;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainAbortJobFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBackupBegin;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBackupGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetJobInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetJobStats;

import io.github.libvirt4j.internal.raw.VirDomainJobInfo;
import io.github.libvirt4j.job.DomainJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.types.DomainAbortJobFlags;
import io.github.libvirt4j.types.DomainBackupBeginFlags;
import io.github.libvirt4j.types.DomainCoreDumpFlags;
import io.github.libvirt4j.types.DomainCoreDumpFormat;
import io.github.libvirt4j.types.DomainGetJobStatsFlags;
import io.github.libvirt4j.types.DomainJobOperation;
import io.github.libvirt4j.types.DomainJobType;
import io.github.libvirt4j.types.DomainMigrateFlags;
import io.github.libvirt4j.types.DomainSaveRestoreFlags;
import io.github.libvirt4j.types.DomainSnapshotCreateFlags;
import io.github.libvirt4j.types.DomainSnapshotDeleteFlags;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The job of a domain as a whole, reached by `domain.job()`: a backup, a save, a dump, a migration. libvirt
/// permits one at a time. Owns nothing and need not be closed. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// Methods that return a [Job] begin an operation and return at once. All except [#backupBegin] have a
/// blocking form as well, such as [Domain#save]: their jobs run it on a thread of the library, without the
/// [call timeout][Opening#callTimeout] of the connection, and report a refusal by [Job#completion].
///
/// @param domain the domain
public record DomainJob(Domain domain) {
    /// The progress of a job. C: `virDomainJobInfo`. Immutable, safe for use by any thread. Sizes are in
    /// bytes, unsigned; a number that the driver does not know is 0.
    ///
    /// @param rawType the state of the job, a `virDomainJobType`
    /// @param timeElapsed the time since the start, in ms, unsigned
    /// @param timeRemaining the time that is left, in ms, unsigned; known of a
    ///     [BOUNDED][DomainJobType#BOUNDED] job only
    /// @param dataTotal the size of memory and storage to transfer
    /// @param dataProcessed the part that is transferred
    /// @param dataRemaining the part that is left
    /// @param memTotal the memory to transfer
    /// @param memProcessed the memory that is transferred
    /// @param memRemaining the memory that is left
    /// @param fileTotal the storage to transfer
    /// @param fileProcessed the storage that is transferred
    /// @param fileRemaining the storage that is left
    @SuppressWarnings("AvoidCommonTypeNames") // It is always Domain.Info, Node.Info, …
    public record Info(
            int rawType,
            long timeElapsed,
            long timeRemaining,
            long dataTotal,
            long dataProcessed,
            long dataRemaining,
            long memTotal,
            long memProcessed,
            long memRemaining,
            long fileTotal,
            long fileProcessed,
            long fileRemaining) {
        /// The state of the job; [DomainJobType#NONE] if there is none.
        public DomainJobType type() {
            return DomainJobType.of(rawType);
        }
    }

    /// The statistics of a job. Immutable, safe for use by any thread.
    ///
    /// @param rawType the state of the job, a `virDomainJobType`
    /// @param params of [DomainJobKeys][io.github.libvirt4j.types.DomainJobKeys]
    public record Stats(int rawType, TypedParameters params) {
        /// The state of the job; [DomainJobType#NONE] if there is none.
        public DomainJobType type() {
            return DomainJobType.of(rawType);
        }
    }

    /// Returns the progress of the job in progress. [#stats] has more numbers, and those of the last job.
    ///
    /// @c {@index virDomainGetJobInfo} libvirt 0.7.7
    public Info info() {
        return domain.fill(
                "virDomainGetJobInfo",
                VirDomainJobInfo.SIZE,
                (p, info) -> virDomainGetJobInfo(p, info),
                info -> new Info(
                        VirDomainJobInfo.type(info),
                        VirDomainJobInfo.timeElapsed(info),
                        VirDomainJobInfo.timeRemaining(info),
                        VirDomainJobInfo.dataTotal(info),
                        VirDomainJobInfo.dataProcessed(info),
                        VirDomainJobInfo.dataRemaining(info),
                        VirDomainJobInfo.memTotal(info),
                        VirDomainJobInfo.memProcessed(info),
                        VirDomainJobInfo.memRemaining(info),
                        VirDomainJobInfo.fileTotal(info),
                        VirDomainJobInfo.fileProcessed(info),
                        VirDomainJobInfo.fileRemaining(info)));
    }

    /// Returns the statistics of the job in progress, or of the last job that ended.
    ///
    /// libvirt forgets the statistics of the last job when they are read, so that one program takes them away
    /// from another on the same host. [DomainGetJobStatsFlags#KEEP_COMPLETED] leaves them in place; a program
    /// that does not own the host sets it always.
    ///
    /// @c {@index virDomainGetJobStats} libvirt 1.0.3
    /// @param flags default: the job in progress. [DomainGetJobStatsFlags#COMPLETED] for the last job that
    ///     ended; QEMU's driver keeps those of a save, a migration out, a snapshot with memory and a backup,
    ///     and loses them when its daemon restarts
    public Stats stats(DomainGetJobStatsFlags... flags) {
        int bits = Flag.combine(flags);
        return domain.using("virDomainGetJobStats", (p, in) -> {
            MemorySegment type = in.room(Integer.BYTES);
            TypedParameters params = domain.takeParameters(
                    "virDomainGetJobStats",
                    p,
                    in,
                    (pointer, _, list, count) -> virDomainGetJobStats(pointer, type, list, count, bits));
            return new Stats(type.get(ValueLayout.JAVA_INT, 0), params);
        });
    }

    /// Aborts the job in progress. Returns before the job has ended. Without a flag this method calls
    /// `virDomainAbortJob`, which older daemons have as well.
    ///
    /// @c {@index virDomainAbortJobFlags} libvirt 8.5.0
    /// @c {@index virDomainAbortJob} libvirt 0.7.7
    /// @param flags [DomainAbortJobFlags#POSTCOPY] interrupts a migration in its post-copy phase
    /// @throws io.github.libvirt4j.error.OperationInvalidException if there is no job, or it cannot be
    ///     aborted
    public void abort(DomainAbortJobFlags... flags) {
        int bits = Flag.combine(flags);
        if (bits == 0) {
            domain.call("virDomainAbortJob", p -> virDomainAbortJob(p));
        } else {
            domain.call("virDomainAbortJobFlags", p -> virDomainAbortJobFlags(p, bits));
        }
    }

    /// Begins a backup of disks.
    ///
    /// In the mode `push` the hypervisor writes the backup to files, and the job ends by itself. In the mode
    /// `pull` it exports the disks by NBD as they are now: the job is ready at once, and ends as a success by
    /// [Job#finish].
    ///
    /// With a checkpoint, libvirt records in the same instant where the backup ends, for an incremental
    /// backup that begins there. Its disks must be of the format `qcow2`. The program `BackupDisk` in
    /// `examples` shows it.
    ///
    /// @c {@index virDomainBackupBegin} libvirt 6.0.0
    /// @param backupXml the backup, in libvirt's [format](https://libvirt.org/formatbackup.html)
    /// @param checkpointXml the checkpoint, in libvirt's
    ///     [format](https://libvirt.org/formatcheckpoint.html); null for none
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run, or has a job
    public Job<DomainJobResult> backupBegin(
            String backupXml, @Nullable String checkpointXml, DomainBackupBeginFlags... flags) {
        int bits = Flag.combine(flags);
        Handle.checkText(Objects.requireNonNull(backupXml, "backupXml"), "backupXml");
        Handle.checkText(checkpointXml, "checkpointXml");
        return BackupWork.begin(
                domain,
                backupXml,
                (p, in) -> virDomainBackupBegin(
                        p, in.string(backupXml, "backupXml"), in.stringOrNull(checkpointXml, "checkpointXml"), bits));
    }

    /// Attaches to the backup in progress, begun by this program or another one; empty if there is none.
    ///
    /// A pull backup is [ready][Job#ready] at once, and [Job#finish] ends it as a success.
    public Optional<Job<DomainJobResult>> backup() {
        return BackupWork.find(domain);
    }

    /// Returns the description of the backup in progress, as XML: also the names of files and exports that
    /// the program left to libvirt.
    ///
    /// @c {@index virDomainBackupGetXMLDesc} libvirt 6.0.0
    /// @throws io.github.libvirt4j.error.NotFoundException if no backup is in progress
    public String backupXmlDesc() {
        return domain.takeString("virDomainBackupGetXMLDesc", p -> virDomainBackupGetXMLDesc(p, 0));
    }

    /// Begins to save the memory of the domain to a file, as [Domain#save].
    ///
    /// @param to the path of the file on the hypervisor's host; a relative one is completed in this process
    /// @param xml the description to store for the restored domain; null for that of the running domain
    /// @param flags default: the restored domain is suspended if this one is
    public Job<DomainJobResult> save(String to, @Nullable String xml, DomainSaveRestoreFlags... flags) {
        DomainSaveRestoreFlags[] copy = flags.clone();
        Handle.checkText(Objects.requireNonNull(to, "to"), "to");
        Handle.checkText(xml, "xml");
        return CallWork.begin(domain, DomainJobOperation.SAVE, on -> on.save(to, xml, copy));
    }

    /// Begins to save the memory of the domain to a file that libvirt manages, as [DomainManagedSave#save].
    ///
    /// @param flags default: the restored domain is suspended if this one is
    public Job<DomainJobResult> managedSave(DomainSaveRestoreFlags... flags) {
        DomainSaveRestoreFlags[] copy = flags.clone();
        return CallWork.begin(
                domain, DomainJobOperation.SAVE, on -> on.managedSave().save(copy));
    }

    /// Begins to write the memory of the domain to a file for a debugger, as [Domain#coreDump].
    ///
    /// @param to the path of the file on the hypervisor's host; a relative one is completed in this process
    /// @param format [RAW][DomainCoreDumpFormat#RAW], or a compressed format with
    ///     [MEMORY_ONLY][DomainCoreDumpFlags#MEMORY_ONLY]
    public Job<DomainJobResult> coreDump(String to, DomainCoreDumpFormat format, DomainCoreDumpFlags... flags) {
        DomainCoreDumpFlags[] copy = flags.clone();
        Objects.requireNonNull(format, "format");
        Handle.checkText(Objects.requireNonNull(to, "to"), "to");
        return CallWork.begin(domain, DomainJobOperation.DUMP, on -> on.coreDump(to, format, copy));
    }

    /// Begins to take a snapshot, as [DomainSnapshots#create].
    ///
    /// @param xml the description of the snapshot
    /// @return the job of the snapshot, whose handle the caller closes
    public Job<DomainSnapshot> snapshotCreate(String xml, DomainSnapshotCreateFlags... flags) {
        DomainSnapshotCreateFlags[] copy = flags.clone();
        Handle.checkText(Objects.requireNonNull(xml, "xml"), "xml");
        return CallWork.begin(
                domain, DomainJobOperation.SNAPSHOT, on -> on.snapshots().create(xml, copy), CallWork.lost());
    }

    /// Begins to delete a snapshot, as [DomainSnapshot#delete].
    ///
    /// @param name the name of the snapshot
    public Job<DomainJobResult> snapshotDelete(String name, DomainSnapshotDeleteFlags... flags) {
        DomainSnapshotDeleteFlags[] copy = flags.clone();
        Handle.checkText(Objects.requireNonNull(name, "name"), "name");
        return CallWork.begin(domain, DomainJobOperation.SNAPSHOT_DELETE, on -> {
            try (DomainSnapshot snapshot = on.snapshots().lookupByName(name)) {
                snapshot.delete(copy);
            }
        });
    }

    /// Begins to migrate the domain peer-to-peer, as [DomainMigration#toUri]. [Job#cancel] leaves the domain
    /// on this host. The migration does not depend on this process.
    ///
    /// @param uri of the other host's daemon, as the daemon of this host connects to it
    /// @param parameters of [MigrateParamKeys][io.github.libvirt4j.types.MigrateParamKeys]; may be empty
    /// @param flags as for [DomainMigration#toUri]
    public Job<DomainJobResult> migrateToUri(String uri, TypedParameters parameters, DomainMigrateFlags... flags) {
        DomainMigrateFlags[] copy = flags.clone();
        Objects.requireNonNull(parameters, "parameters");
        Handle.checkText(Objects.requireNonNull(uri, "uri"), "uri");
        return CallWork.begin(
                domain, DomainJobOperation.MIGRATION_OUT, on -> on.migration().toUri(uri, parameters, copy));
    }

    /// Begins to migrate the domain with this process between the two daemons, as [DomainMigration#to]: the
    /// migration fails if the process ends.
    ///
    /// @param destination a connection to the other host, which stays open until the job has ended
    /// @param parameters of [MigrateParamKeys][io.github.libvirt4j.types.MigrateParamKeys]; may be empty
    /// @param flags as for [DomainMigration#to]
    /// @return the job of the domain on the other host, whose handle the caller closes
    public Job<Domain> migrateTo(Connect destination, TypedParameters parameters, DomainMigrateFlags... flags) {
        DomainMigrateFlags[] copy = flags.clone();
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(parameters, "parameters");
        return CallWork.begin(
                domain,
                DomainJobOperation.MIGRATION_OUT,
                on -> on.migration().to(destination, parameters, copy),
                CallWork.lost());
    }
}
