package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainCheckpoint;
import io.github.libvirt4j.DomainJob;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.job.DiskJobResult;
import io.github.libvirt4j.job.DomainJobResult;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.job.JobOutcome.State;
import io.github.libvirt4j.testing.QemuMonitor;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainBlockPullFlags;
import io.github.libvirt4j.types.DomainCheckpointDeleteFlags;
import io.github.libvirt4j.types.DomainCoreDumpFormat;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainGetJobStatsFlags;
import io.github.libvirt4j.types.DomainJobKeys;
import io.github.libvirt4j.types.DomainJobType;
import io.github.libvirt4j.types.DomainSnapshotCreateFlags;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `job`, `backup` and `migrate`, with a paused guest of QEMU that has a disk of 8 MiB of random bytes below
/// an empty image of the format qcow2.
@Timeout(300)
class JobTest {
    private static final int SIZE = 8 << 20;

    /// In bytes/s: eight minutes, longer than any test needs.
    private static final long SLOW = 1 << 14;

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

    /// A command in progress, which prints JSON.
    private final class Running {
        private final StringWriter out = new StringWriter();
        private final StringWriter err = new StringWriter();
        private final FutureTask<Integer> status;

        Running(String... arguments) {
            List<String> all = new ArrayList<>(List.of(arguments));
            all.addAll(List.of("--json", "-c", uri));
            Callable<Integer> command = () -> Main.run(new Printer(out), new Printer(err), all.toArray(String[]::new));
            status = new FutureTask<>(command);
            Thread.ofPlatform().start(status);
        }

        /// Waits until it has shown the job, and therefore follows it.
        void awaitLine() throws InterruptedException {
            while (!out.toString().contains("\n")) {
                assertThat(status.isDone()).as(err.toString()).isFalse();
                Thread.sleep(10);
            }
        }

        Result result() throws Exception {
            return new Result(status.get(), out.toString(), err.toString());
        }
    }

    private Job<DiskJobResult> pull(long bandwidth) {
        return domain.disk("vda").pull(bandwidth, DomainBlockPullFlags.BANDWIDTH_BYTES);
    }

    /// The state that a job ends in.
    private static State get(Job<?> job) throws Exception {
        return job.completion().handle((_, _) -> job.outcome().state()).get(60, TimeUnit.SECONDS);
    }

