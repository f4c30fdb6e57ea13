package io.github.libvirt4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainCheckpoint;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.StorageVol;
import io.github.libvirt4j.error.JobException;
import io.github.libvirt4j.error.JobFailedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.testing.JavaCommand;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainQemuMonitorCommandFlags;
import io.github.libvirt4j.types.DomainSnapshotCreateFlags;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.DomainUndefineFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Runs each example as a user does.
@Timeout(120)
class ExamplesTest {
    private static final String TEST = "test:///default";
    private static final SessionDaemon DAEMON = SessionDaemon.shared();
    private static final String QEMU = DAEMON.unixUri("qemu:///session");
    private static final int SIZE = 3 << 20;

    /// QEMU's unit of an image of the format qcow2.
    private static final int CLUSTER = 1 << 16;

    private Terminal terminal;

    @BeforeEach
    void open() throws IOException {
        terminal = new Terminal();
    }

    @AfterEach
    void close() {
        terminal.close();
        assertThat(Libvirt.handlesOpen()).isZero();
        assertThat(Libvirt.closuresOnLoan()).isZero();
    }

    /// A guest of QEMU's whose BIOS asks on the serial console what to boot. It stands still.
    private static final class Guest implements AutoCloseable {
        private final Connect connect = Connect.open(QEMU);
        private final String name = "example-" + UUID.randomUUID();
        private final Domain domain;

        Guest() {
            this("");
        }

        /// @param devices more of them
        Guest(String devices) {
            domain = connect.domains().define("""
                    <domain type='qemu'>
                      <name>%s</name>
                      <memory unit='MiB'>32</memory>
                      <os>
                        <type arch='x86_64' machine='pc'>hvm</type>
                        <bootmenu enable='yes' timeout='60000'/>
                        <bios useserial='yes'/>
                      </os>
                      <features><acpi/></features>
                      <devices><serial type='pty'/><video><model type='vga'/></video>%s</devices>
                    </domain>
                    """.formatted(name, devices));
            domain.create(DomainCreateFlags.START_PAUSED);
        }

        @Override
        public void close() {
            domain.destroy();
            domain.undefine(DomainUndefineFlags.CHECKPOINTS_METADATA);
            connect.close();
        }
    }

    /// A file that QEMU may write.
    private static Path image(byte[] content) throws IOException {
        Path image = Files.write(DAEMON.folder().resolve("example-" + UUID.randomUUID()), content);
        Files.setPosixFilePermissions(image, PosixFilePermissions.fromString("rw-rw-rw-"));
        return image;
    }

    /// A storage pool of its own.
    private static final class Pool implements AutoCloseable {
        private final Connect connect = Connect.open(QEMU);
        private final String name = "example-" + UUID.randomUUID();
        private final Path folder = DAEMON.folder().resolve("data").resolve(name);
        private final StoragePool pool;

        Pool() {
            pool = connect.storagePools().define("""
                    <pool type='dir'><name>%s</name><target><path>%s</path></target></pool>
                    """.formatted(name, folder));
            pool.build();
            pool.create();
        }

        @Override
        public void close() {
            for (StorageVol volume : pool.volumes().listAll()) {
                volume.delete();
            }
            pool.destroy();
            pool.delete();
            pool.undefine();
            connect.close();
        }
    }

    /// Runs an example that waits, on a thread of its own.
    private static FutureTask<@Nullable Void> start(Program program) {
        FutureTask<@Nullable Void> running = new FutureTask<>(() -> {
            program.run();
            return null;
        });
        Thread.ofPlatform().daemon().start(running);
        return running;
    }

    @FunctionalInterface
    private interface Program {
        void run() throws Exception;
    }

