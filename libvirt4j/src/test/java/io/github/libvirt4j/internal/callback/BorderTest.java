package io.github.libvirt4j.internal.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nearly full stacks at the border, in VMs of their own.
class BorderTest {
    private record Result(int status, String output) {}

    private static Result run(String probing, List<String> jvm, IntStream stackSizes)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(jvm);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+SuppressFatalErrorMessage",
                "-cp",
                "target/classes:target/test-classes",
                NearlyFullStack.class.getName(),
                probing));
        stackSizes.forEach(size -> command.add(Integer.toString(size)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Result(process.exitValue(), output);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:+TieredCompilation"})
    void neverAbortTheVm(String compiler) throws Exception {
        Result result = run("probe", List.of(compiler), IntStream.of(320, 777, 2048));
        assertThat(result.output).endsWith("done\n");
        assertThat(result.status).isEqualTo(0);
        // Both happened: there were calls without room, and calls with room.
        assertThat(result.output.lines().filter(line -> line.contains("KiB")))
                .hasSize(3)
                .noneMatch(line -> line.contains(" 0 refused") || line.contains(" 0 succeeded"));
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:+TieredCompilation", "-Xcomp"})
    void neverAbortTheVmAtAnyOfManyStackSizes(String compiler) throws Exception {
        Result result =
                run("probe", List.of(compiler), IntStream.iterate(320, size -> size <= 4096, size -> size + 377));
        assertThat(result.output).endsWith("done\n");
        assertThat(result.status).isEqualTo(0);
    }

    /// Without the probe the VM dies: the tests above can fail.
    @Test
    void wouldAbortTheVmWithoutTheProbe() throws Exception {
        Result result = run("bare", List.of(), IntStream.of(320, 777, 2048));
        assertThat(result.status).isNotEqualTo(0);
        assertThat(result.output)
                .startsWith("Uncaught exception:\njava.lang.StackOverflowError")
                .doesNotContain("done");
    }
}
