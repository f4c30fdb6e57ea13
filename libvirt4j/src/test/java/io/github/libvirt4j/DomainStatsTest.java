package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.support.StoppedQemu;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ConnectGetAllDomainStatsFlags;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainDirtyRateStatus;
import io.github.libvirt4j.types.DomainPausedReason;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.DomainStatsKeys;
import io.github.libvirt4j.types.DomainStatsTypes;
import io.github.libvirt4j.types.TypedParameters;
import io.github.libvirt4j.types.VcpuState;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Statistics of the test driver's domains, which have a state and little else, and of a guest of QEMU that
/// stands still.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class DomainStatsTest {
    private static final String QEMU = SessionDaemon.shared().unixUri("qemu:///session");
    private static final long SIZE = 1 << 20;

    @TempDir
    private static Path folder;

    private static UUID guest;

    @BeforeAll
    static void start() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path image = folder.toRealPath().resolve("disk");
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(SIZE);
        }
        Files.setPosixFilePermissions(image, PosixFilePermissions.fromString("rw-rw-rw-"));
        try (Connect connect = Connect.open(QEMU);
                Domain domain = connect.domains()
                        .create("""
                        <domain type='qemu'>
                          <name>%s</name>
                          <memory unit='MiB'>32</memory>
                          <vcpu current='1'>2</vcpu>
                          <iothreads>1</iothreads>
                          <os><type arch='x86_64'>hvm</type></os>
                          <devices>
                            <disk type='file' device='disk'>
                              <driver name='qemu' type='raw'/><source file='%s'/><target dev='vda' bus='virtio'/>
                            </disk>
                            <interface type='user'/>
                          </devices>
                        </domain>
                        """.formatted(UUID.randomUUID(), image), DomainCreateFlags.START_PAUSED)) {
            guest = domain.uuid();
        }
    }

    @AfterAll
    static void destroy() {
        try (Connect connect = Connect.open(QEMU);
                Domain domain = connect.domains().lookupByUuid(guest)) {
            domain.destroy();
        }
    }

    private static DomainStats ofGuest(DomainStatsTypes... types) {
        try (Connect connect = Connect.open(QEMU);
                Domain domain = connect.domains().lookupByUuid(guest)) {
            List<DomainStats> all = connect.domains().listStats(List.of(domain), Set.of(types));
            assertThat(all).hasSize(1);
            assertThat(all.getFirst().domain()).isEqualTo(domain.identity());
            assertThat(all.getFirst().id()).isEqualTo(domain.id());
            return all.getFirst();
        }
    }

    private static DomainStats made(TypedParameters.Builder raw) {
        return new DomainStats(new DomainIdentity("made", new UUID(0, 1)), OptionalInt.empty(), raw.build());
    }

    @Test
    void areOfAllDomains() {
        try (Connect connect = Embedded.open();
                Domain off = Embedded.define(connect)) {
            List<DomainStats> all = connect.domains().allStats(Set.of(DomainStatsTypes.STATE));
            assertThat(all)
                    .extracting(DomainStats::domain)
                    .contains(off.identity())
                    .containsExactlyInAnyOrderElementsOf(connect.domains().identities());
            assertThat(connect.domains().allStats(Set.of(), ConnectGetAllDomainStatsFlags.INACTIVE))
                    .filteredOn(stats -> stats.domain().equals(off.identity()))
                    .singleElement()
                    .satisfies(stats ->
                            assertThat(stats.state().orElseThrow().state()).isEqualTo(DomainState.SHUTOFF));
            assertThat(connect.domains().allStats(Set.of(), ConnectGetAllDomainStatsFlags.ACTIVE))
                    .extracting(DomainStats::domain)
                    .doesNotContain(off.identity());
            off.undefine();
        }
    }

    @Test
    void areOfSomeDomains() {
        try (Connect connect = Embedded.open();
                Domain one = Embedded.define(connect);
                Domain two = Embedded.define(connect)) {
            Domains domains = connect.domains();
            Set<DomainStatsTypes> state = Set.of(DomainStatsTypes.STATE);
            assertThat(domains.listStats(List.of(one, two), state))
                    .extracting(DomainStats::domain)
                    .containsExactlyInAnyOrder(one.identity(), two.identity());
            assertThat(domains.listStats(List.of(), state)).isEmpty();
            try (Connect another = Embedded.open();
                    Domain stranger = another.domains().lookupByName("test")) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> domains.listStats(List.of(one, stranger), state))
                        .withMessageContaining("another connection");
            }
            Domain closed = domains.lookup(two.identity());
            closed.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> domains.listStats(List.of(one, closed), state))
                    .withMessageContaining("is closed");
            one.undefine();
            two.undefine();
        }
    }

    @Test
    void areEnforced() {
        try (Connect connect = Embedded.open()) {
            assertThat(connect.domains().allStats(Set.of(DomainStatsTypes.PERF)))
                    .isNotEmpty();
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> connect.domains()
                            .allStats(Set.of(DomainStatsTypes.PERF), ConnectGetAllDomainStatsFlags.ENFORCE_STATS));
        }
    }

    @Test
    void haveGroupsThatWereAskedFor() {
        DomainStats state = ofGuest(DomainStatsTypes.STATE);
        assertThat(state.state())
                .contains(new Domain.Status(DomainState.PAUSED.value(), DomainPausedReason.USER.value()));
        assertThat(state.cpu()).isEmpty();
        assertThat(state.balloon()).isEmpty();
        assertThat(state.vcpus()).isEmpty();
        assertThat(state.interfaces()).isEmpty();
        assertThat(state.disks()).isEmpty();
        assertThat(state.ioThreads()).isEmpty();
        assertThat(state.memory()).isEmpty();
        assertThat(state.dirtyRate()).isEmpty();
        assertThat(state.perf()).isEmpty();
        assertThat(state.vm()).isEmpty();
        assertThat(ofGuest(DomainStatsTypes.CPU_TOTAL).state()).isEmpty();
    }

    @Test
    void areAGuests() {
        DomainStats stats = ofGuest();
        assertThat(stats.balloon().orElseThrow().maximum()).hasValue(32 << 10);
        assertThat(stats.balloon().orElseThrow().rss().orElseThrow()).isPositive();
        assertThat(stats.balloon().orElseThrow().lastUpdate()).hasValue(0);
        assertThat(stats.vcpus()).extracting(DomainStats.Vcpu::number).contains(0);
        assertThat(stats.vcpus().getFirst().state()).isPresent();
        assertThat(stats.raw().get(DomainStatsKeys.VCPU_CURRENT)).contains(1L);
        assertThat(stats.raw().get(DomainStatsKeys.VCPU_MAXIMUM)).contains(2L);
        assertThat(stats.disks()).singleElement().satisfies(disk -> {
            assertThat(disk.name()).isEqualTo("vda");
            assertThat(disk.path().orElseThrow()).endsWith("/disk");
            assertThat(disk.capacity()).hasValue(SIZE);
            assertThat(disk.physical().orElseThrow()).isNotNegative();
            assertThat(disk.writeBytes()).hasValue(0);
            assertThat(disk.threshold()).isEmpty();
        });
        assertThat(stats.ioThreads())
                .singleElement()
                .satisfies(thread -> assertThat(thread.pollMax().orElseThrow()).isNotNegative());
        assertThat(stats.dirtyRate()).map(DomainStats.DirtyRate::status).contains(DomainDirtyRateStatus.UNSTARTED);
    }

    /// Another call waits for QEMU and holds the domain: what QEMU has to tell is left out at once.
    @Test
    void areOfAWedgedGuestWithoutAWait() throws Exception {
        try (Connect connect = Connect.open(QEMU);
                Connect another = Connect.open(QEMU);
                Domain domain = another.domains().lookupByUuid(guest);
                var executor = Executors.newSingleThreadExecutor()) {
            Future<?> held;
            try (var _ = new StoppedQemu(guest)) {
                held = executor.submit(domain::reset);
                TimeUnit.SECONDS.sleep(1);
                DomainStats stats = connect.domains().allStats(Set.of(), ConnectGetAllDomainStatsFlags.NOWAIT).stream()
                        .filter(each -> each.domain().uuid().equals(guest))
                        .findFirst()
                        .orElseThrow();
                assertThat(held.isDone()).isFalse();
                assertThat(stats.state().orElseThrow().state()).isEqualTo(DomainState.PAUSED);
                assertThat(stats.disks())
                        .allSatisfy(disk -> assertThat(disk.writeBytes()).isEmpty());
                assertThat(stats.ioThreads()).isEmpty();
            }
            held.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void keepWhatGroupsLeaveOut() {
        DomainStats stats = made(TypedParameters.builder()
                .setUnsignedLong("block.0.of.tomorrow", 7)
                .setUnsignedLong("tomorrow", 8)
                .setUnsignedInt("block.count", 1));
        assertThat(stats.raw().getLong("tomorrow")).hasValue(8);
        assertThat(stats.raw().getLong("block.0.of.tomorrow")).hasValue(7);
        assertThat(stats.disks()).singleElement().satisfies(disk -> {
            assertThat(disk.name()).isEmpty();
            assertThat(disk.capacity()).isEmpty();
        });
    }

    /// Numbers with a gap between them, and names that only look like one of a part.
    @Test
    void haveNumberedParts() {
        DomainStats stats = made(TypedParameters.builder()
                .setInt("vcpu.10.state", VcpuState.RUNNING.value())
                .setUnsignedLong("vcpu.2.time", 5)
                .setUnsignedLong("vcpu.2.wait", 6)
                .setBoolean("vcpu.2.halted", true)
                .setUnsignedInt("vcpu.current", 2)
                .setUnsignedLong("vcpu..time", 1)
                .setUnsignedLong("vcpu.x.time", 1)
                .setUnsignedLong("vcpu.99999999999.time", 1)
                .setUnsignedLong("vcpu.3", 1));
        assertThat(stats.vcpus())
                .containsExactly(
                        new DomainStats.Vcpu(
                                2,
                                OptionalInt.empty(),
                                OptionalLong.of(5),
                                OptionalLong.of(6),
                                OptionalLong.empty(),
                                Optional.of(true)),
                        new DomainStats.Vcpu(
                                10,
                                OptionalInt.of(VcpuState.RUNNING.value()),
                                OptionalLong.empty(),
                                OptionalLong.empty(),
                                OptionalLong.empty(),
                                Optional.empty()));
        assertThat(stats.vcpus().get(1).state()).contains(VcpuState.RUNNING);
        assertThat(stats.vcpus().get(0).state()).isEmpty();
    }

    /// Groups that need hardware or time that a test does not have, as libvirt documents it.
    @Test
    void haveGroupsThatAreRare() {
        DomainStats stats = made(TypedParameters.builder()
                .setUnsignedLong("perf.cache_misses", 12)
                .setUnsignedInt("memory.bandwidth.monitor.count", 1)
                .setString("memory.bandwidth.monitor.0.name", "vcpus_0-4")
                .setString("memory.bandwidth.monitor.0.vcpus", "0-4")
                .setUnsignedInt("memory.bandwidth.monitor.0.node.count", 1)
                .setUnsignedInt("memory.bandwidth.monitor.0.node.0.id", 1)
                .setUnsignedLong("memory.bandwidth.monitor.0.node.0.bytes.local", 2)
                .setUnsignedLong("memory.bandwidth.monitor.0.node.0.bytes.total", 3)
                .setInt("dirtyrate.calc_status", DomainDirtyRateStatus.MEASURED.value())
                .setLong("dirtyrate.calc_start_time", 100)
                .setInt("dirtyrate.calc_period", 1)
                .setLong("dirtyrate.megabytes_per_second", 4)
                .setString("dirtyrate.calc_mode", "dirty-ring")
                .setUnsignedLong("dirtyrate.vcpu.1.megabytes_per_second", 3)
                .setUnsignedLong("vm.remote_tlb_flush.sum", 9));
        assertThat(stats.perf()).containsExactly(Map.entry("cache_misses", 12L));
        assertThat(stats.memory())
                .containsExactly(new DomainStats.MemoryMonitor(
                        "vcpus_0-4",
                        Optional.of("0-4"),
                        List.of(new DomainStats.MemoryMonitor.Node(
                                OptionalLong.of(1), OptionalLong.of(2), OptionalLong.of(3)))));
        DomainStats.DirtyRate rate = stats.dirtyRate().orElseThrow();
        assertThat(rate.status()).isEqualTo(DomainDirtyRateStatus.MEASURED);
        assertThat(rate.rate()).hasValue(4);
        assertThat(rate.mode()).contains("dirty-ring");
        assertThat(rate.vcpuRates()).containsExactly(Map.entry(1, 3L));
        assertThat(stats.vm().getLong("remote_tlb_flush.sum")).hasValue(9);
    }
}
