package io.github.libvirt4j.internal.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.job.JobOutcome.State;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// In every world of [JobWorld] the outcome is true, or unknown for a reason. `-Dtest.seed=N` starts at
/// another seed.
@ExtendWith(NothingLeft.class)
class JobMachinePropertyTest {
    private static final long FIRST = Long.getLong("test.seed", 0);

    /// A look after 15 seconds, seven looks at an end whose event does not come, and looks that fail.
    private static final long LONGEST = 45_000_000_000L;

    @Test
    @Timeout(60)
    void outcomesAreTrueInThousandsOfWorlds() {
        run(20_000);
    }

    @Test
    @Tag("slow")
    @Timeout(600)
    void outcomesAreTrueInAMillionWorlds() {
        run(1_000_000);
    }

    private static void run(long worlds) {
        Map<State, Integer> seen = new EnumMap<>(State.class);
        for (long seed = FIRST; seed < FIRST + worlds; seed++) {
            JobWorld world = new JobWorld(seed);
            assertThat(world.run()).as("seed %d", seed).isNull();
            if (!world.isDisturbed()) {
                assertThat(world.delay()).as("seed %d", seed).isLessThan(LONGEST);
            }
            seen.merge(world.state(), 1, Integer::sum);
        }
        // Each outcome is reached, and most jobs have one.
        assertThat(seen).containsKeys(State.COMPLETED, State.FAILED, State.CANCELLED, State.INTERRUPTED, State.UNKNOWN);
        assertThat(seen.get(State.UNKNOWN)).isLessThan((int) (worlds / 4));
    }
}
