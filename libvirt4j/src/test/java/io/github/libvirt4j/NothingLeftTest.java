package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class NothingLeftTest {
    @Test
    void isUsedByEveryTestClass() throws Exception {
        List<Path> without = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
                if (!Files.readString(file).contains("@ExtendWith(NothingLeft.class)")) {
                    without.add(file);
                }
            }
        }
        assertThat(without).isEmpty();
    }

    @Test
    void seesWhatIsLeft() {
        assertThat(NothingLeft.left()).isEmpty();
        try (Connect connect = Embedded.open()) {
            assertThat(NothingLeft.left()).containsExactly("1 handles open");
            try (Registration _ = connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {})) {
                assertThat(NothingLeft.left()).containsExactly("1 closures on loan", "1 handles open");
            }
        }
    }
}
