package io.github.libvirt4j.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.libvirt4j.NothingLeft;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NothingLeft.class)
class RetryTest {
    @ParameterizedTest
    @CsvSource({"0, 100", "1, 200", "2, 400", "8, 25600", "9, 30000", "1000000000, 30000"})
    void thePauseIsAnywhereBetweenZeroAndItsLimit(int failures, long limit) {
        var random = new SplittableRandom(1);
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < 1_000; i++) {
            long nanos = Retry.exponential().pause(failures, random).toNanos();
            least = Math.min(least, nanos);
            most = Math.max(most, nanos);
        }
        long nanos = Duration.ofMillis(limit).toNanos();
        assertThat(least).isBetween(0L, nanos / 50);
        assertThat(most).isBetween(nanos - nanos / 50, nanos);
    }

    @Test
    void pausesWithoutALimitAreLong() {
        Duration most = ChronoUnit.FOREVER.getDuration();
        var random = new SplittableRandom(1);
        assertThat(Retry.exponential(most, most).pause(0, random)).isGreaterThan(Duration.ofDays(365));
        assertThat(Retry.exponential(Duration.ofMillis(100), most).pause(1_000, random))
                .isGreaterThan(Duration.ofDays(365));
    }

    @Test
    void pausesThatAreImpossibleAreRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException().isThrownBy(() -> Retry.exponential(Duration.ZERO, second));
        assertThatIllegalArgumentException().isThrownBy(() -> Retry.exponential(second.negated(), second));
        assertThatIllegalArgumentException().isThrownBy(() -> Retry.exponential(second, second.minusNanos(1)));
        assertThat(Retry.exponential(second, second).longest()).isEqualTo(second);
    }
}
