package io.github.libvirt4j.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.libvirt4j.fleet.FleetRecord.HostStatus;
import io.github.libvirt4j.testing.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StateFileTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void place() {
        file = folder.resolve("state.json");
    }

    @Test
    void knowsWhatWasWritten() throws IOException {
        var state = new StateFile(file);
        assertThat(state.known("a").domains()).isEmpty();
        assertThat(state.epoch()).isZero();
        state.start();
        state.written(List.of(
                Samples.domain("a", 1, 1),
                Samples.domain("a", 2, 2),
                Samples.event("a", 3, 3),
                Samples.gap("a", 4, 1, 2),
                Samples.domain("b", 1, 1),
                Samples.host("a", 5, HostStatus.UP),
                Samples.host("b", 5, HostStatus.UNWATCHED)));
        state.written(List.of(Samples.removal("a", 6, 1), Samples.host("c", 1, HostStatus.DOWN)));
        state.close();
        var next = new StateFile(file);
        assertThat(next.known("a").domains()).containsExactly(Samples.view(2, 1, 1));
        assertThat(next.known("b").domains()).containsExactly(Samples.view(1, 1, 1));
        assertThat(next.known("c").domains()).isEmpty();
        assertThat(next.watched()).containsExactly("a", "c");
        assertThat(next.epoch()).isEqualTo(1_000);
        assertThat(files()).containsExactly("state.json");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.toFile().getName()).toList();
        }
    }

    /// Whoever reads it at any moment sees a complete one, the old or the new.
    @Test
    void isCompleteAtAnyMoment() throws IOException {
        var state = new StateFile(file);
        state.start();
        List<FleetRecord> records = new ArrayList<>();
        for (int domain = 0; domain < 5_000; domain++) {
            records.add(Samples.domain("a", domain, domain));
        }
        state.written(records);
        while (!Files.exists(file)) {
            Thread.onSpinWait();
        }
        assertThat(new StateFile(file).known("a").domains()).hasSize(5_000);
        Object first = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        state.written(List.of(Samples.removal("a", 9_000, 1)));
        int reads = 0;
        int size = 5_000;
        while (size == 5_000) {
            size = new StateFile(file).known("a").domains().size();
            reads++;
        }
        assertThat(size).isEqualTo(4_999);
        assertThat(reads).isPositive();
        assertThat(Files.readAttributes(file, BasicFileAttributes.class).fileKey())
                .isNotEqualTo(first);
        state.close();
    }

    @Test
    void isSavedAgainAfterAFailure() throws IOException {
        Path later = folder.resolve("later");
        Path inside = later.resolve("state.json");
        var state = new StateFile(inside);
        state.start();
        state.written(List.of(Samples.domain("a", 1, 1)));
        Files.createDirectory(later);
        while (!Files.exists(inside)) {
            Thread.onSpinWait();
        }
        state.close();
        assertThat(new StateFile(inside).known("a").domains()).hasSize(1);
    }

    /// A crash costs seconds, even if a save takes as long.
    @Test
    void thePauseBetweenSavesIsLimited() {
        assertThat(LongStream.of(10, 100, 200, 3_000)
                        .map(TimeUnit.MILLISECONDS::toNanos)
                        .map(StateFile::pauseAfter)
                        .map(TimeUnit.NANOSECONDS::toMillis))
                .containsExactly(1_000L, 2_000L, 4_000L, 5_000L);
    }

    /// Such as one for want of memory; also when the fleet is closed meanwhile.
    @Test
    void isSavedAtTheEndAfterAnError() throws IOException {
        var tries = new AtomicInteger();
        var state = new StateFile(file) {
            @Override
            void save() throws IOException {
                if (tries.incrementAndGet() == 1) {
                    throw new OutOfMemoryError("on purpose");
                }
                super.save();
            }
        };
        state.start();
        state.written(List.of(Samples.domain("a", 1, 1)));
        while (tries.get() == 0) {
            Thread.onSpinWait();
        }
        state.close();
        assertThat(new StateFile(file).known("a").domains()).hasSize(1);
        assertThat(tries).hasValue(2);
    }

    @Test
    void refusesWhatIsNoStateFile() throws IOException {
        for (String text : List.of(
                "",
                "7",
                "{",
                "{}",
                "{\"version\":1,\"epoch\":1,\"hosts\":{\"a\":7}}",
                "{\"version\":1,\"epoch\":1,\"hosts\":{\"a\":{\"status\":\"?\",\"domains\":[]}}}",
                "{\"version\":1,\"epoch\":1,\"hosts\":{\"a\":{\"status\":\"UP\",\"domains\":[{}]}}}")) {
            Files.writeString(file, text);
            assertThatIllegalArgumentException()
                    .as(text)
                    .isThrownBy(() -> new StateFile(file))
                    .withMessage(file + " is no state file of a fleet; delete it to start without knowledge");
        }
        Files.write(file, new byte[] {'"', -1});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StateFile(file))
                .withMessageContaining(" is no state file of a fleet");
        Files.writeString(file, "{\"version\":2}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StateFile(file))
                .withMessage(file + " is of version 2; this program reads version 1");
    }

    /// Nobody is told to delete a folder.
    @Test
    void refusesAFolder() {
        assertThatIOException()
                .isThrownBy(() -> new StateFile(folder))
                .withMessage(folder + " cannot be read: Is a directory");
    }

    @Test
    void isOfOneFleetAtATime() throws Exception {
        var state = StateFile.open(file);
        assertTaken();
        Path other = Files.createSymbolicLink(folder.resolve("link"), folder).resolve("state.json");
        assertThatIOException().isThrownBy(() -> StateFile.open(other));
        Process process = another();
        try {
            assertThat(process.inputReader().readLine()).isEqualTo("taken");
            state.close();
            process.outputWriter().append("again\n").flush();
            assertThat(process.inputReader().readLine()).isEqualTo("open");
            assertTaken();
        } finally {
            process.destroyForcibly().waitFor();
        }
        StateFile.open(file).close();
    }

    /// The file that it names is replaced, and is of one fleet by all names.
    @Test
    void aLinkStays() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("state.json"));
        Path toLink = Files.createSymbolicLink(folder.resolve("again"), link);
        for (int seq = 1; seq <= 2; seq++) {
            var state = StateFile.open(toLink);
            assertTaken();
            state.start();
            state.written(List.of(Samples.domain("a", seq, seq)));
            state.close();
            assertThat(link).isSymbolicLink();
            assertThat(toLink).isSymbolicLink();
            assertThat(new StateFile(file).known("a").domains()).hasSize(seq);
        }
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        assertThatIOException().isThrownBy(() -> StateFile.open(loop)).withMessage(loop.toString());
    }

    @Test
    void keepsThePermissionsOfTheFile() throws IOException {
        save();
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        Set<PosixFilePermission> chosen = PosixFilePermissions.fromString("rw-rw-r--");
        Files.setPosixFilePermissions(file, chosen);
        save();
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(chosen);
    }

    @Test
    void replacesWhatAKilledProcessHasLeft() throws IOException {
        Files.writeString(folder.resolve(".state.json.libvirt4j-new"), "{");
        save();
        assertThat(files()).containsExactly("state.json");
    }

    @Test
    void keepsTextThatIsNotUtf8() throws IOException {
        var state = new StateFile(file);
        state.start();
        state.written(List.of(Samples.domainOfAnOddName("a", 1)));
        state.close();
        assertThat(new StateFile(file).known("a").domains())
                .containsExactly(Samples.domainOfAnOddName("a", 1).now());
    }

    private void save() throws IOException {
        var state = new StateFile(file);
        state.start();
        state.written(List.of(Samples.domain("a", 1, 1)));
        state.close();
    }

    @Test
    void isFreeAfterItWasRefused() throws IOException {
        Files.writeString(file, "7");
        assertThatIllegalArgumentException().isThrownBy(() -> StateFile.open(file));
        Files.delete(file);
        StateFile.open(file).close();
    }

    private void assertTaken() {
        assertThatIOException()
                .isThrownBy(() -> StateFile.open(file))
                .withMessage(file + " is the state file of another fleet that runs; each needs one of its own");
    }

    private Process another() throws IOException {
        return new ProcessBuilder(
                        JavaCommand.own(), "-cp", JavaCommand.classPath(), Another.class.getName(), file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// Opens the file at its start, and at each line it reads.
    static final class Another {
        private Another() {}

        public static void main(String[] file) throws IOException {
            var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            do {
                try {
                    StateFile.open(Path.of(file[0]));
                    System.out.println("open");
                } catch (IOException e) {
                    System.out.println("taken");
                }
            } while (lines.readLine() != null);
        }
    }
}
