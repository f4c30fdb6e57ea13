package io.github.libvirt4j;

import static io.github.libvirt4j.support.Bits.bits;
import static io.github.libvirt4j.support.Refusals.assertOperationInvalid;
import static io.github.libvirt4j.support.Refusals.assertRefused;
import static io.github.libvirt4j.support.Refusals.assertUnsupported;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.support.LyingDaemon;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainCpuStatsKeys;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.DomainSchedulerKeys;
import io.github.libvirt4j.types.DomainSetVcpuFlags;
import io.github.libvirt4j.types.DomainVcpuFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.PerfParamKeys;
import io.github.libvirt4j.types.TypedParameters;
import io.github.libvirt4j.types.VcpuState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The processors of a domain of the test driver, whose host has 16, and of a guest of QEMU.
@ExtendWith(NothingLeft.class)
class DomainCpuTest extends ViewsOfADomain {
    private static final BitSet ALL = bits(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    private final Domain domain = embedded.domains().define("""
            <domain type='test'>
              <name>%s</name>
              <memory unit='MiB'>256</memory>
              <vcpu current='2'>3</vcpu>
              <os><type>hvm</type></os>
            </domain>
            """.formatted(Embedded.newName()));
    private final DomainCpu made = domain.cpu();
    private DomainCpu cpu;

    @BeforeEach
    void view() {
        cpu = paused.cpu();
    }

    @Test
    void hasVcpus() {
        assertOperationInvalid(made::vcpuInfo);
        domain.create();
        made.pinVcpu(1, bits(9));
        List<DomainCpu.VcpuInfo> vcpus = made.vcpuInfo();
        assertThat(vcpus).extracting(DomainCpu.VcpuInfo::number).containsExactly(0, 1);
        assertThat(vcpus).extracting(DomainCpu.VcpuInfo::state).containsOnly(VcpuState.RUNNING);
        assertThat(vcpus).extracting(DomainCpu.VcpuInfo::cpuTime).allMatch(time -> time > 0);
        assertThat(vcpus).extracting(DomainCpu.VcpuInfo::cpu).last().isEqualTo(9);
        assertThat(vcpus).extracting(DomainCpu.VcpuInfo::cpuMap).containsExactly(ALL, bits(9));
        vcpus.getLast().cpuMap().clear();
        assertThat(vcpus.getLast().cpuMap()).isEqualTo(bits(9));
    }

    @Test
    void hasVcpusOfAGuest() {
        int host = qemu.node().cpuMap().present();
        assertThat(cpu.vcpuInfo()).hasSizeBetween(2, 3).allSatisfy(vcpu -> {
            assertThat(vcpu.state()).isEqualTo(VcpuState.RUNNING);
            assertThat(vcpu.cpu()).isBetween(0, host - 1);
            assertThat(vcpu.cpuMap().length()).isBetween(1, host);
        });
    }

    @Test
    void plugsVcpusIn() {
        cpu.setVcpu(bits(3), true, DomainModificationImpact.LIVE);
        assertThat(cpu.vcpuInfo()).extracting(DomainCpu.VcpuInfo::number).containsExactly(0, 1, 3);
        cpu.setVcpu(bits(2, 3), true, DomainSetVcpuFlags.AFFECT_CONFIG);
        assertThat(cpu.vcpus(DomainVcpuFlags.CONFIG)).isEqualTo(4);
        cpu.setVcpu(bits(1, 2, 3), false, DomainModificationImpact.CONFIG);
        assertThat(cpu.vcpus(DomainVcpuFlags.CONFIG)).isOne();
        assertThat(cpu.vcpus()).isEqualTo(3);
        // The first is always there.
        assertRefused(ErrorNumber.INVALID_ARG, () -> cpu.setVcpu(bits(0), false, DomainModificationImpact.CONFIG));
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> cpu.setVcpu(bits(1, 3, 4, 5, 6), true))
                .withMessageContaining("vcpu 6 is not present");
        assertRefused(ErrorNumber.INVALID_ARG, () -> cpu.setVcpu(bits(), true));
        assertUnsupported(ErrorNumber.NO_SUPPORT, () -> made.setVcpu(bits(1), true));
    }

    @Test
    void pinsVcpus() {
        assertThat(made.vcpuPinInfo()).containsExactly(ALL, ALL, ALL);
        // The test driver pins those of a running domain only.
        assertOperationInvalid(() -> made.pinVcpu(1, bits(0)));
        domain.create();
        made.pinVcpu(1, bits(1, 9));
        assertThat(made.vcpuPinInfo()).containsExactly(ALL, bits(1, 9), ALL);
        assertThat(made.vcpuPinInfo(DomainModificationImpact.CONFIG)).containsExactly(ALL, ALL, ALL);
        assertRefused(ErrorNumber.INVALID_ARG, () -> made.pinVcpu(3, bits(0)));
    }

