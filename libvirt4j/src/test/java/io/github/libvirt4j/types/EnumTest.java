package io.github.libvirt4j.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class EnumTest {
    @Test
    void readsAnUnknownValueAsUnrecognized() {
        assertThat(DomainState.of(1)).isEqualTo(DomainState.RUNNING);
        assertThat(DomainState.RUNNING.value()).isEqualTo(1);
        assertThat(DomainState.of(99)).isEqualTo(DomainState.UNRECOGNIZED);
        assertThat(DomainState.of(-1)).isEqualTo(DomainState.UNRECOGNIZED);
        assertThat(CpuCompareResult.of(-1)).isEqualTo(CpuCompareResult.ERROR);
        assertThatThrownBy(DomainState.UNRECOGNIZED::value).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keepsAValueWhoseNameOnlyLooksLikeASentinel() {
        assertThat(NetworkUpdateCommand.of(3)).isEqualTo(NetworkUpdateCommand.ADD_LAST);
        assertThat(DomainMemoryStatTags.of(13)).isEqualTo(DomainMemoryStatTags.UNRECOGNIZED);
    }

    @Test
    void combinesFlagsOfTwoKindsAndOneThatHasNoName() {
        assertThat(Flag.combine()).isZero();
        assertThat(Flag.combine(DomainModificationImpact.LIVE, DomainMemoryModFlags.MAXIMUM, Flag.of(1 << 20)))
                .isEqualTo(1 | 4 | 1 << 20);
        assertThat(ConnectGetAllDomainStatsFlags.ENFORCE_STATS.bits()).isEqualTo(0x8000_0000);
        assertThat(DomainDestroyFlags.of(3))
                .containsExactlyInAnyOrder(DomainDestroyFlags.GRACEFUL, DomainDestroyFlags.REMOVE_LOGS);
        assertThat(DomainDestroyFlags.of(1 << 20)).isEmpty();
    }

    @Test
    void hasMacrosAsConstants() {
        assertThat(Constants.UUID_BUFLEN).isEqualTo(16);
        assertThat(Constants.DOMAIN_MEMORY_PARAM_UNLIMITED).isEqualTo(9_007_199_254_740_991L);
        assertThat(Constants.NODE_CPU_STATS_IDLE).isEqualTo("idle");
    }
}
