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

import io.github.libvirt4j.error.FunctionMissingException;
import io.github.libvirt4j.types.DomainBlkioKeys;
import io.github.libvirt4j.types.DomainBlockIoTuneKeys;
import io.github.libvirt4j.types.DomainIoThreadKeys;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.DomainXmlFlags;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.TypedParameters;
import io.github.libvirt4j.types.Version;
import java.util.BitSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The I/O of a domain of the test driver, and of a guest of QEMU with two I/O threads.
@ExtendWith(NothingLeft.class)
class DomainIoTest extends ViewsOfADomain {
    private final Domain domain = Embedded.define(embedded);
    private final DomainIo made = domain.io();
    private DomainIo io;

    @BeforeEach
    void view() {
        io = paused.io();
    }

    @Test
    void hasThreads() {
        assertThat(made.threadInfo()).isEmpty();
        made.addThread(7);
        made.addThread(3, DomainModificationImpact.CONFIG);
        made.pinThread(7, bits(1, 300));
        assertThat(made.threadInfo())
                .hasSize(2)
                .contains(new DomainIo.ThreadInfo(7, bits(1, 300)))
                .extracting(DomainIo.ThreadInfo::id)
                .containsExactlyInAnyOrder(3, 7);
        made.delThread(7);
        assertThat(made.threadInfo()).extracting(DomainIo.ThreadInfo::id).containsExactly(3);
        assertRefused(ErrorNumber.INVALID_ARG, () -> made.addThread(3));
        assertRefused(ErrorNumber.INVALID_ARG, () -> made.addThread(0));
        assertRefused(ErrorNumber.INVALID_ARG, () -> made.delThread(7));
        assertRefused(ErrorNumber.INVALID_ARG, () -> made.pinThread(7, bits(0)));
        assertRefused(ErrorNumber.INVALID_ARG, () -> made.pinThread(3, bits()));
        assertOperationInvalid(() -> made.threadInfo(DomainModificationImpact.LIVE));
        assertOperationInvalid(() -> made.addThread(9, DomainModificationImpact.LIVE));
        assertOperationInvalid(() -> made.delThread(3, DomainModificationImpact.LIVE));
        assertOperationInvalid(() -> made.pinThread(3, bits(0), DomainModificationImpact.LIVE));
    }

    @Test
    void hasThreadsOfAGuest() {
        BitSet host = qemu.node().cpuMap().online();
        io.addThread(7);
        io.pinThread(7, bits(0));
        assertThat(io.threadInfo())
                .containsExactlyInAnyOrder(
                        new DomainIo.ThreadInfo(1, host),
                        new DomainIo.ThreadInfo(2, host),
                        new DomainIo.ThreadInfo(7, bits(0)));
        assertThat(io.threadInfo(DomainModificationImpact.CONFIG))
                .extracting(DomainIo.ThreadInfo::id)
                .containsExactlyInAnyOrder(1, 2);
        io.delThread(7);
        assertThat(io.threadInfo()).extracting(DomainIo.ThreadInfo::id).containsExactlyInAnyOrder(1, 2);
        assertRefused(ErrorNumber.INVALID_ARG, () -> io.delThread(7));
    }

    @Test
    void givesMapsThatNobodyElseHas() {
        BitSet map = bits(1);
        DomainIo.ThreadInfo thread = new DomainIo.ThreadInfo(1, map);
        map.clear();
        thread.cpuMap().clear();
        assertThat(thread.cpuMap()).isEqualTo(bits(1));
    }

    @Test
    void setsHowThreadsPoll() {
        TypedParameters longer = TypedParameters.builder()
                .set(DomainIoThreadKeys.POLL_MAX_NS, 50_000L)
                .build();
        made.addThread(1);
        made.setThreadParams(1, longer);
        assertOperationInvalid(() -> made.setThreadParams(1, longer, DomainModificationImpact.LIVE));
        io.setThreadParams(1, longer, DomainModificationImpact.LIVE);
        assertRefused(ErrorNumber.INVALID_ARG, () -> io.setThreadParams(99, longer));
        assertUnsupported(
                ErrorNumber.ARGUMENT_UNSUPPORTED,
                () -> io.setThreadParams(
                        1,
                        TypedParameters.builder().setUnsignedLong("nothing", 1).build()));
        assertRefused(
                ErrorNumber.INVALID_ARG,
                () -> io.setThreadParams(
                        1,
                        TypedParameters.builder()
                                .setUnsignedInt("poll_max_ns", 1)
                                .build()));
        assertRefused(
                ErrorNumber.INVALID_ARG,
                () -> io.setThreadParams(1, TypedParameters.builder().build()));
    }