    /// Expects success. The progress is on stderr if it took seconds.
    private static void expect(String out, Result result) {
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).isEqualTo(out);
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
        try (Job<DiskJobResult> job = pull(SLOW)) {
            var running = new Running("job", name);
            running.awaitLine();
            domain.disk("vda").jobSetSpeed(0);
            Result result = running.result();
            assertThat(result.status()).as(result.err()).isZero();
            assertThat(get(job)).isEqualTo(State.COMPLETED);
            List<JsonObject> lines = lines(result);
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
            expect(name + ": vda: pull cancelled\n", run("job", name, "--disk", "vda", "--cancel"));
            assertThat(get(job)).isEqualTo(State.CANCELLED);
        }
    }

    private static void expectEnd(State state, Result result) {
        assertThat(lines(result).getLast().get("state").getAsString()).isEqualTo(state.name());
    }

    @Test
    void endsAsTheJobThatAnotherProgramCancels() throws Exception {
        try (Job<DiskJobResult> job = pull(SLOW)) {
            var running = new Running("job", name);
            running.awaitLine();
            var _ = job.cancel();
            Result result = running.result();
            expectEnd(State.CANCELLED, result);
            assertThat(result.err()).isEqualTo(name + ": vda: pull cancelled\n");
            assertThat(result.status()).isEqualTo(Status.CANCELLED);
        }
    }

    @Test
    void endsAsTheGuestDoes() throws Exception {
        try (Job<DiskJobResult> _ = pull(SLOW)) {
            var running = new Running("job", name);
            running.awaitLine();
            domain.destroy();
            Result result = running.result();
            expectEnd(State.INTERRUPTED, result);
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
    void followsAndCancelsABackup() throws Exception {
        try (Job<DomainJobResult> job = domain.job().backupBegin(pullBackup(), null)) {
            // The program that began it reads it, and ends it.
            Result result = run("job", name, "--json");
            assertThat(result.status()).as(result.err()).isZero();
            JsonObject last = lines(result).getLast();
            assertThat(last.get("job").getAsString()).isEqualTo("BACKUP");
            assertThat(last.get("disk").isJsonNull()).isTrue();
            assertThat(last.get("state").getAsString()).isEqualTo("READY");
            expect(name + ": backup cancelled\n", run("job", name, "--cancel"));
            assertThat(get(job)).isEqualTo(State.CANCELLED);
        }
    }

    /// Another domain, with memory that is not zero: its save fills a pipe that nobody reads.
    private Domain withMemory() {
        return connect.domains().create("""
                        <domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
                          <name>saved-%1$s</name>
                          <memory unit='MiB'>64</memory>
                          <os><type arch='x86_64' machine='q35'>hvm</type></os>
                          <devices><memballoon model='none'/></devices>
                          <qemu:commandline>
                            <qemu:arg value='-device'/>
                            <qemu:arg value='loader,file=%2$s,addr=0x1000000,force-raw=on'/>
                            <qemu:arg value='-device'/>
                            <qemu:arg value='loader,file=%2$s,addr=0x2000000,force-raw=on'/>
                          </qemu:commandline>
                        </domain>
                        """.formatted(name, disk), DomainCreateFlags.START_PAUSED);
    }

    private Path pipe(String called) throws IOException {
        Path pipe = folder.resolve(called);
        SessionDaemon.shared().run("mkfifo", pipe.toString());
        return pipe;
    }

    /// Waits until the domain shows a job that lasts longer than this.
    private static void awaitElapsed(long millis, Domain on, Job<DomainJobResult> job) throws InterruptedException {
        DomainJob.Info info = on.job().info();
        while (info.type() == DomainJobType.NONE || info.timeElapsed() <= millis) {
            assertThat(job.outcome().state()).as(job.outcome().toString()).isEqualTo(State.RUNNING);
            Thread.sleep(10);
            info = on.job().info();
        }
    }

    @Test
    void followsAndCancelsASave() throws Exception {
        Path pipe = pipe("pipe");
        try (Domain saved = withMemory();
                Connect saving = Connect.open(uri);
                Domain same = saving.domains().lookupByUuid(saved.uuid());
                RandomAccessFile reader = new RandomAccessFile(pipe.toFile(), "rw");
                Job<DomainJobResult> job = same.job().save(pipe.toString(), null)) {
            awaitElapsed(0, saved, job);
            var running = new Running("job", saved.name());
            running.awaitLine();
            saved.job().abort();
            // QEMU obeys when it can write again.
            Thread.ofPlatform().daemon().start(() -> drain(reader));
            Result result = running.result();
            JsonObject first = lines(result).getFirst();
            assertThat(first.get("job").getAsString()).isEqualTo("SAVE");
            assertThat(first.get("state").getAsString()).isEqualTo("RUNNING");
            // libvirt keeps no statistics of a save that was cancelled.
            expectEnd(State.UNKNOWN, result);
            assertThat(result.status()).isEqualTo(Status.UNKNOWN);
            assertThat(get(job)).isEqualTo(State.CANCELLED);
            saved.destroy();
        }
    }

    /// Follows a dump into a pipe.
    ///
    /// @param elapsed in ms; it ends later
    private Result dump(Domain dumped, String into, long elapsed, boolean cancel) throws Exception {
        Path pipe = pipe(into);
        try (Connect dumping = Connect.open(uri);
                Domain same = dumping.domains().lookupByUuid(dumped.uuid());
                RandomAccessFile reader = new RandomAccessFile(pipe.toFile(), "rw");
                Job<DomainJobResult> job = same.job().coreDump(pipe.toString(), DomainCoreDumpFormat.RAW)) {
            awaitElapsed(0, dumped, job);
            var running = new Running("job", dumped.name());
            running.awaitLine();
            awaitElapsed(elapsed, dumped, job);
            if (cancel) {
                dumped.job().abort();
            }
            Thread.ofPlatform().daemon().start(() -> drain(reader));
            Result result = running.result();
            assertThat(lines(result).getFirst().get("job").getAsString()).isEqualTo("DUMP");
            assertThat(get(job)).isEqualTo(cancel ? State.CANCELLED : State.COMPLETED);
            return result;
        }
    }

    /// libvirt keeps the statistics of a dump that has completed when the next one is cancelled.
    @Tag("slow")
    @Test
    void tellsADumpFromTheOneBefore() throws Exception {
        try (Domain dumped = withMemory()) {
            // QEMU can write the memory of a paused guest once.
            dumped.resume();
            Result first = dump(dumped, "first", 0, false);
            expectEnd(State.COMPLETED, first);
            assertThat(first.status()).as(first.err()).isZero();
            long elapsed = dumped.job()
                    .stats(DomainGetJobStatsFlags.COMPLETED, DomainGetJobStatsFlags.KEEP_COMPLETED)
                    .params()
                    .get(DomainJobKeys.TIME_ELAPSED)
                    .orElseThrow();
            Result second = dump(dumped, "second", elapsed + 1500, true);
            expectEnd(State.UNKNOWN, second);
            assertThat(second.status()).isEqualTo(Status.UNKNOWN);
            dumped.destroy();
        }
    }

    /// A look fails while QEMU does not answer and then dies; that is no failure of the command.
    @Test
    void endsAsTheGuestDoesInALook() throws Exception {
        Path pipe = pipe("pipe");
        try (Domain dumped = withMemory();
                Connect dumping = Connect.open(uri);
                Domain same = dumping.domains().lookupByUuid(dumped.uuid());
                RandomAccessFile _ = new RandomAccessFile(pipe.toFile(), "rw");
                Job<DomainJobResult> job = same.job().coreDump(pipe.toString(), DomainCoreDumpFormat.RAW)) {
            awaitElapsed(0, dumped, job);
            var running = new Running("job", dumped.name());
            running.awaitLine();
            String qemu = String.valueOf(QemuMonitor.pid(dumped.uuid()));
            SessionDaemon.shared().run("kill", "-STOP", qemu);
            // The next look waits for an answer.
            Thread.sleep(500);
            SessionDaemon.shared().run("kill", "-KILL", qemu);
            Result result = running.result();
            expectEnd(State.INTERRUPTED, result);
            assertThat(result.status()).isEqualTo(Status.GUEST_STOPPED);
        }
    }

    private static void drain(RandomAccessFile reader) {
        try {
            byte[] piece = new byte[1 << 16];
            while (reader.read(piece) >= 0) {
                // Nobody needs it.
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    /// A full backup, and an incremental one of nothing.
    @Test
    void backsUp() throws Exception {
        Path full = folder.resolve("full");
        expect(
                name + ": backup completed\n",
                run("backup", name, full.toString(), "--format", "raw", "--checkpoint", "monday"));
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

    /// A disk of the format raw can have no checkpoint.
    @Test
    void makesACheckpointOfTheDisksOfTheBackup() throws IOException {
        Path other = Files.write(folder.resolve("other"), new byte[1 << 20]);
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-rw-rw-"));
        Path full = folder.resolve("full");
        try (Domain two =
                connect.domains().create("""
                        <domain type='qemu'>
                          <name>two-%s</name>
                          <memory unit='MiB'>32</memory>
                          <os><type arch='x86_64' machine='q35'>hvm</type></os>
                          <devices>
                            <memballoon model='none'/>
                            <disk type='file'><driver name='qemu' type='qcow2'/><source file='%s'/>
                              <target dev='vda' bus='virtio'/></disk>
                            <disk type='file'><driver name='qemu' type='raw'/><source file='%s'/>
                              <target dev='vdb' bus='virtio'/></disk>
                          </devices>
                        </domain>
                        """.formatted(name, released(), other), DomainCreateFlags.START_PAUSED)) {
            expect(
                    two.name() + ": backup completed\n",
                    run("backup", two.name(), full.toString(), "--disk", "vda", "--checkpoint", "monday"));
            try (DomainCheckpoint monday = two.checkpoints().lookupByName("monday")) {
                assertThat(monday.xmlDesc())
                        .containsPattern("name='vda' checkpoint='bitmap'")
                        .containsPattern("name='vdb' checkpoint='no'");
                monday.delete(DomainCheckpointDeleteFlags.METADATA_ONLY);
            }
            two.destroy();
        }
    }

    /// The image of the format qcow2, which the guest no longer uses.
    private Path released() {
        domain.destroy();
        return folder.resolve("overlay");
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

    /// The URI of a daemon as that of a host, which another daemon accepts for a migration.
    private static String hostUri(SessionDaemon daemon) {
        return daemon.tcpUri().replace("test+tcp", "qemu+tcp").replace("/default", "/session");
    }

    @Test
    void migrates() throws Exception {
        String moving = "moving-" + UUID.randomUUID();
        try (SessionDaemon other = SessionDaemon.start();
                Connect there = Connect.open(hostUri(other));
                Domain here = connect.domains().create("""
                        <domain type='qemu'>
                          <name>%s</name>
                          <memory unit='MiB'>32</memory>
                          <os><type arch='x86_64' machine='q35'>hvm</type></os>
                          <devices><memballoon model='none'/></devices>
                        </domain>
                        """.formatted(moving), DomainCreateFlags.START_PAUSED)) {
            expect(
                    moving + ": migration out completed\n",
                    run("migrate", moving, hostUri(other), "--live", "--migrate-uri", "tcp://127.0.0.1"));
            assertThat(connect.domains().findByUuid(here.uuid())).isEmpty();
            try (Domain moved = there.domains().lookupByName(moving)) {
                assertThat(moved.isActive()).isTrue();
            }
        }
    }

    /// The second Ctrl-C does not wait for the call that is the migration.
    @Test
    void leavesAMigrationAlone(@TempDir Path sockets) throws Exception {
        try (SessionDaemon other = SessionDaemon.start();
                Domain moving = withMemory();
                Tmux terminal = new Tmux(
                        sockets,
                        200,
                        24,
                        ":",
                        "migrate",
                        moving.name(),
                        hostUri(other),
                        "--live",
                        "--bandwidth",
                        "1",
                        "--migrate-uri",
                        "tcp://127.0.0.1",
                        "-c",
                        uri)) {
            terminal.await(" MiB, ");
            terminal.press("C-c");
            terminal.await("cancel it?");
            terminal.press("C-c");
            terminal.await(moving.name() + ": migration out continues");
            terminal.awaitEnd(Status.INTERRUPTED);
            assertThat(terminal.screen()).doesNotContain("WARN");
            assertThat(moving.job().info().type()).isEqualTo(DomainJobType.UNBOUNDED);
            moving.destroy();
        }
    }

    private Tmux terminal(Path sockets) throws IOException {
        return new Tmux(sockets, 160, 24, ":", "job", name, "-c", uri);
    }

    /// On a terminal Ctrl-C asks first.
    @Test
    void asksWhetherToCancel(@TempDir Path sockets) throws Exception {
        String question = name + ": vda: pull: cancel it? [y/N], or Ctrl-C to leave it alone";
        try (Job<DiskJobResult> job = pull(SLOW);
                Tmux terminal = terminal(sockets)) {
            terminal.await(" of 8.0 MiB, ");
            terminal.press("C-c");
            terminal.await(question);
            terminal.press("n");
            // The bar is shown again below the question.
            terminal.await(screen -> screen.lastIndexOf(" of 8.0 MiB, ") > screen.indexOf(question));
            assertThat(job.outcome().state()).isEqualTo(State.RUNNING);
            terminal.press("C-c");
            terminal.await(screen -> screen.indexOf(question) != screen.lastIndexOf(question));
            terminal.press("y");
            terminal.await(name + ": vda: pull cancelled");
            terminal.awaitEnd(Status.CANCELLED);
            assertThat(get(job)).isEqualTo(State.CANCELLED);
        }
    }

    @Test
    void leavesTheJobAlone(@TempDir Path sockets) throws Exception {
        try (Job<DiskJobResult> job = pull(SLOW);
                Tmux terminal = terminal(sockets)) {
            terminal.await(" of 8.0 MiB, ");
            terminal.press("C-c");
            terminal.await("cancel it?");
            terminal.press("C-c");
            terminal.await(name + ": vda: pull continues");
            terminal.awaitEnd(Status.INTERRUPTED);
            assertThat(job.outcome().state()).isEqualTo(State.RUNNING);
        }
    }
}
