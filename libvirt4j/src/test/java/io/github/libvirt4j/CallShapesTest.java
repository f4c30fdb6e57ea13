package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainFSInfoFree;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetBlkioParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetBlockIoTune;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetCPUStats;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetEmulatorPinInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetFSInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetMemoryParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetMessages;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetNumaParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetPerfEvents;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetSchedulerParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetSchedulerType;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetVcpuPinInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainPinEmulator;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainPinVcpuFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetBlkioParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetBlockIoTune;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetMemoryParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetNumaParameters;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetPerfEvents;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetSchedulerParametersFlags;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetCPUModelNames;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virNodeGetCPUStats;
import static io.github.libvirt4j.support.Bits.bits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.error.CallTimeoutException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.error.ProtocolViolationException;
import io.github.libvirt4j.internal.c.CArrays;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.CStrings;
import io.github.libvirt4j.internal.c.CTypedParameters;
import io.github.libvirt4j.internal.c.CpuMaps;
import io.github.libvirt4j.internal.raw.VirDomainFSInfo;
import io.github.libvirt4j.internal.raw.VirNodeCPUStats;
import io.github.libvirt4j.internal.raw.VirTypedParameter;
import io.github.libvirt4j.support.LargeBlock;
import io.github.libvirt4j.types.DomainBlkioKeys;
import io.github.libvirt4j.types.DomainBlockIoTuneKeys;
import io.github.libvirt4j.types.DomainCpuStatsKeys;
import io.github.libvirt4j.types.DomainDiskErrorCode;
import io.github.libvirt4j.types.DomainMemoryKeys;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.DomainNumaKeys;
import io.github.libvirt4j.types.DomainSchedulerKeys;
import io.github.libvirt4j.types.ParameterKey;
import io.github.libvirt4j.types.PerfParamKeys;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// The shapes of C functions that [Handle] has helpers for, on the test driver, by calls on the caller's
/// thread and by those with a time limit.
@ExtendWith(NothingLeft.class)
@Timeout(60)
@ParameterizedClass(name = "with a time limit: {0}")
@ValueSource(booleans = {false, true})
class CallShapesTest {
    private static final int CONFIG = DomainModificationImpact.CONFIG.bits();

    /// The test driver's host.
    private static final int CPUS = 16;

    @Parameter
    boolean limited;

    private Connect connect;
    private Domain domain;

    @BeforeEach
    void open() {
        var opening = Connect.to(Embedded.URI);
        connect = limited ? opening.callTimeout(Duration.ofSeconds(30)).open() : opening.open();
        domain = connect.domains().define("""
                <domain type='test'>
                  <name>%s</name>
                  <memory unit='MiB'>256</memory>
                  <vcpu>3</vcpu>
                  <os><type>hvm</type></os>
                  <devices>
                    <disk type='file'><source file='/a'/><target dev='vda'/></disk>
                    <disk type='file'><source file='/b'/><target dev='vdb'/></disk>
                  </devices>
                </domain>
                """.formatted(Embedded.newName()));
    }

    @AfterEach
    void close() {
        if (domain.isActive()) {
            domain.destroy();
        }
        domain.undefine();
        domain.close();
        connect.close();
    }

    private int schedulerCount() {
        return domain.using("virDomainGetSchedulerType", (p, in) -> {
            MemorySegment count = in.room(Integer.BYTES);
            String type =
                    CMemory.takeString(domain.check(virDomainGetSchedulerType(p, count), "virDomainGetSchedulerType"));
            assertThat(type).isEqualTo("fair");
            return count.get(ValueLayout.JAVA_INT, 0);
        });
    }

