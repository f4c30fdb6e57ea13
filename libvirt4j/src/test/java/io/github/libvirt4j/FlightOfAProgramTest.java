package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.libvirt4j.internal.Observers;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.testing.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A program that is recorded from its start: on the class path, on the module path, and in an image that
/// does not have the module of the recorder.
@ExtendWith(NothingLeft.class)
@Tag("slow")
@Timeout(120)
class FlightOfAProgramTest {
    private static final List<String> ON_THE_MODULE_PATH = List.of(
            "--module-path=target/classes",
            "--add-modules=io.github.libvirt4j",
            "--patch-module=io.github.libvirt4j=target/test-classes",
            "--enable-native-access=io.github.libvirt4j");

    @TempDir
    Path folder;

    /// Asks for the name of the host; with an argument, when a recording wants to know.
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (Connect connect = Embedded.open()) {
                while (arguments.length > 0 && Observers.isEmpty()) {
                    Thread.sleep(1);
                }
                System.out.println(connect.hostname().isEmpty() ? "no name" : "it has a name");
            }
        }
    }

    @BeforeEach
    void needsModules() {
        assumeTrue(Files.exists(Path.of("target/classes/module-info.class")));
    }

    private void assertThatCallsAreRecorded(List<String> where) throws IOException, InterruptedException {
        Path file = folder.resolve("recording.jfr");
        List<String> options = new ArrayList<>(where);
        options.add("-XX:StartFlightRecording:filename=" + file
                + ",+io.github.libvirt4j.Call#enabled=true,+io.github.libvirt4j.Call#threshold=0ms");
        ChildVm program = ChildVm.run(Program.class, options, "recorded");
        assertThat(program.lines()).contains("it has a name");
        assertThat(RecordingFile.readAllEvents(file))
                .filteredOn(event -> event.getEventType().getName().equals("io.github.libvirt4j.Call"))
                .extracting(event -> event.getString("function"))
                .contains("virConnectGetHostname");
    }

    @Test
    void isRecordedOnTheClassPath() throws Exception {
        assertThatCallsAreRecorded(List.of("--enable-native-access=ALL-UNNAMED"));
    }

    @Test
    void isRecordedOnTheModulePath() throws Exception {
        List<String> options = new ArrayList<>(ON_THE_MODULE_PATH);
        options.add("--add-modules=jdk.jfr");
        assertThatCallsAreRecorded(options);
    }

    @Test
    void runsInAnImageWithoutTheRecorder() throws Exception {
        Path image = folder.resolve("image");
        ChildVm linked = ChildVm.run(
                List.of(
                        Path.of(JavaCommand.own()).resolveSibling("jlink").toString(),
                        "--module-path=target/classes",
                        "--add-modules=io.github.libvirt4j",
                        "--output=" + image),
                "");
        assertThat(linked.lines()).isEmpty();
        List<String> command = new ArrayList<>(List.of(image.resolve("bin/java").toString()));
        command.addAll(ON_THE_MODULE_PATH);
        command.add(Program.class.getName());
        assertThat(ChildVm.run(command, "").lines()).containsExactly("it has a name");
        command.set(command.size() - 1, "--list-modules");
        assertThat(ChildVm.run(command, "").lines()).noneMatch(line -> line.startsWith("jdk.jfr"));
    }
}
