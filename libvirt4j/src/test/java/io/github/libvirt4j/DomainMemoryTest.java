package io.github.libvirt4j;

import static io.github.libvirt4j.support.Refusals.assertOperationInvalid;
import static io.github.libvirt4j.support.Refusals.assertRefused;
import static io.github.libvirt4j.support.Refusals.assertUnsupported;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.types.Constants;
import io.github.libvirt4j.types.DomainDirtyRateCalcFlags;
import io.github.libvirt4j.types.DomainMemoryFlags;
import io.github.libvirt4j.types.DomainMemoryKeys;
import io.github.libvirt4j.types.DomainMemoryStatTags;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.DomainNumaKeys;
import io.github.libvirt4j.types.DomainNumatuneMemMode;
import io.github.libvirt4j.types.DomainXmlFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.TypedParameters;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The memory of a domain of the test driver, and of a guest of QEMU.
@ExtendWith(NothingLeft.class)
class DomainMemoryTest extends ViewsOfADomain {
    private static final int MIB = 1 << 20;

    private final Domain domain = embedded.domains().define("""
            <domain type='test'>
              <name>%s</name>
              <memory unit='MiB'>256</memory>
              <os><type>hvm</type></os>
              <devices><memballoon model='virtio'/></devices>
            </domain>
            """.formatted(Embedded.newName()));
    private final DomainMemory made = domain.memory();
    private DomainMemory memory;

    @BeforeEach
    void view() {
        memory = paused.memory();
    }

    @Test
    void hasStatistics() {
        assertOperationInvalid(made::stats);
        domain.create();
        assertThat(made.stats())
                .contains(
                        new DomainMemory.Stat(DomainMemoryStatTags.ACTUAL_BALLOON.value(), 256 * 1024),
                        new DomainMemory.Stat(DomainMemoryStatTags.UNUSED.value(), 128 * 1024),
                        new DomainMemory.Stat(DomainMemoryStatTags.SWAP_IN.value(), 0))
                .extracting(DomainMemory.Stat::tag)
                .doesNotHaveDuplicates()
                .contains(DomainMemoryStatTags.LAST_UPDATE, DomainMemoryStatTags.DISK_CACHES);
        assertThat(memory.stats())
                .contains(new DomainMemory.Stat(DomainMemoryStatTags.ACTUAL_BALLOON.value(), 32 * 1024))
                .extracting(DomainMemory.Stat::tag)
                .contains(DomainMemoryStatTags.RSS);
        assertThat(new DomainMemory.Stat(99, 1).tag()).isEqualTo(DomainMemoryStatTags.UNRECOGNIZED);
    }

    /// To C's function 0 is a failure.
    @Test
    void hasNoMaximumWithoutItsDomain() {
        try (Connect connect = Embedded.open();
                Domain gone = Embedded.define(connect)) {
            assertThat(gone.memory().max()).isPositive();
            gone.undefine();
            assertThatExceptionOfType(NotFoundException.class)
                    .isThrownBy(() -> gone.memory().max());
        }
    }

    @Test
    void setsHowOftenTheGuestReports() {
        Domain running = memory.domain();
        memory.setStatsPeriod(Duration.ofSeconds(5), DomainModificationImpact.CONFIG);
        memory.setStatsPeriod(Duration.ofMinutes(2));
        assertThat(running.xmlDesc(DomainXmlFlags.INACTIVE)).contains("<stats period='5'/>");
        assertThat(running.xmlDesc()).contains("<stats period='120'/>");
        memory.setStatsPeriod(Duration.ZERO);
        assertThat(running.xmlDesc()).doesNotContain("<stats period");
        assertOperationInvalid(() -> made.setStatsPeriod(Duration.ofSeconds(5), DomainModificationImpact.LIVE));
        assertThatIllegalArgumentException().isThrownBy(() -> made.setStatsPeriod(Duration.ofSeconds(-1)));
        // Cut off, it would be zero.
        assertThatIllegalArgumentException()
                .isThrownBy(() -> made.setStatsPeriod(Duration.ofMillis(500)))
                .withMessageContaining("PT0.5S");
        assertThatIllegalArgumentException().isThrownBy(() -> made.setStatsPeriod(Duration.ofSeconds(1L << 32)));
    }

    /// That of the test driver has at each address the lowest byte of it.
    @Test
    void isRead() {
        assertOperationInvalid(() -> made.peek(0, 1, DomainMemoryFlags.PHYSICAL));
        assertOperationInvalid(() -> made.peek(0, 0, DomainMemoryFlags.PHYSICAL));
        domain.create();
        assertThat(made.peek(0x1fe, 3, DomainMemoryFlags.VIRTUAL)).containsExactly(0xfe, 0xff, 0);
        assertThat(made.peek(-1, 1, DomainMemoryFlags.VIRTUAL)).containsExactly(0xff);
        assertThat(made.peek(0, 0, DomainMemoryFlags.PHYSICAL)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> made.peek(0, -1, DomainMemoryFlags.PHYSICAL))
                .withMessageContaining("-1");
    }