    @Test
    void parametersWhoseNumberAnotherFunctionTells() {
        domain.create();
        // With flags libvirt adds VIR_TYPED_PARAM_STRING_OKAY, and the test driver of 9.0 refuses that.
        TypedParameters read = domain.fillParameters(
                "virDomainGetSchedulerParameters",
                schedulerCount(),
                (p, _, params, count) -> virDomainGetSchedulerParameters(p, params, count));
        assertThat(read)
                .isEqualTo(TypedParameters.builder()
                        .set(DomainSchedulerKeys.WEIGHT, 50L)
                        .build());
        assertThat(domain.fillParameters(
                        "virDomainGetSchedulerParameters",
                        5,
                        (p, _, params, count) -> virDomainGetSchedulerParameters(p, params, count)))
                .isEqualTo(read);
        domain.call(
                "virDomainSetSchedulerParametersFlags",
                (p, in) -> virDomainSetSchedulerParametersFlags(p, in.parameters(read), read.size(), 0));
        // libvirt itself refuses another type, and the error comes from the thread of the call.
        TypedParameters wrong = TypedParameters.builder().setInt("weight", 50).build();
        assertThatThrownBy(() -> domain.call(
                        "virDomainSetSchedulerParametersFlags",
                        (p, in) -> virDomainSetSchedulerParametersFlags(p, in.parameters(wrong), 1, 0)))
                .isInstanceOf(LibvirtException.class)
                .hasMessageContaining("weight");
    }

    private TypedParameters memoryParameters() {
        return domain.fillParameters(
                "virDomainGetMemoryParameters",
                (p, _, params, count) -> virDomainGetMemoryParameters(p, params, count, CONFIG));
    }

    @Test
    void parametersWhoseNumberIsAskedFirst() {
        ParameterKey<Long> hard = DomainMemoryKeys.HARD_LIMIT;
        ParameterKey<Long> soft = DomainMemoryKeys.SOFT_LIMIT;
        TypedParameters change = TypedParameters.builder()
                .set(hard, 800_000L)
                .set(soft, 700_000L)
                .build();
        assertThat(memoryParameters().require(hard)).isGreaterThan(1L << 40);
        domain.call(
                "virDomainSetMemoryParameters",
                (p, in) -> virDomainSetMemoryParameters(p, in.parameters(change), change.size(), CONFIG));
        TypedParameters read = memoryParameters();
        assertThat(read.size()).isEqualTo(3);
        assertThat(read.require(hard)).isEqualTo(800_000);
        assertThat(read.require(soft)).isEqualTo(700_000);
    }

    @Test
    void parametersThatAreStrings() {
        ParameterKey<String> nodeset = DomainNumaKeys.NODESET;
        TypedParameters change = TypedParameters.builder()
                .set(nodeset, "0")
                .set(DomainNumaKeys.MODE, 0)
                .build();
        domain.call(
                "virDomainSetNumaParameters",
                (p, in) -> virDomainSetNumaParameters(p, in.parameters(change), change.size(), CONFIG));
        TypedParameters read = domain.fillParameters(
                "virDomainGetNumaParameters",
                (p, _, params, count) -> virDomainGetNumaParameters(p, params, count, CONFIG));
        assertThat(read.require(nodeset)).isEqualTo("0");

        ParameterKey<String> weights = DomainBlkioKeys.DEVICE_WEIGHT;
        TypedParameters blkio =
                TypedParameters.builder().set(weights, "/dev/hda,700").build();
        domain.call(
                "virDomainSetBlkioParameters",
                (p, in) -> virDomainSetBlkioParameters(p, in.parameters(blkio), 1, CONFIG));
        assertThat(domain.fillParameters(
                                "virDomainGetBlkioParameters",
                                (p, _, params, count) -> virDomainGetBlkioParameters(p, params, count, CONFIG))
                        .require(weights))
                .isEqualTo("/dev/hda,700");
    }

    private TypedParameters ioTune(String disk) {
        return domain.fillParameters(
                "virDomainGetBlockIoTune",
                (p, in, params, count) -> virDomainGetBlockIoTune(p, in.string(disk, "disk"), params, count, CONFIG));
    }

