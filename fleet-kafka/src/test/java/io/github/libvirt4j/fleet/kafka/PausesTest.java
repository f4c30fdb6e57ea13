package io.github.libvirt4j.fleet.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class PausesTest {
    private static final RandomGenerator LONGEST = new RandomGenerator() {
        @Override
        public long nextLong() {
            return Long.MAX_VALUE;
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    };

    private final Pauses pauses = new Pauses();
    private Duration time = Duration.ofDays(-3);

    private long next() {
        Duration pause = pauses.next(time.toNanos(), LONGEST);
        time = time.plus(pause);
        return pause.toSeconds();
    }

    @Test
    void theyGrowUntilAQuietTime() {
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(next());
        }
        assertThat(all).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
        time = time.plusMinutes(3);
        assertThat(next()).isEqualTo(1);
    }
}