    /// From the README, and from Javadoc of what they show.
    @Test
    void areLinked() throws IOException {
        Path sources = Path.of("src/main/java/io/github/libvirt4j/examples");
        String readme = Files.readString(Path.of("../README.md"));
        StringBuilder javadoc = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("../libvirt4j/src/main/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                javadoc.append(Files.readString(file).replaceAll("\\s+///\\s+", " "));
            }
        }
        try (Stream<Path> files = Files.list(sources)) {
            for (Path file :
                    files.filter(file -> !file.endsWith("package-info.java")).toList()) {
                String name = String.valueOf(file.getFileName()).replace(".java", "");
                assertThat(readme).contains("| [" + name + "](examples/" + file + ")");
                assertThat(javadoc).contains("rogram `" + name + "` in `examples`");
            }
        }
    }

    @Test
    void listsWithStatistics() {
        ListWithStatistics.main(new String[] {TEST});
        assertThat(terminal.text()).startsWith("test: RUNNING (");
        try (Guest guest = new Guest()) {
            ListWithStatistics.main(new String[] {QEMU});
            assertThat(terminal.text())
                    .containsPattern(
                            guest.name + ": PAUSED \\(\\w+\\), 32 MiB of memory, \\d+\\.\\d s of CPU time, 0 bytes");
        }
    }

    @Test
    void watchesEvents() throws Exception {
        FutureTask<@Nullable Void> watch;
        try (SessionDaemon daemon = SessionDaemon.start()) {
            String uri = daemon.unixUri(TEST);
            watch = start(() -> WatchEvents.main(new String[] {uri}));
            terminal.await("Watching " + uri);
            try (Connect connect = Connect.open(uri);
                    Domain domain = connect.domains().lookupByName("test")) {
                domain.suspend();
                terminal.await("domain.lifecycle test SUSPENDED");
                domain.resume();
                terminal.await("domain.lifecycle test RESUMED");
            }
        }
        watch.get(60, TimeUnit.SECONDS);
        assertThat(terminal.text()).contains("The connection broke off: ");
    }

    @Test
    void revertsToASnapshot() {
        try (Connect connect = Connect.open(TEST);
                Domain domain = connect.domains().lookupByName("test")) {
            SnapshotAndRevert.main(new String[] {TEST, "test"});
            assertThat(terminal.text().lines())
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("Before: RUNNING"),
                            line -> assertThat(line)
                                    .startsWith("The upgrade failed: the new version does not start. Now: SHUTOFF"),
                            line -> assertThat(line).startsWith("Reverted: RUNNING"));
            assertThat(domain.state().state()).isEqualTo(DomainState.RUNNING);
            assertThat(domain.snapshots().identities()).isEmpty();
        }
    }

    @Test
    void uploadsAVolume(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[SIZE]);
        try (Pool pool = new Pool()) {
            Path volume = pool.folder.resolve("volume");
            String[] arguments = {QEMU, pool.name, "volume", file.toString()};
            UploadVolume.main(arguments);
            assertThat(terminal.text().lines()).contains("100 %", volume.toString());
            assertThat(volume).hasSize(SIZE);
            // There is one already.
            assertThatExceptionOfType(LibvirtException.class).isThrownBy(() -> UploadVolume.main(arguments));
            assertThat(volume).exists();
        }
    }

    @Test
    void plugsADiskIn() throws IOException {
        Path image = image(new byte[SIZE]);
        try (Guest guest = new Guest()) {
            HotPlugDisk.main(new String[] {QEMU, guest.name, image.toString(), "vdb"});
            assertThat(terminal.text()).isEqualTo("vdb has " + SIZE + " bytes\n");
            assertThat(guest.domain.xmlDesc()).contains("<source file='" + image + "'");
            guest.domain.destroy();
            assertThat(guest.domain.xmlDesc()).contains("<source file='" + image + "'");
            guest.domain.create(DomainCreateFlags.START_PAUSED);
        } finally {
            Files.delete(image);
        }
    }

    @Test
    void takesAPicture(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("screen");
        try (Guest guest = new Guest()) {
            Screenshot.main(new String[] {QEMU, guest.name, file.toString()});
        }
        assertThat(terminal.text().strip()).isIn("image/png", "image/x-portable-pixmap");
        assertThat(Files.size(file)).isGreaterThan(1000);
    }

    @Test
    void talksOverAConsole() throws Exception {
        try (Guest guest = new Guest()) {
            FutureTask<@Nullable Void> console = start(() -> LiveConsole.main(new String[] {QEMU, guest.name}));
            guest.domain.resume();
            terminal.await("Press ESC for boot menu");
            terminal.keyboard().write(27);
            terminal.keyboard().flush();
            terminal.await("Select boot device");
            terminal.keyboard().close();
            console.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void endsWithTheGuestOfAConsole() throws Exception {
        try (Guest guest = new Guest()) {
            FutureTask<@Nullable Void> console = start(() -> LiveConsole.main(new String[] {QEMU, guest.name}));
            guest.domain.resume();
            terminal.await("Press ESC for boot menu");
            guest.domain.destroy();
            console.get(60, TimeUnit.SECONDS);
            guest.domain.create(DomainCreateFlags.START_PAUSED);
        }
    }

    /// The test driver has two file systems.
    @Test
    void freezesAndThaws() throws Exception {
        try (Connect connect = Connect.open(TEST);
                Domain domain = connect.domains().lookupByName("test")) {
            FreezeGuest.main(new String[] {TEST, "test", "true"});
            assertThat(terminal.text().lines()).containsExactly("Frozen: 2", "The command ended with 0", "Thawed: 2");
            assertThat(domain.guest().fsThaw()).isZero();
        }
    }

    @Test
    void thawsIfTheCommandFails() {
        try (Connect connect = Connect.open(TEST);
                Domain domain = connect.domains().lookupByName("test")) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> FreezeGuest.main(new String[] {TEST, "test", "/no/such/command"}));
            assertThat(terminal.text().lines()).containsExactly("Frozen: 2", "Thawed: 2");
            assertThat(domain.guest().fsThaw()).isZero();
        }
    }

    @Test
    void thawsNothingThatDoesNotRun() {
        try (Connect connect = Connect.open(TEST);
                Domain domain = connect.domains().lookupByName("test")) {
            domain.destroy();
            assertThatExceptionOfType(LibvirtException.class)
                    .isThrownBy(() -> FreezeGuest.main(new String[] {TEST, "test", "true"}));
            assertThat(terminal.text()).isEmpty();
            domain.create();
        }
    }

    @Test
    void thawsIfItIsTerminated() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start();
                Connect connect = Connect.open(daemon.unixUri(TEST));
                Domain domain = connect.domains().lookupByName("test")) {
            Process program = new ProcessBuilder(
                            JavaCommand.own(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            String.valueOf(System.getProperty("java.class.path")),
                            FreezeGuest.class.getName(),
                            daemon.unixUri(TEST),
                            "test",
                            // Ends with its input, the end of which is this test's.
                            "cat")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var output = program.inputReader(StandardCharsets.UTF_8);
            assertThat(output.readLine()).isEqualTo("Frozen: 2");
            // SIGTERM; Process.destroy would also close the output.
            assertThat(program.toHandle().destroy()).isTrue();
            assertThat(output.readLine()).isEqualTo("Thawed: 2");
            assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(domain.guest().fsThaw()).isZero();
            program.outputWriter().close();
        }
    }

    /// A guest whose disk has an image of the format qcow2, in which alone a checkpoint can be.
    private static Guest guestWithDisk(Path base, Path overlay) {
        Guest guest = new Guest("""
                <disk type='file'>
                  <driver name='qemu' type='raw'/><source file='%s'/><target dev='vda' bus='virtio'/>
                </disk>
                """.formatted(base));
        guest.domain
                .snapshots()
                .create(
                        """
                        <domainsnapshot>
                          <disks><disk name='vda'><source file='%s'/></disk></disks>
                        </domainsnapshot>
                        """.formatted(overlay),
                        DomainSnapshotCreateFlags.DISK_ONLY,
                        DomainSnapshotCreateFlags.NO_METADATA)
                .close();
        return guest;
    }

    /// Writes as a guest does.
    private static void write(Guest guest, int pattern, int at) {
        String answer = guest.domain
                .qemu()
                .monitorCommand(
                        "qemu-io -d /machine/peripheral/virtio-disk0/virtio-backend \"write -P " + pattern + " " + at
                                + " " + CLUSTER + "\"",
                        DomainQemuMonitorCommandFlags.HMP);
        assertThat(answer).as(answer).doesNotContainIgnoringCase("error").doesNotContain("Unable", "failed");
    }

    /// Whether an image has what was written.
    private static boolean has(Path image, int pattern) throws IOException {
        return Files.readString(image, StandardCharsets.ISO_8859_1)
                .contains(String.valueOf((char) pattern).repeat(CLUSTER));
    }

    @Test
    void backsUpWhatWasWritten() throws Exception {
        Path folder = Files.createDirectory(DAEMON.folder().resolve("example-backup"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path full = folder.resolve("full");
        Path increment = folder.resolve("increment");
        try (Guest guest = guestWithDisk(image(new byte[SIZE]), folder.resolve("disk"))) {
            write(guest, 1, 0);
            BackupDisk.main(new String[] {QEMU, guest.name, "vda", full.toString(), "monday"});
            assertThat(terminal.text()).endsWith(full + " is complete\n");
            assertThat(has(full, 1)).isTrue();
            write(guest, 2, CLUSTER);
            BackupDisk.main(new String[] {QEMU, guest.name, "vda", increment.toString(), "tuesday", "monday"});
            assertThat(terminal.text()).endsWith(increment + " is complete\n");
            assertThat(has(increment, 1)).isFalse();
            assertThat(has(increment, 2)).isTrue();
            // libvirt refuses it at once.
            assertThatExceptionOfType(LibvirtException.class)
                    .isThrownBy(() -> BackupDisk.main(new String[] {
                        QEMU, guest.name, "vda", folder.resolve("another").toString(), "wednesday", "sunday"
                    }))
                    .withMessageContaining("sunday");
            assertThat(guest.domain.checkpoints().identities())
                    .extracting(DomainCheckpoint.Identity::name)
                    .containsExactlyInAnyOrder("monday", "tuesday");
        }
    }

    /// Another program cancels the backup. It can be complete before; then there is one more.
    @Test
    void keepsNoCheckpointOfABackupThatFailed() throws Exception {
        byte[] content = new byte[64 << 20];
        Arrays.fill(content, (byte) 1);
        Path folder = Files.createDirectory(DAEMON.folder().resolve("example-cancelled"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (Guest guest = guestWithDisk(image(content), folder.resolve("disk"))) {
            boolean isComplete = true;
            for (int attempt = 1; isComplete; attempt++) {
                String name = "attempt-" + attempt;
                FutureTask<@Nullable Void> backup = start(() -> BackupDisk.main(new String[] {
                    QEMU, guest.name, "vda", folder.resolve(name).toString(), name
                }));
                boolean isCancelled = false;
                while (!isCancelled && !backup.isDone()) {
                    isCancelled = cancel(guest.domain);
                }
                try {
                    backup.get(60, TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    isComplete = false;
                    assertThat(e).hasRootCauseInstanceOf(JobException.class);
                    assertThat(terminal.text()).contains("Not complete: ").doesNotContain("Delete");
                    assertThat(guest.domain.checkpoints().findByName(name)).isEmpty();
                }
            }
        }
    }

    private static boolean cancel(Domain domain) {
        try {
            if (domain.job().info().fileProcessed() > 0) {
                domain.job().abort();
                return true;
            }
        } catch (LibvirtException e) {
            // Refused in other words by each phase of the beginning and the end.
        }
        return false;
    }

    /// The URI of a daemon as that of a host, which another daemon accepts for a migration.
    private static String hostUri(SessionDaemon daemon) {
        return daemon.tcpUri().replace("test+tcp", "qemu+tcp").replace("/default", "/session");
    }

    @Test
    void migratesThereAndBack() throws Exception {
        try (SessionDaemon there = SessionDaemon.start();
                Connect onThere = Connect.open(hostUri(there));
                Guest guest = new Guest()) {
            MigrateDomain.main(new String[] {QEMU, guest.name, hostUri(there), "tcp://127.0.0.1"});
            assertThat(terminal.text()).endsWith(guest.name + " is at " + hostUri(there) + "\n");
            assertThat(guest.connect.domains().findByUuid(guest.domain.uuid())).isEmpty();
            try (Domain away = onThere.domains().lookupByName(guest.name)) {
                assertThat(away.state().state()).isEqualTo(DomainState.PAUSED);
                assertThat(away.isPersistent()).isTrue();
            }
            MigrateDomain.main(new String[] {hostUri(there), guest.name, hostUri(DAEMON), "tcp://127.0.0.1"});
            assertThat(guest.domain.state().state()).isEqualTo(DomainState.PAUSED);
            assertThat(onThere.domains().findByUuid(guest.domain.uuid())).isEmpty();
        }
    }

    @Test
    void saysWhyItDoesNotMigrate() {
        try (Guest guest = new Guest()) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() ->
                            MigrateDomain.main(new String[] {QEMU, guest.name, "qemu+tcp://127.0.0.1:1/session"}));
            assertThat(terminal.text())
                    .startsWith(JobFailedException.class.getName())
                    .contains("Connection refused", "Still here: PAUSED");
        }
    }

    @Test
    void watchesManyHosts() throws Exception {
        try (SessionDaemon first = SessionDaemon.start();
                SessionDaemon second = SessionDaemon.start()) {
            String[] hosts = {
                first.unixUri(TEST), second.unixUri(TEST), DAEMON.unixUri(TEST), "test+tcp://127.0.0.1:1/default"
            };
            FutureTask<@Nullable Void> watch = start(() -> ManyHosts.main(hosts));
            for (int i = 0; i < 3; i++) {
                terminal.await(hosts[i] + ": connected");
                suspend(hosts[i]);
                terminal.await(hosts[i] + ": domain.lifecycle test SUSPENDED");
            }
            second.disconnectClients();
            terminal.await(hosts[1] + ": no events from ");
            assertThat(terminal.text()).contains("(DISCONNECTED)").doesNotContain(hosts[3]);
            terminal.keyboard().write('\n');
            terminal.keyboard().flush();
            terminal.await("link to " + hosts[0] + ": Up[");
            terminal.await("link to " + hosts[3] + ": Down[");
            suspend(hosts[1]);
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().equals("libvirt4j-events"))
                    .hasSize(1);
            terminal.keyboard().close();
            watch.get(60, TimeUnit.SECONDS);
        }
    }

    /// Suspends a domain, and resumes it.
    private static void suspend(String uri) {
        try (Connect connect = Connect.open(uri);
                Domain domain = connect.domains().lookupByName("test")) {
            domain.suspend();
            domain.resume();
        }
    }

    @Test
    void startsACloudImage(@TempDir Path folder) throws Exception {
        Path image = Files.write(folder.resolve("image"), new byte[SIZE]);
        String userData = "#cloud-config\n" + "# a comment\n".repeat(1000);
        Path file = Files.writeString(folder.resolve("file"), userData);
        try (Pool pool = new Pool()) {
            String[] arguments = {QEMU, pool.name, "example-cloud", image.toString(), file.toString()};
            CloudInitGuest.main(arguments);
            assertThat(terminal.text()).startsWith("example-cloud: RUNNING");
            Path seed = pool.folder.resolve("example-cloud-seed.iso");
            assertThat(files(Files.readAllBytes(seed)))
                    .containsExactly(
                            Map.entry("meta-data", "instance-id: example-cloud\nlocal-hostname: example-cloud\n"),
                            Map.entry("user-data", userData));
            assertThat(DAEMON.run("/usr/sbin/blkid", "-p", "-o", "value", "-s", "LABEL", "-s", "TYPE", seed.toString()))
                    .isEqualTo("cidata\niso9660\n");
            try (Domain domain = pool.connect.domains().lookupByName("example-cloud")) {
                assertThat(domain.disk("vda").info().capacity()).isEqualTo(SIZE);
                assertThat(domain.disk("vdb").info().capacity()).isEqualTo(Files.size(seed));
                assertThat(domain.xmlDesc()).containsPattern("<disk [^>]*>\\s*<driver name='qemu' type='raw'");
                domain.destroy();
                // What another guest uses stays.
                assertThatExceptionOfType(LibvirtException.class).isThrownBy(() -> CloudInitGuest.main(arguments));
                assertThat(pool.pool.volumes().identities()).hasSize(2);
                Files.write(image, new byte[] {'Q', 'F', 'I', (byte) 0xFB});
                arguments[2] = "example-broken";
                assertThatExceptionOfType(LibvirtException.class)
                        .isThrownBy(() -> CloudInitGuest.main(arguments))
                        .withMessageContaining("qcow2");
                assertThat(pool.pool.volumes().identities()).hasSize(2);
                assertThat(pool.connect.domains().findByName("example-broken")).isEmpty();
                domain.undefine();
            }
        }
    }

    /// The files in an image of the format ISO 9660.
    private static Map<String, String> files(byte[] image) {
        Map<String, String> files = new LinkedHashMap<>();
        ByteBuffer content = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        int block = content.getShort(16 * 2048 + 128);
        int folder = content.getInt(16 * 2048 + 156 + 2) * block;
        for (int at = folder; image[at] > 0; at += image[at]) {
            String name = new String(image, at + 33, image[at + 32], StandardCharsets.US_ASCII);
            if (name.length() > 1) {
                files.put(
                        name,
                        new String(
                                image,
                                content.getInt(at + 2) * block,
                                content.getInt(at + 10),
                                StandardCharsets.UTF_8));
            }
        }
        return files;
    }
}