    @Test
    void parametersOfSomethingThatAStringNames() {
        ParameterKey<Long> bytes = DomainBlockIoTuneKeys.READ_BYTES_SEC;
        TypedParameters change = TypedParameters.builder()
                .set(bytes, 1L << 33)
                .set(DomainBlockIoTuneKeys.READ_BYTES_SEC_MAX, 1L << 34)
                .build();
        domain.call(
                "virDomainSetBlockIoTune",
                (p, in) -> virDomainSetBlockIoTune(
                        p, in.string("vdb", "disk"), in.parameters(change), change.size(), CONFIG));
        assertThat(ioTune("vdb").require(bytes)).isEqualTo(1L << 33);
        assertThat(ioTune("vda").require(bytes)).isZero();
        assertThatThrownBy(() -> ioTune("vdc")).isInstanceOf(LibvirtException.class);
        assertThatThrownBy(() -> ioTune("vd\0")).hasMessageContaining("disk has a NUL at index 2");
    }

    /// They look like parameters, and are another struct.
    @Test
    void structsWhoseNumberIsAskedFirst() {
        List<String> names = connect.fillStructs(
                "virNodeGetCPUStats",
                VirNodeCPUStats.SIZE,
                (p, _, stats, count) -> virNodeGetCPUStats(p, -1, stats, count, 0),
                one -> CMemory.boundedString(VirNodeCPUStats.field(one)));
        assertThat(names).contains("kernel", "user", "idle", "iowait");
        for (int then : new int[] {2, 1, 3, -1}) {
            Handle.ParametersCall call = (_, _, structs, count) -> {
                count.set(ValueLayout.JAVA_INT, 0, CMemory.isNull(structs) ? 2 : then);
                return 0;
            };
            if (then == 1 || then == 2) {
                assertThat(connect.fillStructs("f", 8, call, MemorySegment::byteSize))
                        .hasSize(then)
                        .containsOnly(8L);
            } else {
                assertThatThrownBy(() -> connect.fillStructs("f", 8, call, MemorySegment::byteSize))
                        .isInstanceOf(ProtocolViolationException.class)
                        .hasMessageContaining("f: announced " + then + " elements");
            }
        }
    }

    @Test
    void parametersThatCMakes() {
        TypedParameters change =
                TypedParameters.builder().set(PerfParamKeys.CMT, true).build();
        domain.call(
                "virDomainSetPerfEvents",
                (p, in) -> virDomainSetPerfEvents(p, in.parameters(change), change.size(), CONFIG));
        TypedParameters read = domain.takeParameters(
                "virDomainGetPerfEvents", (p, _, params, count) -> virDomainGetPerfEvents(p, params, count, CONFIG));
        assertThat(read.get(PerfParamKeys.CMT)).contains(true);
        assertThat(read.get(PerfParamKeys.MBMT)).contains(false);
        assertThat(read.size()).isGreaterThan(10);
    }

    @Test
    void parametersOfEachProcessor() {
        domain.create();
        List<TypedParameters> each = domain.using("virDomainGetCPUStats", (p, in) -> {
            int cpus = domain.check(virDomainGetCPUStats(p, MemorySegment.NULL, 0, 0, 0, 0), "virDomainGetCPUStats");
            int count = domain.check(virDomainGetCPUStats(p, MemorySegment.NULL, 0, 0, 1, 0), "virDomainGetCPUStats");
            // One processor more than the driver knows: its parameters are left out.
            MemorySegment room = CTypedParameters.room(in.memory(), count * (cpus + 1));
            domain.check(virDomainGetCPUStats(p, room, count, 0, cpus + 1, 0), "virDomainGetCPUStats");
            return CTypedParameters.takeFilledSets("virDomainGetCPUStats", room, cpus + 1);
        });
        assertThat(each).hasSizeGreaterThan(1).last().matches(TypedParameters::isEmpty);
        assertThat(each.subList(0, each.size() - 1))
                .allSatisfy(
                        cpu -> assertThat(cpu.get(DomainCpuStatsKeys.CPUTIME)).isPresent());
    }