    @Test
    void pinsVcpusOfAGuest() {
        cpu.pinVcpu(3, bits(0), DomainModificationImpact.CONFIG);
        cpu.pinVcpu(1, bits(0));
        assertThat(cpu.vcpuPinInfo()).hasSize(4).element(1).isEqualTo(bits(0));
        assertThat(cpu.vcpuPinInfo(DomainModificationImpact.CONFIG))
                .hasSize(4)
                .last()
                .isEqualTo(bits(0));
        assertRefused(ErrorNumber.INVALID_ARG, () -> cpu.pinVcpu(99, bits(0)));
        assertRefused(ErrorNumber.INVALID_ARG, () -> cpu.pinVcpu(1, bits()));
        // More than the protocol carries.
        assertRefused(ErrorNumber.RPC, () -> cpu.pinVcpu(1, bits(0, 20_000)));
    }

    @Test
    void pinsTheEmulator() {
        assertThat(made.emulatorPinInfo()).isEqualTo(ALL);
        made.pinEmulator(bits(8, 15), DomainModificationImpact.CONFIG);
        assertThat(made.emulatorPinInfo()).isEqualTo(bits(8, 15));
        assertRefused(ErrorNumber.INVALID_ARG, () -> made.pinEmulator(bits()));
        assertOperationInvalid(() -> made.emulatorPinInfo(DomainModificationImpact.LIVE));
        assertOperationInvalid(() -> made.pinEmulator(bits(0), DomainModificationImpact.LIVE));
        cpu.pinEmulator(bits(0));
        assertThat(cpu.emulatorPinInfo()).isEqualTo(bits(0));
    }

    /// No driver of today says that nothing is pinned, as C's function can.
    @Test
    void hasAnEmulatorThatIsNotPinned() throws IOException {
        int nodeGetInfo = 6;
        int domainLookupByName = 23;
        int domainGetEmulatorPinInfo = 280;
        try (LyingDaemon daemon = new LyingDaemon();
                Connect connect = Connect.open(daemon.uri())) {
            daemon.answer(
                    nodeGetInfo, LyingDaemon.xdr().ints(new int[32]).hyper(1).ints(4, 0, 1, 1, 4, 1));
            daemon.answer(
                    domainLookupByName,
                    LyingDaemon.xdr().string("d").fixed(new byte[16]).ints(1));
            daemon.answer(domainGetEmulatorPinInfo, LyingDaemon.xdr().ints(0, 0));
            Domain free = connect.domains().lookupByName("d");
            assertThat(free.cpu().emulatorPinInfo()).isEqualTo(bits());
            daemon.answer(
                    domainGetEmulatorPinInfo,
                    LyingDaemon.xdr().ints(1).fixed(new byte[] {5, 0, 0, 0}).ints(1));
            assertThat(free.cpu().emulatorPinInfo()).isEqualTo(bits(0, 2));
        }
    }

