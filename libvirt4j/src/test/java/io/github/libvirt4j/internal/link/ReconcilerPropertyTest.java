package io.github.libvirt4j.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Random worlds, in all of which the invariants of [Simulation] hold. `-Dtest.seed=N` starts at another
/// seed, `-Dtest.seeds=N` runs another number of them.
@ExtendWith(NothingLeft.class)
class ReconcilerPropertyTest {
    private static final long FIRST = Long.getLong("test.seed", 0);

    @Test
    @Timeout(60)
    void invariantsHoldInThousandsOfWorlds() {
        assertThat(Simulation.failure(FIRST, 3_000)).isNull();
    }

    @Test
    @Tag("slow")
    @Timeout(600)
    void invariantsHoldInAHundredThousandWorlds() {
        assertThat(Simulation.failure(FIRST, Long.getLong("test.seeds", 100_000)))
                .isNull();
    }

    /// I7: the same world with other delays, and so with events in another order, ends in the same state.
    @Test
    @Timeout(60)
    void theOrderOfEventsDoesNotMatter() {
        for (long seed = FIRST; seed < FIRST + 300; seed++) {
            var plan = Simulation.Plan.of(seed);
            var first = new Simulation(plan, false);
            first.run();
            var others = new SplittableRandom(seed);
            for (int i = 0; i < 3; i++) {
                var other = new Simulation(plan.withLatencies(others.nextLong()), false);
                other.run();
                assertThat(other.result()).as("seed %d", seed).isEqualTo(first.result());
            }
        }
    }
}