    @Test
    void bitMaps() {
        domain.create();
        byte[] map = CpuMaps.bytes(bits(1, 9));
        domain.call("virDomainPinVcpuFlags", (p, in) -> virDomainPinVcpuFlags(p, 1, in.bytes(map), map.length, 0));
        List<BitSet> pinned = domain.fillCpuMaps(
                "virDomainGetVcpuPinInfo",
                3,
                CPUS,
                (p, maps, length) -> virDomainGetVcpuPinInfo(p, 3, maps, length, 0));
        BitSet all = new BitSet();
        all.set(0, CPUS);
        assertThat(pinned).containsExactly(all, bits(1, 9), all);

        domain.call("virDomainPinEmulator", (p, in) -> virDomainPinEmulator(p, in.bytes(map), map.length, 0));
        assertThat(domain.fillCpuMaps(
                        "virDomainGetEmulatorPinInfo",
                        1,
                        CPUS,
                        (p, maps, length) -> virDomainGetEmulatorPinInfo(p, maps, length, 0)))
                .containsExactly(bits(1, 9));
    }

    @Test
    void bitMapsThatCAnnouncesTooMany() {
        assertThatThrownBy(() -> domain.fillCpuMaps("maps", 2, 16, (_, _, _) -> 3))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessageContaining("maps: announced 3 elements, and was given 2");
    }

    @Test
    void strings() {
        List<String> models = connect.takeStrings(
                "virConnectGetCPUModelNames",
                CArrays.End.AT_NULL,
                (p, in, array) -> virConnectGetCPUModelNames(p, in.string("x86_64", "arch"), array, 0));
        assertThat(models).contains("qemu64", "Skylake-Client").hasSizeGreaterThan(50);
        assertThat(domain.takeStrings(
                        "virDomainGetMessages",
                        CArrays.End.AT_COUNT,
                        (p, _, array) -> virDomainGetMessages(p, array, 0)))
                .isEmpty();
    }

    private record FileSystem(String mountpoint, String name, String type, List<String> devices) {}

    private static String text(MemorySegment string) {
        return String.valueOf(CMemory.string(string));
    }

