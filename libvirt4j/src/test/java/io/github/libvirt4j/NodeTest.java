package io.github.libvirt4j;

import static io.github.libvirt4j.support.Refusals.assertRefused;
import static io.github.libvirt4j.support.Refusals.assertUnsupported;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ConnectBaselineCpuFlags;
import io.github.libvirt4j.types.ConnectCompareCpuFlags;
import io.github.libvirt4j.types.CpuCompareResult;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.NodeAllocPagesFlags;
import io.github.libvirt4j.types.NodeMemorySharedKeys;
import io.github.libvirt4j.types.NodeSuspendTarget;
import io.github.libvirt4j.types.TypedParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The host: of the test driver, whose numbers are made up, and of QEMU, whose numbers are this machine's.
@ExtendWith(NothingLeft.class)
class NodeTest {
    private static final String NEHALEM = "<cpu><arch>x86_64</arch><model>Nehalem</model></cpu>";
    private static final String PENRYN = "<cpu><arch>x86_64</arch><model>Penryn</model></cpu>";

    private final Connect embedded = Embedded.open();
    private final Connect qemu = Connect.open(SessionDaemon.shared().unixUri("qemu:///session"));
    private final Node made = embedded.node();
    private final Node host = qemu.node();

    @AfterEach
    void close() {
        embedded.close();
        qemu.close();
    }

    @Test
    void tellsItsProcessorsAndMemory() {
        Node.Info node = made.info();
        assertThat(node.model()).isEqualTo("i686");
        assertThat(node.cpus()).isEqualTo(node.nodes() * node.sockets() * node.cores() * node.threads());
        assertThat(node.memory()).isPositive();
    }

    @Test
    void hasProcessors() {
        BitSet online = new BitSet();
        online.set(0);
        online.set(2);
        online.set(4);
        assertThat(made.cpuMap()).isEqualTo(new Node.CpuMap(8, online));
        int processors = host.info().cpus();
        assertThat(host.cpuMap().online().cardinality()).isEqualTo(processors);
        assertThat(host.cpuMap().present()).isGreaterThanOrEqualTo(processors);
    }

    @Test
    void givesMapsThatNobodyElseHas() {
        Node.CpuMap map = made.cpuMap();
        map.online().clear();
        assertThat(map.online().cardinality()).isEqualTo(3);
    }

    @Test
    void countsWhatProcessorsDo() {
        assertThat(made.cpuStats()).containsEntry("user", 9_797_400_000L).containsEntry("iowait", 763_600_000L);
        assertThat(host.cpuStats()).containsOnlyKeys("kernel", "user", "idle", "iowait");
        assertThat(host.cpuStats(0).get("idle")).isPositive();
        assertRefused(ErrorNumber.INVALID_ARG, () -> host.cpuStats(9999));
    }