    /// The BIOS ends below 4 GiB, with the instruction that a processor begins at.
    @Test
    void ofAGuestIsReadInPieces() {
        byte[] bios = memory.peek(0xffff_0000L, 0x10000, DomainMemoryFlags.PHYSICAL);
        assertThat(bios[0xfff0]).isEqualTo((byte) 0xea);
        byte[] more = memory.peek(0x1_0000_0000L - 9 * MIB, 9 * MIB, DomainMemoryFlags.PHYSICAL);
        assertThat(Arrays.copyOfRange(more, 9 * MIB - 0x10000, 9 * MIB)).isEqualTo(bios);
        assertThat(Arrays.copyOfRange(more, 5 * MIB - 0x10000, 5 * MIB)).isNotEqualTo(bios);
        assertThat(memory.peek(0xffff0, 16, DomainMemoryFlags.VIRTUAL))
                .isEqualTo(Arrays.copyOfRange(bios, 0xfff0, 0x10000));
        // Beyond what a processor in that mode can address.
        assertRefused(ErrorNumber.INTERNAL_ERROR, () -> memory.peek(1L << 40, 16, DomainMemoryFlags.VIRTUAL));
    }

    /// QEMU's, of an ordinary user, has none.
    @Test
    void hasLimits() {
        assertThat(made.parameters().get(DomainMemoryKeys.HARD_LIMIT))
                .hasValue(Constants.DOMAIN_MEMORY_PARAM_UNLIMITED);
        made.setParameters(
                TypedParameters.builder()
                        .set(DomainMemoryKeys.HARD_LIMIT, 800_000L)
                        .set(DomainMemoryKeys.SOFT_LIMIT, 700_000L)
                        .build(),
                DomainModificationImpact.CONFIG);
        assertThat(made.parameters().get(DomainMemoryKeys.HARD_LIMIT)).hasValue(800_000L);
        assertThat(made.parameters().get(DomainMemoryKeys.SOFT_LIMIT)).hasValue(700_000L);
        TypedParameters soft =
                TypedParameters.builder().set(DomainMemoryKeys.SOFT_LIMIT, 1L).build();
        assertOperationInvalid(() -> made.parameters(DomainModificationImpact.LIVE));
        assertOperationInvalid(() -> made.setParameters(soft, DomainModificationImpact.LIVE));
        assertUnsupported(
                ErrorNumber.ARGUMENT_UNSUPPORTED,
                () -> made.setParameters(
                        TypedParameters.builder().setUnsignedLong("nothing", 1).build()));
        assertRefused(
                ErrorNumber.INVALID_ARG,
                () -> made.setParameters(
                        TypedParameters.builder().setString("soft_limit", "1").build()));
        assertRefused(
                ErrorNumber.INVALID_ARG,
                () -> made.setParameters(TypedParameters.builder().build()));
        assertUnsupported(ErrorNumber.OPERATION_UNSUPPORTED, memory::parameters);
    }

    @Test
    void comesFromNodes() {
        TypedParameters node = TypedParameters.builder()
                .set(DomainNumaKeys.NODESET, "0")
                .set(DomainNumaKeys.MODE, DomainNumatuneMemMode.PREFERRED.value())
                .build();
        assertThat(made.numaParameters().get(DomainNumaKeys.NODESET)).hasValue("");
        made.setNumaParameters(node);
        assertThat(made.numaParameters().get(DomainNumaKeys.NODESET)).hasValue("0");
        assertThat(made.numaParameters().get(DomainNumaKeys.MODE)).hasValue(DomainNumatuneMemMode.PREFERRED.value());
        assertOperationInvalid(() -> made.numaParameters(DomainModificationImpact.LIVE));
        assertUnsupported(
                ErrorNumber.ARGUMENT_UNSUPPORTED,
                () -> made.setNumaParameters(
                        TypedParameters.builder().setInt("nothing", 1).build()));
        memory.setNumaParameters(node, DomainModificationImpact.CONFIG);
        assertThat(memory.numaParameters(DomainModificationImpact.CONFIG).get(DomainNumaKeys.NODESET))
                .hasValue("0");
        assertThat(memory.numaParameters().get(DomainNumaKeys.NODESET)).hasValue("");
        assertUnsupported(ErrorNumber.OPERATION_UNSUPPORTED, () -> memory.setNumaParameters(node));
    }

    @Test
    void isMeasured() {
        memory.startDirtyRateCalc(Duration.ofSeconds(1), DomainDirtyRateCalcFlags.PAGE_SAMPLING);
        assertUnsupported(ErrorNumber.CONFIG_UNSUPPORTED, () -> memory.startDirtyRateCalc(Duration.ofSeconds(61)));
        assertUnsupported(ErrorNumber.CONFIG_UNSUPPORTED, () -> memory.startDirtyRateCalc(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> memory.startDirtyRateCalc(Duration.ofMillis(1500)));
        assertUnsupported(ErrorNumber.NO_SUPPORT, () -> made.startDirtyRateCalc(Duration.ofSeconds(1)));
    }

    @Test
    @SuppressWarnings("NullAway") // On purpose.
    void refusesNull() {
        assertThatNullPointerException().isThrownBy(() -> made.setStatsPeriod(null));
        assertThatNullPointerException().isThrownBy(() -> made.peek(0, 1, null));
        assertThatNullPointerException().isThrownBy(() -> made.setParameters(null));
    }

    @Test
    void isGoneWithItsDomain() {
        domain.close();
        assertThatIllegalStateException().isThrownBy(made::stats);
        assertThatIllegalStateException().isThrownBy(made::parameters);
        assertThatIllegalStateException().isThrownBy(() -> made.setStatsPeriod(Duration.ZERO));
        assertThatIllegalStateException().isThrownBy(() -> made.peek(0, 1, DomainMemoryFlags.PHYSICAL));
    }
}