    private static FileSystem fileSystem(MemorySegment info) {
        long count = VirDomainFSInfo.ndevAlias(info);
        MemorySegment aliases = CMemory.array("virDomainGetFSInfo", VirDomainFSInfo.devAlias(info), count, Long.BYTES);
        List<String> devices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            devices.add(text(aliases.getAtIndex(ValueLayout.ADDRESS, i)));
        }
        return new FileSystem(
                text(VirDomainFSInfo.mountpoint(info)),
                text(VirDomainFSInfo.name(info)),
                text(VirDomainFSInfo.fstype(info)),
                devices);
    }

    @Test
    void structsWithStringsAndListsInThem() {
        domain.create();
        assertThat(domain.takeStructs(
                        "virDomainGetFSInfo",
                        CArrays.End.AT_COUNT,
                        VirDomainFSInfo.SIZE,
                        (p, _, infos) -> virDomainGetFSInfo(p, infos, 0),
                        CallShapesTest::fileSystem,
                        info -> virDomainFSInfoFree(info)))
                .isNotEmpty()
                .allSatisfy(info -> assertThat(info.devices()).isNotEmpty());
    }

    @Test
    void structsInAnArrayOfOurs() {
        assertThatThrownBy(() -> domain.diskErrors()).isInstanceOf(OperationInvalidException.class);
        domain.create();
        assertThat(domain.diskErrors())
                .containsExactly(new Domain.DiskError("vda", 1), new Domain.DiskError("vdb", 2))
                .extracting(Domain.DiskError::error)
                .containsExactly(DomainDiskErrorCode.UNSPEC, DomainDiskErrorCode.NO_SPACE);
        try (Domain without = Embedded.define(connect)) {
            without.create();
            assertThat(without.diskErrors()).isEmpty();
            without.destroy();
            without.undefine();
        }
    }

    /// With C's function for it, also if Java throws.
    @Test
    void structsThatAreFreedWhateverHappens() {
        MemorySegment mountpoint = LargeBlock.allocate();
        mountpoint.setString(0, "/");
        Handle.FillArgumentsCall call = (_, _, infos) -> {
            MemorySegment info = CMemory.allocate(VirDomainFSInfo.SIZE).fill((byte) 0);
            VirDomainFSInfo.mountpoint(info, mountpoint);
            MemorySegment array = CMemory.allocate(Long.BYTES);
            array.set(ValueLayout.ADDRESS, 0, info);
            infos.set(ValueLayout.ADDRESS, 0, array);
            return 1;
        };
        Handle.Made<String> copy = info -> {
            throw new IllegalStateException(text(VirDomainFSInfo.mountpoint(info)));
        };
        assertThatThrownBy(() -> domain.takeStructs(
                        "f", CArrays.End.AT_COUNT, VirDomainFSInfo.SIZE, call, copy, info -> virDomainFSInfoFree(info)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("/");
        assertThat(LargeBlock.isAllocated(mountpoint)).isFalse();
    }

    /// Its memory is there until C returns.
    @Test
    void callsThatOutlastTheirCaller() throws Exception {
        try (Connect impatient =
                Connect.to(Embedded.URI).callTimeout(Duration.ofMillis(50)).open()) {
            CompletableFuture<Boolean> left = new CompletableFuture<>();
            CompletableFuture<String> seen = new CompletableFuture<>();
            assertThatThrownBy(() -> impatient.call("slow", (_, in) -> {
                        MemorySegment string = in.string("text", "string");
                        left.join();
                        seen.complete(text(string));
                        return 0;
                    }))
                    .isInstanceOf(CallTimeoutException.class);
            left.complete(true);
            assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo("text");
        }
    }

    private static MemorySegment largeString() {
        MemorySegment string = LargeBlock.allocate();
        string.setString(0, "text");
        return string;
    }

    private static void put(MemorySegment parameter, MemorySegment string) {
        VirTypedParameter.field(parameter).setString(0, "name");
        VirTypedParameter.type(parameter, 7);
        VirTypedParameter.value_s(parameter, string);
    }

    /// Between the question how many there are and their coming.
    @Test
    void parametersThatBecomeFewerOrMore() {
        TypedParameters one =
                TypedParameters.builder().setString("name", "text").build();
        for (int then : new int[] {1, 3, 0, -1}) {
            MemorySegment string = largeString();
            Handle.ParametersCall call = (_, _, params, count) -> {
                if (CMemory.isNull(params)) {
                    assertThat(count.get(ValueLayout.JAVA_INT, 0)).isZero();
                    count.set(ValueLayout.JAVA_INT, 0, 2);
                } else {
                    assertThat(count.get(ValueLayout.JAVA_INT, 0)).isEqualTo(2);
                    assertThat(params.byteSize()).isEqualTo(2 * VirTypedParameter.SIZE);
                    put(params, string);
                    count.set(ValueLayout.JAVA_INT, 0, then);
                }
                return 0;
            };
            switch (then) {
                case 1 -> assertThat(domain.fillParameters("f", call)).isEqualTo(one);
                case 0 -> assertThat(domain.fillParameters("f", call).isEmpty()).isTrue();
                default ->
                    assertThatThrownBy(() -> domain.fillParameters("f", call))
                            .isInstanceOf(ProtocolViolationException.class)
                            .hasMessageContaining("f: announced " + then + " elements");
            }
            assertThat(LargeBlock.isAllocated(string)).isFalse();
        }
    }

    @Test
    void parametersThatAreNoneOrTooMany() {
        for (int announced : new int[] {0, -1, 262_145}) {
            Handle.ParametersCall call = (_, _, params, count) -> {
                assertThat(CMemory.isNull(params)).isTrue();
                count.set(ValueLayout.JAVA_INT, 0, announced);
                return 0;
            };
            if (announced == 0) {
                assertThat(domain.fillParameters("f", call).isEmpty()).isTrue();
            } else {
                assertThatThrownBy(() -> domain.fillParameters("f", call))
                        .isInstanceOf(ProtocolViolationException.class)
                        .hasMessageContaining("f: announced " + announced + " parameters");
            }
        }
    }

    @Test
    void parametersThatCMakesAreFreed() {
        for (int announced : new int[] {1, -1}) {
            MemorySegment array = LargeBlock.allocate();
            MemorySegment string = largeString();
            array.asSlice(0, VirTypedParameter.SIZE).fill((byte) 0);
            put(array, string);
            Handle.ParametersCall call = (_, _, params, count) -> {
                params.set(ValueLayout.ADDRESS, 0, array);
                count.set(ValueLayout.JAVA_INT, 0, announced);
                return 0;
            };
            if (announced == 1) {
                assertThat(domain.takeParameters("f", call).getString("name")).contains("text");
                assertThat(LargeBlock.isAllocated(string)).isFalse();
            } else {
                assertThatThrownBy(() -> domain.takeParameters("f", call))
                        .isInstanceOf(ProtocolViolationException.class);
                CMemory.free(string);
            }
            assertThat(LargeBlock.isAllocated(array)).isFalse();
        }
    }

    @Test
    void stringsThatGoIn() {
        domain.setTitle("a title", DomainModificationImpact.CONFIG);
        assertThat(domain.title(DomainModificationImpact.CONFIG)).contains("a title");
        String name = Embedded.newName();
        domain.rename(name);
        try (Domain renamed = connect.domains().lookupByName(name)) {
            assertThat(renamed).isEqualTo(domain);
        }
        assertThat(domain.<List<String>>using("echo", (_, in) -> {
                    MemorySegment list = in.strings(List.of("a", "é"), "list");
                    assertThat(in.stringOrNull(null, "none")).isEqualTo(MemorySegment.NULL);
                    return List.of(
                            text(list.getAtIndex(ValueLayout.ADDRESS, 0)),
                            text(list.getAtIndex(ValueLayout.ADDRESS, 1)));
                }))
                .containsExactly("a", "é");
    }

    /// On whichever thread it is found: the trace says where the call was made.
    @Test
    @SuppressWarnings("NullAway") // On purpose.
    void stringsThatAreRefused() {
        assertThatThrownBy(() -> domain.rename("a\0b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name has a NUL at index 1")
                .satisfies(e -> assertThat(e.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(CallShapesTest.class.getName())));
        assertThatThrownBy(() -> domain.rename(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("name")
                .satisfies(e -> assertThat(e.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(CallShapesTest.class.getName())));
    }

    @Test
    void stringsIntoMemoryOfOurs() {
        MemorySegment given = largeString();
        assertThat(domain.<List<String>>using("f", (_, in) -> {
                    MemorySegment names = CArrays.room(in.memory(), "f", 2, Long.BYTES);
                    names.setAtIndex(ValueLayout.ADDRESS, 0, given);
                    return CStrings.takeFilled("f", names, 1);
                }))
                .containsExactly("text");
        assertThat(LargeBlock.isAllocated(given)).isFalse();
    }

    @Test
    void pointerIsGivenBackIfNoHandleCanBeMadeOfIt() {
        List<MemorySegment> back = new ArrayList<>();
        MemorySegment pointer = MemorySegment.ofAddress(8);
        Handle.Made<Domain> made = Handle.owning(
                () -> {
                    throw new OutOfMemoryError("on purpose");
                },
                back::add);
        assertThatThrownBy(() -> made.of(pointer)).isInstanceOf(OutOfMemoryError.class);
        assertThat(back).containsExactly(pointer);
    }
}
