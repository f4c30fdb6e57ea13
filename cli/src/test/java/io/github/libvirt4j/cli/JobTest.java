package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainCheckpoint;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.job.DiskJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.job.JobOutcome.State;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainBlockPullFlags;
import io.github.libvirt4j.types.DomainCheckpointDeleteFlags;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainSnapshotCreateFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `job`, `backup` and `migrate`, with a paused guest of QEMU that has a disk of 8 MiB of random bytes below
/// an empty image of the format qcow2.
@Timeout(120)
class JobTest {
    private static final int SIZE = 8 << 20;

    /// In bytes/s: longer than any test needs.
    private static final long SLOW = 1 << 16;

    private final String uri = SessionDaemon.shared().unixUri("qemu:///session");
    private final String name = "job-" + UUID.randomUUID();
    private Path folder;
    private Path disk;
    private Connect connect;
    private Domain domain;

    @BeforeEach
    void start() throws IOException {
        folder = Files.createDirectory(SessionDaemon.shared().folder().resolve(name));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        disk = folder.resolve("disk");
        byte[] content = new byte[SIZE];
        new Random(1).nextBytes(content);
        Files.write(disk, content);
        Files.setPosixFilePermissions(disk, PosixFilePermissions.fromString("rw-rw-rw-"));
        connect = Connect.open(uri);
        domain = connect.domains().create("""
                <domain type='qemu'>
                  <name>%s</name>
                  <memory unit='MiB'>32</memory>
                  <os><type arch='x86_64' machine='q35'>hvm</type></os>
                  <devices>
                    <memballoon model='none'/>
                    <disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>
                    <disk type='file'><driver name='qemu' type='raw'/><source file='%s'/>
                      <target dev='vda' bus='virtio'/></disk>
                  </devices>
                </domain>
                """.formatted(name, disk), DomainCreateFlags.START_PAUSED);
        domain.snapshots()
                .create(
                        "<domainsnapshot><disks><disk name='vda'><source file='" + folder.resolve("overlay")
                                + "'/></disk></disks></domainsnapshot>",
                        DomainSnapshotCreateFlags.DISK_ONLY,
                        DomainSnapshotCreateFlags.NO_METADATA)
                .close();
    }

    @AfterEach
    void stop() {
        if (connect.domains().identities().stream().anyMatch(each -> each.name().equals(name))) {
            for (DomainCheckpoint checkpoint : domain.checkpoints().listAll()) {
                checkpoint.delete(DomainCheckpointDeleteFlags.METADATA_ONLY);
                checkpoint.close();
            }
            domain.destroy();
        }
        connect.close();
        assertThat(Libvirt.handlesOpen()).isZero();
    }