    @Test
    void usesProcessorTime() {
        assertOperationInvalid(made::stats);
        assertOperationInvalid(() -> made.stats(0, 1));
        domain.create();
        TypedParameters total = made.stats();
        assertThat(total.get(DomainCpuStatsKeys.USERTIME)).hasValue(5_540_000_000L);
        assertThat(total.get(DomainCpuStatsKeys.SYSTEMTIME)).hasValue(6_460_000_000L);
        List<TypedParameters> each = made.stats(0, Integer.MAX_VALUE);
        assertThat(each).hasSize(2);
        assertThat(each.stream()
                        .mapToLong(one -> one.get(DomainCpuStatsKeys.CPUTIME).orElseThrow())
                        .sum())
                .isEqualTo(total.get(DomainCpuStatsKeys.CPUTIME).orElseThrow());
        assertThat(each)
                .allSatisfy(
                        one -> assertThat(one.get(DomainCpuStatsKeys.VCPUTIME)).isPresent());
        assertThat(made.stats(1, 1)).containsExactly(each.get(1));
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> made.stats(2, 1))
                .withMessageContaining("start_cpu 2 larger than maximum of 1");
        assertThatIllegalArgumentException().isThrownBy(() -> made.stats(-1, 1)).withMessageContaining("-1");
        assertThatIllegalArgumentException().isThrownBy(() -> made.stats(0, 0));
        // libvirt 9.0 reads them from a control group, which an ordinary user's guest has none of.
        try {
            assertThat(cpu.stats().get(DomainCpuStatsKeys.CPUTIME)).isPresent();
        } catch (OperationInvalidException e) {
            assertThat(e).hasMessageContaining("cgroup");
        }
    }

    /// libvirt's protocol carries 128 of them in a call.
    @Test
    void usesTimeOfManyProcessors() throws IOException {
        SessionDaemon daemon = SessionDaemon.shared();
        Path host = daemon.folder().resolve(UUID.randomUUID() + ".xml");
        Files.writeString(host, """
                <node>
                  <cpu>
                    <active>300</active>
                    <nodes>1</nodes><sockets>1</sockets><cores>300</cores><threads>1</threads>
                  </cpu>
                  <domain type='test'><name>d</name><memory>1000</memory><os><type>hvm</type></os></domain>
                </node>
                """);
        try {
            for (String uri : List.of("test://" + host, daemon.unixUri("test://" + host))) {
                try (Connect connect = Connect.open(uri)) {
                    DomainCpu many = connect.domains().lookupByName("d").cpu();
                    long total = many.stats().get(DomainCpuStatsKeys.CPUTIME).orElseThrow();
                    List<TypedParameters> each = many.stats(0, 1000);
                    assertThat(each).hasSize(300);
                    for (int i = 0; i < 300; i++) {
                        assertThat(each.get(i).get(DomainCpuStatsKeys.CPUTIME))
                                .as(uri + ", " + i)
                                .hasValue(total / 300 + i);
                    }
                    assertThat(many.stats(100, 150)).isEqualTo(each.subList(100, 250));
                    assertThat(many.stats(290, 150)).isEqualTo(each.subList(290, 300));
                    many.pinVcpu(0, bits(0, 296));
                    assertThat(many.vcpuPinInfo()).containsExactly(bits(0, 296));
                    assertThat(many.vcpuInfo())
                            .extracting(DomainCpu.VcpuInfo::cpuMap)
                            .containsExactly(bits(0, 296));
                }
            }
        } finally {
            Files.delete(host);
        }
    }

    @Test
    void countsEvents() {
        TypedParameters cycles =
                TypedParameters.builder().set(PerfParamKeys.CPU_CYCLES, true).build();
        assertThat(made.perfEvents().get(PerfParamKeys.CPU_CYCLES)).contains(false);
        made.setPerfEvents(cycles, DomainModificationImpact.CONFIG);
        assertThat(made.perfEvents().get(PerfParamKeys.CPU_CYCLES)).contains(true);
        assertThat(made.perfEvents().get(PerfParamKeys.CMT)).contains(false);
        assertOperationInvalid(() -> made.perfEvents(DomainModificationImpact.LIVE));
        assertOperationInvalid(() -> made.setPerfEvents(cycles, DomainModificationImpact.LIVE));
        assertUnsupported(
                ErrorNumber.ARGUMENT_UNSUPPORTED,
                () -> made.setPerfEvents(
                        TypedParameters.builder().setBoolean("nothing", true).build()));
        assertRefused(
                ErrorNumber.INVALID_ARG,
                () -> made.setPerfEvents(
                        TypedParameters.builder().setInt("cmt", 1).build()));
        assertThat(cpu.perfEvents().get(PerfParamKeys.CPU_CYCLES)).contains(false);
    }

    /// QEMU's, of an ordinary user, cannot be tuned.
    @Test
    void isScheduled() {
        assertThat(made.schedulerType()).isEqualTo(new DomainCpu.SchedulerType("fair", 1));
        made.setSchedulerParameters(
                TypedParameters.builder().set(DomainSchedulerKeys.WEIGHT, 50L).build());
        // libvirt asks for parameters that are strings as well, and the test driver refuses that.
        assertRefused(ErrorNumber.INVALID_ARG, made::schedulerParameters);
        assertUnsupported(
                ErrorNumber.ARGUMENT_UNSUPPORTED,
                () -> made.setSchedulerParameters(TypedParameters.builder()
                        .set(DomainSchedulerKeys.CPU_SHARES, 500L)
                        .build()));
        assertRefused(
                ErrorNumber.INVALID_ARG,
                () -> made.setSchedulerParameters(
                        TypedParameters.builder().setInt("weight", 50).build()));
        assertUnsupported(ErrorNumber.OPERATION_UNSUPPORTED, cpu::schedulerType);
        assertUnsupported(ErrorNumber.OPERATION_UNSUPPORTED, cpu::schedulerParameters);
    }

    @Test
    @SuppressWarnings("NullAway") // On purpose.
    void refusesNull() {
        assertThatNullPointerException().isThrownBy(() -> made.pinVcpu(0, null));
        assertThatNullPointerException().isThrownBy(() -> made.setVcpu(null, true));
        assertThatNullPointerException().isThrownBy(() -> made.setPerfEvents(null));
    }

    @Test
    void isGoneWithItsDomain() {
        domain.close();
        assertThatIllegalStateException().isThrownBy(made::vcpuInfo);
        assertThatIllegalStateException().isThrownBy(made::emulatorPinInfo);
        assertThatIllegalStateException().isThrownBy(made::schedulerType);
        assertThatIllegalStateException().isThrownBy(() -> made.pinVcpu(0, bits(0)));
    }
}