    @Test
    void hasMemory() throws IOException {
        assertThat(made.freeMemory()).isEqualTo(3_145_728);
        assertThat(made.cellsFreeMemory()).containsExactly(2_097_152L, 4_194_304L);
        assertThat(made.cellsFreeMemory(1, 1)).containsExactly(4_194_304L);
        // That of its nodes, which does not grow in a virtual machine that is given more.
        assertThat(host.info().memory()).isPositive();
        long total = memoryOfTheMachine();
        assertThat(host.memoryStats()).containsEntry("total", total).containsKeys("free", "buffers", "cached");
        assertThat(host.memoryStats(0)).containsKeys("total", "free");
        assertThat(host.freeMemory()).isBetween(1L, total * 1024);
        assertThat(host.cellsFreeMemory()).hasSize(host.info().nodes()).allMatch(free -> free > 0);
        assertUnsupported(made::memoryStats);
        assertRefused(ErrorNumber.INVALID_ARG, () -> host.memoryStats(9999));
        assertRefused(ErrorNumber.INTERNAL_ERROR, () -> host.cellsFreeMemory(9999, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> host.cellsFreeMemory(0, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> host.cellsFreeMemory(0, 1025))
                .withMessageContaining("1025");
    }

    /// In KiB.
    private static long memoryOfTheMachine() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/meminfo")).getFirst();
        assertThat(line).matches("MemTotal: +[0-9]+ kB");
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
    }

    @Test
    void hasPages() {
        List<Node.FreePages> pages = host.freePages(List.of(2048, 4), 0, 1);
        assertThat(pages).extracting(Node.FreePages::cell).containsExactly(0, 0);
        assertThat(pages).extracting(Node.FreePages::pageSize).containsExactly(2048, 4);
        assertThat(pages.get(1).free()).isPositive();
        assertThat(host.freePages(List.of(4), -1, 1))
                .extracting(Node.FreePages::cell)
                .containsExactly(-1);
        assertRefused(ErrorNumber.OPERATION_FAILED, () -> host.freePages(List.of(5), 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> host.freePages(List.of(), 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> host.freePages(List.of(4), 0, 0));
    }

    /// The daemon's user may not change the pool: only that nothing is added to it succeeds.
    @Test
    void allocatesPages() {
        assertThat(host.allocPages(Map.of(2048, 0L), 0, 1)).isOne();
        assertThat(host.allocPages(Map.of(2048, 0L), 0, 1, NodeAllocPagesFlags.ADD))
                .isOne();
        assertUnsupported(() -> made.allocPages(Map.of(2048, 1L), 0, 1));
    }

    @Test
    void sharesMemory() {
        TypedParameters parameters = host.memoryParameters();
        assertThat(parameters.require(NodeMemorySharedKeys.PAGES_TO_SCAN)).isPositive();
        assertUnsupported(made::memoryParameters);
        assertUnsupported(
                () -> made.setMemoryParameters(TypedParameters.builder().build()));
        // Not root.
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> host.setMemoryParameters(TypedParameters.builder()
                        .set(NodeMemorySharedKeys.PAGES_TO_SCAN, 100L)
                        .build()));
    }

    @Test
    void saysWhatProtectsIt() {
        assertThat(made.securityModel()).isEqualTo(new Node.SecurityModel("testSecurity", ""));
        assertThat(host.securityModel().model()).isNotEmpty();
        assertUnsupported(made::sevInfo);
    }

    @Test
    void isNotSuspendedByTheTestDriver() {
        assertUnsupported(() -> made.suspendForDuration(NodeSuspendTarget.MEM, Duration.ofMinutes(1)));
    }

    @Test
    void knowsModels() {
        assertThat(made.cpuModelNames("x86_64")).contains("Nehalem", "qemu64");
        assertThat(host.cpuModelNames("x86_64")).contains("Nehalem");
        assertRefused(ErrorNumber.INVALID_ARG, () -> made.cpuModelNames("nothing"));
        assertThatIllegalArgumentException().isThrownBy(() -> made.cpuModelNames("a\0b"));
    }

    @Test
    void comparesProcessors() {
        String older = "<cpu match='exact'><model>qemu64</model></cpu>";
        String newer = "<cpu match='exact'><model>Nehalem</model><feature policy='require' name='ibs'/></cpu>";
        assertThat(host.compareCpu(older)).isIn(CpuCompareResult.SUPERSET, CpuCompareResult.INCOMPATIBLE);
        assertThat(host.compareHypervisorCpu(null, null, null, "qemu", older)).isEqualTo(CpuCompareResult.SUPERSET);
        assertThat(host.compareHypervisorCpu(null, null, null, "qemu", newer)).isEqualTo(CpuCompareResult.INCOMPATIBLE);
        assertRefused(
                ErrorNumber.CPU_INCOMPATIBLE,
                () -> host.compareHypervisorCpu(
                        null, null, null, "qemu", newer, ConnectCompareCpuFlags.FAIL_INCOMPATIBLE));
        assertRefused(ErrorNumber.XML_DETAIL, () -> host.compareCpu("no XML"));
        assertUnsupported(() -> made.compareCpu(older));
    }

    @Test
    void findsTheLeastOfProcessors() {
        assertThat(made.baselineCpu(List.of(NEHALEM, PENRYN))).contains(">Penryn<");
        assertThat(made.baselineCpu(List.of(PENRYN), ConnectBaselineCpuFlags.EXPAND_FEATURES))
                .contains("<feature ");
        assertThat(host.baselineHypervisorCpu(null, "x86_64", null, "qemu", List.of(PENRYN)))
                .contains("Penryn");
        assertRefused(ErrorNumber.INVALID_ARG, () -> made.baselineCpu(List.of()));
        assertUnsupported(() -> made.baselineHypervisorCpu(null, null, null, null, List.of(PENRYN)));
    }

    @Test
    void isGoneWithItsConnection() {
        embedded.close();
        assertThatIllegalStateException().isThrownBy(made::cpuMap);
        assertThatIllegalStateException().isThrownBy(made::freeMemory);
    }
}
