package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virConnectGetAllDomainStats;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainBlockStatsFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetBlkioParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetBlockIoTune;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetCPUStats;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetInterfaceParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetMemoryParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetNumaParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetPerfEvents;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetSchedulerParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainManagedSave;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetBlockIoTune;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainStatsRecordListFree;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeGetMemoryParameters;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.CTypedParameters;
import io.github.libvirt4j.internal.raw.VirDomainStatsRecord;
import io.github.libvirt4j.support.Keys;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainBandwidthKeys;
import io.github.libvirt4j.types.DomainBlkioKeys;
import io.github.libvirt4j.types.DomainBlockIoTuneKeys;
import io.github.libvirt4j.types.DomainBlockStatsKeys;
import io.github.libvirt4j.types.DomainCpuStatsKeys;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainJobKeys;
import io.github.libvirt4j.types.DomainMemoryKeys;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.DomainNumaKeys;
import io.github.libvirt4j.types.DomainSchedulerKeys;
import io.github.libvirt4j.types.DomainStatsKeys;
import io.github.libvirt4j.types.DomainTunableKeys;
import io.github.libvirt4j.types.DomainUndefineFlags;
import io.github.libvirt4j.types.NodeMemorySharedKeys;
import io.github.libvirt4j.types.PerfParamKeys;
import io.github.libvirt4j.types.TypedParameters;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The types of the keys, held against what drivers send: the test driver, and QEMU with a guest that stands
/// still.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class ParameterTypesTest {
    private static final int CONFIG = DomainModificationImpact.CONFIG.bits();
    private static final int LIVE = DomainModificationImpact.LIVE.bits();

    /// Statistics whose names the hypervisor chooses.
    private static final Pattern CUSTOM = Pattern.compile("(vm|vcpu\\.\\d+)\\.\\w+\\.(cur|max|sum)=.*");

    private final Keys keys = new Keys();

    private void compare(Class<?> with, TypedParameters sent) {
        assertThat(sent.isEmpty()).as(with.getSimpleName()).isFalse();
        assertThat(keys.differences(with, sent))
                .allMatch(difference -> CUSTOM.matcher(difference).matches());
    }

    /// Names that no driver sends here are in a list: for these the table rests on libvirt's documentation
    /// and source alone.
    private void compareWithTheList() throws IOException {
        List<String> list = Files.readAllLines(Path.of("src/test/resources/keys-not-sent.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        assertThat(list).isSorted().containsAll(keys.notSent());
    }

    @Test
    void areThoseOfTheTestDriver() {
        askTheTestDriver();
    }

    @Test
    @Tag("slow")
    void areThoseOfQemuExceptThoseInTheList() throws Exception {
        askTheTestDriver();
        askQemu();
        compareWithTheList();
    }

    private void askTheTestDriver() {
        try (Connect connect = Embedded.open();
                Domain domain = connect.domains().define("""
                        <domain type='test'>
                          <name>%s</name>
                          <memory unit='MiB'>256</memory>
                          <os><type>hvm</type></os>
                          <devices>
                            <disk type='file'><source file='/a'/><target dev='vda'/></disk>
                            <interface type='network'>
                              <mac address='52:54:00:00:00:01'/><source network='default'/><target dev='net0'/>
                            </interface>
                          </devices>
                        </domain>
                        """.formatted(Embedded.newName()))) {
            compare(
                    DomainMemoryKeys.class,
                    domain.fillParameters(
                            "memory", (p, _, params, count) -> virDomainGetMemoryParameters(p, params, count, CONFIG)));
            compare(
                    DomainNumaKeys.class,
                    domain.fillParameters(
                            "numa", (p, _, params, count) -> virDomainGetNumaParameters(p, params, count, CONFIG)));
            compare(
                    DomainBlkioKeys.class,
                    domain.fillParameters(
                            "blkio", (p, _, params, count) -> virDomainGetBlkioParameters(p, params, count, CONFIG)));
            compare(DomainBlockIoTuneKeys.class, ioTune(domain, CONFIG));
            compare(
                    DomainBandwidthKeys.class,
                    domain.fillParameters(
                            "interface",
                            (p, in, params, count) -> virDomainGetInterfaceParameters(
                                    p, in.string("net0", "device"), params, count, CONFIG)));
            compare(
                    PerfParamKeys.class,
                    domain.takeParameters(
                            "perf", (p, _, params, count) -> virDomainGetPerfEvents(p, params, count, CONFIG)));
            domain.create();
            compare(
                    DomainSchedulerKeys.class,
                    domain.fillParameters(
                            "scheduler",
                            1,
                            (p, _, params, count) -> virDomainGetSchedulerParameters(p, params, count)));
            compare(DomainCpuStatsKeys.class, cpuStats(domain, -1));
            compare(DomainCpuStatsKeys.class, cpuStats(domain, 0));
            compareStats(connect);
            domain.destroy();
            domain.undefine();
        }
    }

    private static TypedParameters ioTune(Domain domain, int impact) {
        return domain.fillParameters(
                "iotune",
                (p, in, params, count) -> virDomainGetBlockIoTune(p, in.string("vda", "disk"), params, count, impact));
    }

    /// @param start a processor, or -1 for all together
    private static TypedParameters cpuStats(Domain domain, int start) {
        return domain.using("cpu", (p, in) -> {
            int count = domain.check(virDomainGetCPUStats(p, MemorySegment.NULL, 0, start, 1, 0), "cpu");
            MemorySegment room = CTypedParameters.room(in.memory(), count);
            int filled = domain.check(virDomainGetCPUStats(p, room, count, start, 1, 0), "cpu");
            return CTypedParameters.takeFilled("cpu", room, filled);
        });
    }

    private void compareStats(Connect connect) {
        stats(connect).forEach(stats -> compare(DomainStatsKeys.class, stats));
    }

    static List<TypedParameters> stats(Connect connect) {
        return connect.using("stats", (p, in) -> {
            MemorySegment result = in.room(Long.BYTES);
            int count = connect.check(virConnectGetAllDomainStats(p, 0, result, 0), "stats");
            MemorySegment records = CMemory.pointer(result.get(ValueLayout.JAVA_LONG, 0));
            MemorySegment array = CMemory.array("stats", records, count, Long.BYTES);
            List<TypedParameters> stats = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                MemorySegment one = CMemory.array(
                        "stats",
                        CMemory.pointer(array.getAtIndex(ValueLayout.JAVA_LONG, i)),
                        1,
                        VirDomainStatsRecord.SIZE);
                stats.add(CTypedParameters.copy(VirDomainStatsRecord.params(one), VirDomainStatsRecord.nparams(one)));
            }
            virDomainStatsRecordListFree(records);
            return stats;
        });
    }

    private void askQemu() throws Exception {
        Path folder = SessionDaemon.shared().folder();
        Path disk = folder.resolve(UUID.randomUUID() + ".raw");
        try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(1 << 20);
        }
        Files.setPosixFilePermissions(disk, PosixFilePermissions.fromString("rw-rw-rw-"));
        BlockingQueue<DomainEvent> events = new LinkedBlockingQueue<>();
        try (Connect connect = Connect.open(SessionDaemon.shared().unixUri("qemu:///session"));
                Domain guest = connect.domains().define("""
                        <domain type='qemu'>
                          <name>%s</name>
                          <memory unit='MiB'>32</memory>
                          <vcpu current='1'>2</vcpu>
                          <iothreads>1</iothreads>
                          <numatune><memory mode='strict' nodeset='0'/></numatune>
                          <os><type arch='x86_64'>hvm</type></os>
                          <devices>
                            <disk type='file'>
                              <driver name='qemu' type='raw' iothread='1'/>
                              <source file='%s'/><target dev='vda' bus='virtio'/>
                            </disk>
                            <interface type='user'><target dev='net0'/><model type='virtio'/></interface>
                            <memballoon model='virtio'/>
                          </devices>
                        </domain>
                        """.formatted(UUID.randomUUID(), disk));
                var _ = connect.on(DomainEvent.TUNABLE, events::add);
                var _ = connect.on(DomainEvent.JOB_COMPLETED, events::add)) {
            guest.create(DomainCreateFlags.START_PAUSED);
            compareStats(connect);
            compare(
                    DomainBlockStatsKeys.class,
                    guest.fillParameters(
                            "block",
                            (p, in, params, count) ->
                                    virDomainBlockStatsFlags(p, in.string("vda", "disk"), params, count, 0)));
            compare(DomainBlockIoTuneKeys.class, ioTune(guest, LIVE));
            compare(
                    DomainNumaKeys.class,
                    guest.fillParameters(
                            "numa", (p, _, params, count) -> virDomainGetNumaParameters(p, params, count, CONFIG)));
            if (Files.isDirectory(Path.of("/sys/kernel/mm/ksm"))) {
                compare(
                        NodeMemorySharedKeys.class,
                        connect.fillParameters(
                                "ksm", (p, _, params, count) -> virNodeGetMemoryParameters(p, params, count, 0)));
            }
            TypedParameters change = TypedParameters.builder()
                    .set(DomainBlockIoTuneKeys.GROUP_NAME, "slow")
                    .set(DomainBlockIoTuneKeys.TOTAL_IOPS_SEC, 10L)
                    .set(DomainBlockIoTuneKeys.TOTAL_IOPS_SEC_MAX, 20L)
                    .set(DomainBlockIoTuneKeys.TOTAL_IOPS_SEC_MAX_LENGTH, 5L)
                    .set(DomainBlockIoTuneKeys.READ_BYTES_SEC, 1L << 33)
                    .set(DomainBlockIoTuneKeys.SIZE_IOPS_SEC, 4096L)
                    .build();
            guest.call(
                    "set",
                    (p, in) -> virDomainSetBlockIoTune(
                            p, in.string("vda", "disk"), in.parameters(change), change.size(), LIVE));
            compare(
                    DomainTunableKeys.class,
                    next(events, DomainEvent.Tunable.class).params());
            guest.call("save", (p, _) -> virDomainManagedSave(p, 0));
            compare(
                    DomainJobKeys.class,
                    next(events, DomainEvent.JobCompleted.class).params());
            guest.undefine(DomainUndefineFlags.MANAGED_SAVE);
        } finally {
            Files.delete(disk);
        }
    }

    private static <T extends DomainEvent> T next(BlockingQueue<DomainEvent> events, Class<T> kind)
            throws InterruptedException {
        DomainEvent event = events.poll(30, TimeUnit.SECONDS);
        assertThat(event).isInstanceOf(kind);
        return kind.cast(Objects.requireNonNull(event));
    }
}
