package io.github.libvirt4j.it.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A short one, in which everything happens nevertheless.
@Tag("loop")
@Timeout(300)
class SoakTest {
    @Test
    void doesEverythingAndLeavesNothing(@TempDir Path folder) throws Exception {
        Report report = Soak.run(Duration.ofSeconds(20), folder);
        assertThat(report.samples().getLast().operations()).allSatisfy((name, counts) -> {
            assertThat(counts[0] + counts[1]).as(name).isPositive();
        });
        assertThat(folder).isDirectoryContaining("glob:**.json").isDirectoryContaining("glob:**.svg");
    }
}