    /// QEMU's, of an ordinary user, has none.
    @Test
    void hasLimits() {
        assertThat(made.blkioParameters().get(DomainBlkioKeys.DEVICE_WEIGHT)).hasValue("");
        made.setBlkioParameters(
                TypedParameters.builder()
                        .set(DomainBlkioKeys.WEIGHT, 500L)
                        .set(DomainBlkioKeys.DEVICE_READ_BPS, "/dev/vda,1000")
                        .build(),
                DomainModificationImpact.CONFIG);
        assertThat(made.blkioParameters().get(DomainBlkioKeys.WEIGHT)).hasValue(500L);
        assertThat(made.blkioParameters().get(DomainBlkioKeys.DEVICE_READ_BPS)).hasValue("/dev/vda,1000");
        assertOperationInvalid(() -> made.blkioParameters(DomainModificationImpact.LIVE));
        TypedParameters weight =
                TypedParameters.builder().set(DomainBlkioKeys.WEIGHT, 500L).build();
        assertOperationInvalid(() -> made.setBlkioParameters(weight, DomainModificationImpact.LIVE));
        assertUnsupported(
                ErrorNumber.ARGUMENT_UNSUPPORTED,
                () -> made.setBlkioParameters(
                        TypedParameters.builder().setUnsignedInt("nothing", 1).build()));
        assertRefused(
                ErrorNumber.INVALID_ARG,
                () -> made.setBlkioParameters(
                        TypedParameters.builder().setString("weight", "500").build()));
        assertUnsupported(ErrorNumber.CONFIG_UNSUPPORTED, io::blkioParameters);
        assertUnsupported(ErrorNumber.CONFIG_UNSUPPORTED, () -> io.setBlkioParameters(weight));
    }

    @Test
    void throttlesGroupsOfDisks() {
        TypedParameters limit = TypedParameters.builder()
                .set(DomainBlockIoTuneKeys.TOTAL_BYTES_SEC, 1_000_000L)
                .build();
        TypedParameters more = TypedParameters.builder()
                .set(DomainBlockIoTuneKeys.TOTAL_BYTES_SEC, 2_000_000L)
                .build();
        Version first = new Version(11, 2, 0);
        if (Libvirt.version().compareTo(first) < 0) {
            assertThatExceptionOfType(FunctionMissingException.class)
                    .isThrownBy(() -> io.setThrottleGroup("group", limit))
                    .withMessageContaining("11.2.0");
            assertThatExceptionOfType(FunctionMissingException.class).isThrownBy(() -> io.delThrottleGroup("group"));
        } else if (TestDriver.DAEMON.version().compareTo(first) < 0) {
            assertUnsupported(ErrorNumber.NO_SUPPORT, () -> io.setThrottleGroup("group", limit));
            assertUnsupported(ErrorNumber.NO_SUPPORT, () -> io.delThrottleGroup("group"));
        } else {
            io.setThrottleGroup("group", limit, DomainModificationImpact.CONFIG);
            String groups = io.domain().xmlDesc(DomainXmlFlags.INACTIVE);
            assertThat(groups).contains("<group_name>group</group_name>", "<total_bytes_sec>1000000</total_bytes_sec>");
            io.setThrottleGroup("group", more, DomainModificationImpact.CONFIG);
            assertThat(io.domain().xmlDesc(DomainXmlFlags.INACTIVE)).isEqualTo(groups.replace("1000000", "2000000"));
            io.delThrottleGroup("group", DomainModificationImpact.CONFIG);
            assertThat(io.domain().xmlDesc(DomainXmlFlags.INACTIVE)).doesNotContain("group_name");
            io.delThrottleGroup("group", DomainModificationImpact.CONFIG);
        }
        assertUnsupported(ErrorNumber.NO_SUPPORT, () -> made.setThrottleGroup("group", limit));
        assertUnsupported(ErrorNumber.NO_SUPPORT, () -> made.delThrottleGroup("group"));
    }

    @Test
    @SuppressWarnings("NullAway") // On purpose.
    void refusesNull() {
        assertThatNullPointerException().isThrownBy(() -> made.pinThread(1, null));
        assertThatNullPointerException().isThrownBy(() -> made.setBlkioParameters(null));
        assertThatNullPointerException().isThrownBy(() -> made.delThrottleGroup(null));
        assertThatNullPointerException()
                .isThrownBy(() ->
                        made.setThrottleGroup(null, TypedParameters.builder().build()));
        assertThatIllegalArgumentException().isThrownBy(() -> made.delThrottleGroup("a\0b"));
    }

    @Test
    void isGoneWithItsDomain() {
        domain.close();
        assertThatIllegalStateException().isThrownBy(made::threadInfo);
        assertThatIllegalStateException().isThrownBy(made::blkioParameters);
        assertThatIllegalStateException().isThrownBy(() -> made.addThread(1));
    }
}
