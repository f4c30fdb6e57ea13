package io.github.libvirt4j.internal.callback;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.support.ChildVm;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Nearly full stacks at the border, in VMs of their own.
@ExtendWith(NothingLeft.class)
class BorderTest {
    private static ChildVm run(String kind, List<String> options, IntStream stackSizes) throws Exception {
        List<String> all = new ArrayList<>(options);
        all.add("--enable-native-access=ALL-UNNAMED");
        String[] arguments = Stream.concat(Stream.of(kind), stackSizes.mapToObj(Integer::toString))
                .toArray(String[]::new);
        return ChildVm.run(NearlyFullStack.class, all, arguments);
    }

    /// Neither where C calls a stub, nor where one is made, which calls it as well.
    @ParameterizedTest
    @CsvSource({
        "probe, -Xint",
        "probe, -XX:TieredStopAtLevel=1",
        "probe, -XX:+TieredCompilation",
        "stub, -Xint",
        "stub, -XX:+TieredCompilation"
    })
    void neverAbortTheVm(String kind, String compiler) throws Exception {
        ChildVm vm = run(kind, List.of(compiler), IntStream.of(320, 777, 2048));
        assertThat(vm.lines()).last().isEqualTo("done");
        assertThat(vm.status()).isZero();
        // Both happened: there were calls without room, and calls with room.
        assertThat(vm.lines().stream().filter(line -> line.contains("KiB")))
                .hasSize(3)
                .noneMatch(line -> line.contains(" 0 refused") || line.contains(" 0 succeeded"));
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:+TieredCompilation", "-Xcomp"})
    void neverAbortTheVmAtAnyOfManyStackSizes(String compiler) throws Exception {
        ChildVm vm = run("probe", List.of(compiler), IntStream.iterate(320, size -> size <= 4096, size -> size + 377));
        assertThat(vm.lines()).last().isEqualTo("done");
        assertThat(vm.status()).isZero();
    }

    /// Without the probe the VM dies: the tests above can fail.
    @Test
    void wouldAbortTheVmWithoutTheProbe() throws Exception {
        ChildVm vm = run("bare", List.of(), IntStream.of(320, 777, 2048));
        assertThat(vm.status()).isNotZero();
        assertThat(vm.lines())
                .startsWith("Uncaught exception:", "java.lang.StackOverflowError")
                .doesNotContain("done");
    }
}