    private Result run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-c", uri));
        return Result.of(all.toArray(String[]::new));
    }

    private FutureTask<Result> begin(String... arguments) {
        Callable<Result> command = () -> run(arguments);
        var running = new FutureTask<>(command);
        Thread.ofPlatform().start(running);
        return running;
    }

    private Job<DiskJobResult> pull(long bandwidth) {
        return domain.disk("vda").pull(bandwidth, DomainBlockPullFlags.BANDWIDTH_BYTES);
    }

    private static List<JsonObject> lines(Result result) {
        return result.out()
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    @Test
    void saysThatThereIsNoJob() {
        assertThat(run("job", name)).isEqualTo(new Result(0, name + ": no job\n", ""));
        JsonObject none = lines(run("job", name, "--json")).getFirst();
        assertThat(none.keySet()).containsExactly("name", "uuid", "job");
        assertThat(none.get("job").isJsonNull()).isTrue();
        assertThat(run("job", name, "--cancel")).isEqualTo(new Result(Status.STATE, "", name + " has no job\n"));
    }

    @Test
    void followsTheJobOfADisk() throws Exception {
        // Three to four seconds.
        try (Job<DiskJobResult> job = pull(SIZE / 3)) {
            List<JsonObject> lines = lines(run("job", name, "--json"));
            assertThat(job.completion().get().images()).hasSize(1);
            assertThat(lines).hasSizeGreaterThan(1).allSatisfy(each -> {
                assertThat(each.keySet())
                        .containsExactly("time", "name", "uuid", "disk", "job", "state", "why", "current", "end");
                assertThat(each.get("disk").getAsString()).isEqualTo("vda");
                assertThat(each.get("job").getAsString()).isEqualTo("PULL");
                assertThat(each.get("end").getAsLong()).isEqualTo(SIZE);
            });
            assertThat(lines.getFirst().get("state").getAsString()).isEqualTo("RUNNING");
            assertThat(lines.getLast().get("state").getAsString()).isEqualTo("COMPLETED");
        }
    }

    @Test
    void cancelsTheJobOfADisk() throws Exception {
        try (Job<DiskJobResult> job = pull(SLOW)) {
            assertThat(run("job", name, "--disk", "vda", "--cancel"))
                    .isEqualTo(new Result(0, name + ": vda: pull cancelled\n", ""));
            assertThat(job.completion().handle((_, _) -> job.outcome().state()).get())
                    .isEqualTo(State.CANCELLED);
        }
    }

    @Test
    void endsAsTheJobThatAnotherProgramCancels() throws Exception {
        try (Job<DiskJobResult> job = pull(SLOW)) {
            FutureTask<Result> running = begin("job", name);
            Thread.sleep(500);
            job.cancel();
            assertThat(running.get()).isEqualTo(new Result(Status.CANCELLED, "", name + ": vda: pull cancelled\n"));
        }
    }

    @Test
    void endsAsTheGuestDoes() throws Exception {
        try (Job<DiskJobResult> _ = pull(SLOW)) {
            FutureTask<Result> running = begin("job", name);
            Thread.sleep(500);
            domain.destroy();
            Result result = running.get();
            assertThat(result.err()).startsWith(name + ": vda: pull interrupted");
            assertThat(result.status()).isEqualTo(Status.GUEST_STOPPED);
        }
    }

    private String pullBackup() {
        return "<domainbackup mode='pull'><server transport='unix' socket='" + folder.resolve("socket")
                + "'/><disks><disk name='vda' type='file'><scratch file='" + folder.resolve("scratch")
                + "'/></disk></disks></domainbackup>";
    }

    @Test
    void followsAndCancelsTheJobOfTheDomain() throws Exception {
        try (var job = domain.job().backupBegin(pullBackup(), null)) {
            FutureTask<Result> running = begin("job", name, "--json");
            Thread.sleep(500);
            assertThat(run("job", name, "--cancel")).isEqualTo(new Result(0, name + ": backup cancelled\n", ""));
            Result result = running.get();
            // Only the program that ends the export knows that it was not read.
            assertThat(result.status()).isZero();
            JsonObject last = lines(result).getLast();
            assertThat(last.get("job").getAsString()).isEqualTo("BACKUP");
            assertThat(last.get("disk").isJsonNull()).isTrue();
            assertThat(last.get("state").getAsString()).isEqualTo("COMPLETED");
        }
    }

    /// A full backup, and an incremental one of nothing.
    @Test
    void backsUp() throws Exception {
        Path full = folder.resolve("full");
        assertThat(run("backup", name, full.toString(), "--format", "raw", "--checkpoint", "monday"))
                .isEqualTo(new Result(0, name + ": backup completed\n", ""));
        assertThat(Files.mismatch(full, disk)).isEqualTo(-1);
        assertThat(domain.checkpoints().identities())
                .extracting(DomainCheckpoint.Identity::name)
                .containsExactly("monday");
        Result incremental = run("backup", name, folder + "/", "--incremental", "monday", "--json");
        assertThat(incremental.err()).isEmpty();
        assertThat(lines(incremental).getLast().get("state").getAsString()).isEqualTo("COMPLETED");
        assertThat(folder.resolve(name + "-vda.qcow2")).exists();
        assertThat(Files.size(folder.resolve(name + "-vda.qcow2"))).isBetween(1L, SIZE / 4L);
    }

    private void refuses(int status, String message, String... arguments) {
        Result result = run(arguments);
        assertThat(result.err().lines()).hasSize(1).allMatch(line -> line.contains(message));
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.out()).isEmpty();
        assertThat(domain.isActive()).isTrue();
    }

    @Test
    void refusesBackups() {
        refuses(1, "/nowhere/of", "backup", name, "/nowhere/of/this/name");
        refuses(2, "FILE must be a folder", "backup", name, "/tmp/x", "--disk", "vda,vdb");
        refuses(4, "none", "backup", name, folder.resolve("x").toString(), "--incremental", "none");
        refuses(4, "No domain 'nobody'", "backup", "nobody", "/tmp/x");
        refuses(2, "Missing required parameter: 'FILE'", "backup", name);
    }

    @Test
    void refusesMigrations() {
        String nowhere = "qemu+unix:///session?socket=/no/such";
        refuses(
                1,
                "Migration without shared storage is unsafe",
                "migrate",
                name,
                nowhere,
                "--live",
                "--postcopy",
                "--bandwidth",
                "7");
        refuses(6, "read only", "migrate", name, nowhere, "-r");
        refuses(2, "--bandwidth must be at least 1", "migrate", name, nowhere, "--bandwidth", "0");
        refuses(2, "Missing required parameter: 'URI'", "migrate", name);
        refuses(4, "No domain 'nobody'", "migrate", "nobody", nowhere);
    }

    @Test
    void refusesOnTheTestDriver() {
        assertThat(Result.of("backup", "test", "/tmp/x", "-c", "test:///default")
                        .status())
                .isEqualTo(Status.UNSUPPORTED);
        Result migrate = Result.of("migrate", "test", "test:///default", "-c", "test:///default", "--live");
        assertThat(migrate.status()).isEqualTo(Status.UNSUPPORTED);
        assertThat(migrate.err()).startsWith("test: migration out failed: ");
    }
}
