package io.github.libvirt4j;

import static io.github.libvirt4j.support.Refusals.assertOperationInvalid;
import static io.github.libvirt4j.support.Refusals.assertRefused;
import static io.github.libvirt4j.support.Refusals.assertUnsupported;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.internal.raw.VirDomainBlockStatsStruct;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainBlockResizeFlags;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.TypedParameter;
import io.github.libvirt4j.types.TypedParameters;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The disks of domains: of the test driver, whose numbers are made up, and of a guest of QEMU's that stands
/// still.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class DomainDiskTest {
    private static final String URI = SessionDaemon.shared().unixUri("qemu:///session");
    private static final long MIB = 1 << 20;
    private static final long SIZE = 8 * MIB;
    private static final int MOST_TO_PEEK = 4 << 20;
    private static final byte[] END = "the end".getBytes(StandardCharsets.US_ASCII);

    /// Of the shared guest, which has it as `vda`.
    private static Path image;

    private static UUID guestUuid;

    private final Connect embedded = Embedded.open();
    private final Connect qemu = Connect.open(URI);
    private final Domain made = qemuless();
    private Domain guest;

    @BeforeAll
    static void startAGuest() throws IOException {
        image = image("shared", SIZE);
        try (Connect connect = Connect.open(URI);
                Domain domain = connect.domains().create(xml("raw", image), DomainCreateFlags.START_PAUSED)) {
            guestUuid = domain.uuid();
        }
    }

    @AfterAll
    static void destroyIt() throws IOException {
        try (Connect connect = Connect.open(URI)) {
            connect.domains().lookupByUuid(guestUuid).destroy();
        }
        Files.delete(image);
    }

    @BeforeEach
    void find() {
        guest = qemu.domains().lookupByUuid(guestUuid);
    }

    @AfterEach
    void close() {
        if (!embedded.isClosed()) {
            if (made.isActive()) {
                made.destroy();
            }
            made.undefine();
        }
        embedded.close();
        qemu.close();
    }

    /// Full of zeroes, with `END` at its end.
    private static Path image(String name, long size) throws IOException {
        Path file = SessionDaemon.shared().folder().resolve(name + "-" + UUID.randomUUID());
        try (var content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength(size);
            content.seek(size - END.length);
            content.write(END);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        return file;
    }

    private static String xml(String format, Path image) {
        return """
                <domain type='qemu'>
                  <name>%s</name>
                  <memory unit='MiB'>32</memory>
                  <os><type arch='x86_64'>hvm</type></os>
                  <devices>
                    <disk type='file'>
                      <driver name='qemu' type='%s'/>
                      <source file='%s'/>
                      <target dev='vda' bus='virtio'/>
                    </disk>
                  </devices>
                </domain>
                """.formatted(UUID.randomUUID(), format, image);
    }

    private Domain qemuless() {
        return embedded.domains().define("""
                <domain type='test'>
                  <name>%s</name>
                  <memory unit='MiB'>32</memory>
                  <os><type>hvm</type></os>
                  <devices>
                    <disk type='file'><source file='/made/up'/><target dev='vda' bus='virtio'/></disk>
                  </devices>
                </domain>
                """.formatted(Embedded.newName()));
    }

    private static TypedParameters limit(String name, long limit) {
        return TypedParameters.builder().setUnsignedLong(name, limit).build();
    }

    @Test
    void hasSizes() {
        assertThat(made.disk("vda").info())
                .isEqualTo(new DomainDisk.Info(1_099_506_450_432L, 1_099_511_627_776L, 1_099_511_627_776L));
        DomainDisk.Info info = guest.disk("vda").info();
        assertThat(info.capacity()).isEqualTo(info.physical()).isGreaterThanOrEqualTo(SIZE);
        // A sparse file.
        assertThat(info.allocation()).isLessThan(SIZE);
        assertThat(guest.disk(image.toString()).info()).isEqualTo(info);
        assertRefused(ErrorNumber.INVALID_ARG, () -> made.disk("vdz").info());
        assertRefused(ErrorNumber.INVALID_ARG, () -> guest.disk("vdz").info());
    }

    @Test
    void countsRequests() {
        TypedParameters stats = guest.disk("vda").stats();
        assertThat(stats.getLong("rd_bytes")).hasValue(0);
        assertThat(stats.list())
                .extracting(TypedParameter::name)
                .contains("wr_operations", "rd_total_times", "flush_operations");
        // All of its disks are one.
        assertThat(guest.disk("").stats()).isEqualTo(stats);
        assertRefused(ErrorNumber.INVALID_ARG, () -> guest.disk("vdz").stats());
    }

    /// The test driver has `virDomainBlockStats` only, in this process and behind a daemon.
    @Test
    void countsRequestsOfADriverWithoutTypedParameters() {
        assertOperationInvalid(() -> made.disk("vda").stats());
        made.create();
        TypedParameters stats = made.disk("vda").stats();
        assertThat(stats.list())
                .extracting(TypedParameter::name)
                .containsExactly("rd_operations", "rd_bytes", "wr_operations", "wr_bytes", "errs");
        assertThat(stats.list()).hasOnlyElementsOfType(TypedParameter.OfLong.class);
        // It makes each number of the time, with another divisor.
        long most = stats.getLong("rd_operations").orElseThrow();
        assertThat(most / stats.getLong("rd_bytes").orElseThrow()).isEqualTo(2);
        assertThat(most / stats.getLong("wr_operations").orElseThrow()).isEqualTo(3);
        assertThat(most / stats.getLong("wr_bytes").orElseThrow()).isEqualTo(4);
        assertThat(stats.getLong("errs").orElseThrow())
                .isBetween(1L, stats.getLong("wr_bytes").orElseThrow() - 1);
        assertRefused(ErrorNumber.INVALID_ARG, () -> made.disk("vdz").stats());
        // Its own refusal, and no lack of the function.
        assertRefused(ErrorNumber.OPERATION_UNSUPPORTED, () -> made.disk("").stats());
        try (Connect daemon = TestDriver.DAEMON.open();
                Domain test = daemon.domains().lookupByName("test")) {
            assertRefused(ErrorNumber.INVALID_ARG, () -> test.disk("vdz").stats());
        }
    }

    @Test
    void leavesOutWhatIsNotCounted() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stats = arena.allocate(VirDomainBlockStatsStruct.SIZE, Long.BYTES);
            VirDomainBlockStatsStruct.rd_req(stats, -1);
            VirDomainBlockStatsStruct.wr_bytes(stats, 7);
            VirDomainBlockStatsStruct.errs(stats, -1);
            assertThat(DomainDisk.named(stats)).hasToString("{rd_bytes=0, wr_operations=0, wr_bytes=7}");
        }
    }

    @Test
    void limitsWhatTheTestDriverMakesUp() {
        DomainDisk disk = made.disk("vda");
        assertThat(disk.ioTune().getLong("read_bytes_sec")).hasValue(0);
        disk.setIoTune(TypedParameters.builder()
                .setUnsignedLong("read_bytes_sec", 1000)
                .setUnsignedLong("read_bytes_sec_max", 2000)
                .setString("group_name", "slow")
                .build());
        TypedParameters tuned = disk.ioTune(DomainModificationImpact.CONFIG);
        assertThat(tuned.getLong("read_bytes_sec")).hasValue(1000);
        assertThat(tuned.getString("group_name")).hasValue("slow");
        assertOperationInvalid(() -> disk.ioTune(DomainModificationImpact.LIVE));
        assertOperationInvalid(() -> disk.setIoTune(limit("read_iops_sec_max", 1), DomainModificationImpact.LIVE));
        assertRefused(ErrorNumber.INVALID_ARG, () -> made.disk("vdz").ioTune());
        assertRefused(ErrorNumber.INVALID_ARG, () -> disk.setIoTune(limit("total_bytes_sec", 1)));
    }

    @Test
    void limitsAGuest() {
        DomainDisk disk = guest.disk("vda");
        disk.setIoTune(limit("read_bytes_sec", 1000));
        assertThat(disk.ioTune(DomainModificationImpact.LIVE).getLong("read_bytes_sec"))
                .hasValue(1000);
        disk.setIoTune(limit("total_iops_sec", 30), DomainModificationImpact.LIVE);
        // Replaces the others of its kind.
        disk.setIoTune(limit("write_bytes_sec", 2000));
        TypedParameters tuned = guest.disk(image.toString()).ioTune();
        assertThat(tuned.getLong("read_bytes_sec")).hasValue(0);
        assertThat(tuned.getLong("write_bytes_sec")).hasValue(2000);
        assertThat(tuned.getLong("total_iops_sec")).hasValue(30);
        // Given back as it came.
        disk.setIoTune(tuned);
        assertThat(disk.ioTune()).isEqualTo(tuned);
        disk.setIoTune(limit("write_bytes_sec", 0));
        assertThat(disk.ioTune().getLong("write_bytes_sec")).hasValue(0);

        assertRefused(ErrorNumber.ARGUMENT_UNSUPPORTED, () -> disk.setIoTune(limit("no_such_limit", 1)));
        assertRefused(ErrorNumber.ARGUMENT_UNSUPPORTED, () -> disk.setIoTune(limit("total_bytes_sec", -1)));
        assertRefused(
                ErrorNumber.INVALID_ARG,
                () -> disk.setIoTune(TypedParameters.builder()
                        .setUnsignedInt("total_bytes_sec", 1)
                        .build()));
        assertRefused(ErrorNumber.INVALID_ARG, () -> disk.setIoTune(new TypedParameters(List.of())));
        // It has no definition.
        assertOperationInvalid(() -> disk.ioTune(DomainModificationImpact.CONFIG));
        assertRefused(ErrorNumber.INVALID_ARG, () -> guest.disk("vdz").setIoTune(limit("total_bytes_sec", 1)));
    }

    @Test
    void hasAThreshold() {
        guest.disk("vda").setThreshold(MIB);
        assertRefused(ErrorNumber.INVALID_ARG, () -> guest.disk("vdz").setThreshold(MIB));
        assertRefused(
                ErrorNumber.INVALID_ARG, () -> guest.disk(image.toString()).setThreshold(MIB));
        assertUnsupported(() -> made.disk("vda").setThreshold(MIB));
    }

    /// Of an image of its backing chain, by the number that the XML of the running domain has.
    @Test
    void hasAThresholdOfAnImage() {
        assertThat(guest.xmlDesc()).contains("index='1'");
        guest.disk("vda[1]").setThreshold(MIB);
        assertRefused(ErrorNumber.INVALID_ARG, () -> guest.disk("vda[9]").setThreshold(MIB));
    }

    @Test
    void isPeekedInto() {
        DomainDisk disk = guest.disk("vda");
        assertThat(disk.peek(SIZE - END.length, END.length)).isEqualTo(END);
        byte[] most = disk.peek(SIZE - MOST_TO_PEEK, MOST_TO_PEEK);
        assertThat(most).hasSize(MOST_TO_PEEK);
        assertThat(Arrays.copyOfRange(most, MOST_TO_PEEK - END.length, MOST_TO_PEEK))
                .isEqualTo(END);
        assertThat(most[0]).isZero();
        assertRefused(ErrorNumber.RPC, () -> disk.peek(0, MOST_TO_PEEK + 1));
        assertRefused(ErrorNumber.INVALID_ARG, () -> disk.peek(SIZE + 2 * MIB, 2));
        assertRefused(ErrorNumber.SYSTEM_ERROR, () -> disk.peek(-1, 2));
        assertRefused(ErrorNumber.SYSTEM_ERROR, () -> disk.peek(0, 0));
        assertRefused(ErrorNumber.INVALID_ARG, () -> guest.disk("vdz").peek(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> disk.peek(0, -1)).withMessageContaining("-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guest.disk("a\0b").peek(0, 1))
                .withMessageContaining("disk");
        assertUnsupported(() -> made.disk("vda").peek(0, 1));
    }

    /// Behind what the other tests look at, and no smaller.
    @Test
    void isResized() throws IOException {
        DomainDisk disk = guest.disk("vda");
        disk.resize(SIZE + MIB);
        assertThat(disk.info().capacity()).isEqualTo(SIZE + MIB);
        assertThat(Files.size(image)).isEqualTo(SIZE + MIB);
        // In bytes also if that is said. QEMU rounds up to a sector.
        disk.resize(SIZE + MIB + 1, DomainBlockResizeFlags.BYTES);
        assertThat(disk.info().capacity()).isEqualTo(SIZE + MIB + 512);
        disk.resize(SIZE + MIB);
        // Of a host's device only, and since libvirt 10.0.0.
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> disk.resize(SIZE + MIB, DomainBlockResizeFlags.CAPACITY));
        assertRefused(ErrorNumber.INVALID_ARG, () -> guest.disk("vdz").resize(SIZE));
        assertUnsupported(() -> made.disk("vda").resize(SIZE));
    }

    @Test
    void ofAStoppedDomainHasSizesAndLimits() throws IOException {
        Path file = image("stopped", MIB);
        try (Domain stopped = qemu.domains().define(xml("raw", file))) {
            DomainDisk disk = stopped.disk("vda");
            assertThat(disk.info().capacity()).isEqualTo(MIB);
            assertThat(disk.peek(MIB - END.length, END.length)).isEqualTo(END);
            disk.setIoTune(limit("total_iops_sec", 7));
            assertThat(disk.ioTune(DomainModificationImpact.CONFIG).getLong("total_iops_sec"))
                    .hasValue(7);
            assertOperationInvalid(disk::stats);
            assertOperationInvalid(() -> disk.setThreshold(1));
            assertOperationInvalid(() -> disk.resize(2 * MIB));
            assertOperationInvalid(() -> disk.ioTune(DomainModificationImpact.LIVE));
            stopped.undefine();
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void ofAnotherFormatIsNotPeekedInto() {
        try (Domain stopped = qemu.domains().define(xml("qcow2", image))) {
            assertRefused(
                    ErrorNumber.OPERATION_UNSUPPORTED, () -> stopped.disk("vda").peek(0, 1));
            stopped.undefine();
        }
    }

    @Test
    void isGoneWithItsDomain() {
        DomainDisk disk = made.disk("vda");
        assertThat(disk).isEqualTo(made.disk("vda")).isNotEqualTo(made.disk("vdb"));
        made.undefine();
        made.close();
        assertThatIllegalStateException().isThrownBy(disk::info);
        assertThatIllegalStateException().isThrownBy(disk::stats);
        assertThatIllegalStateException().isThrownBy(() -> disk.setThreshold(1));
        embedded.close();
    }
}
