package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.error.FunctionMissingException;
import io.github.libvirt4j.support.MadeUp;
import io.github.libvirt4j.types.TypedParameters;
import io.github.libvirt4j.types.Version;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The methods of the API whose function the loaded libvirt lacks, because it is older than the function.
/// There are none with the newest libvirt.
@ExtendWith(NothingLeft.class)
class NewerFunctionsTest {
    private static final Path FACTS = Path.of("../codegen/facts");

    /// A method, and the function that it calls.
    private record Newer(Method method, String function, String since) {
        @Override
        public String toString() {
            return method.getDeclaringClass().getSimpleName() + "." + method.getName();
        }
    }

    private static List<String[]> lines(String file) throws IOException {
        return Files.readAllLines(FACTS.resolve(file)).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t", -1))
                .toList();
    }

    private static boolean isNewer(String since) {
        int[] part = Arrays.stream(since.split("\\.", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        return new Version(part[0], part[1], part[2]).compareTo(Libvirt.version()) > 0;
    }

    private static List<Newer> newer() throws Exception {
        Map<String, String> since = lines("libvirt.tsv").stream()
                .filter(line -> line[0].equals("function") && isNewer(line[3]))
                .collect(Collectors.toMap(line -> line[1], line -> line[3]));
        List<Newer> newer = new ArrayList<>();
        for (String[] line : lines("java.tsv")) {
            if (since.containsKey(line[0]) && line[2].isEmpty()) {
                for (String member : line[1].split(", ", -1)) {
                    String[] name = member.split("\\.", -1);
                    List<Method> methods = Arrays.stream(Class.forName("io.github.libvirt4j." + name[0])
                                    .getMethods())
                            .filter(method -> method.getName().equals(name[1]))
                            .toList();
                    assertThat(methods).as(member).isNotEmpty();
                    methods.forEach(method ->
                            newer.add(new Newer(method, line[0], Objects.requireNonNull(since.get(line[0])))));
                }
            }
        }
        return newer;
    }

    /// With a time limit another thread calls C.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failWithTheVersionsAndLeaveTheRestAsItIs(boolean isTimed) throws Exception {
        var opening = Connect.to(Embedded.URI);
        try (Connect connect = (isTimed ? opening.callTimeout(Duration.ofMinutes(1)) : opening).open();
                Domain domain = connect.domains().lookupByName("test");
                Network network = connect.networks().lookupByName("default");
                NodeDevice device = connect.nodeDevices().lookupByName("computer")) {
            Map<Class<?>, Object> receivers = new HashMap<>();
            Stream.of(domain, domain.console(), domain.io(), domain.iface("vnet0"), network, device)
                    .forEach(receiver -> receivers.put(receiver.getClass(), receiver));
            List<Object> arguments = List.of(false, 0, TypedParameters.builder().build());
            long handles = Libvirt.handlesOpen();
            for (Newer each : newer()) {
                Object receiver = receivers.get(each.method().getDeclaringClass());
                // In a process of its own: AdmConnectTest.
                if (each.method().getDeclaringClass() == AdmConnect.class) {
                    continue;
                }
                assertThat(receiver).as("Has a receiver: " + each).isNotNull();
                // The second time is as the first.
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> MadeUp.call(
                                    Objects.requireNonNull(receiver),
                                    each.method(),
                                    MadeUp.arguments(each.method(), arguments)))
                            .as(each.toString())
                            .isInstanceOfSatisfying(
                                    FunctionMissingException.class,
                                    e -> assertThat(e.function()).isEqualTo(each.function()))
                            .hasMessageStartingWith(each.function() + " needs libvirt " + each.since() + " or newer")
                            .hasMessageContaining(" is of " + Libvirt.version() + " ");
                }
                assertThat(domain.info().vcpus()).isPositive();
                assertThat(network.isActive()).isTrue();
                assertThat(device.name()).isEqualTo("computer");
                assertThat(connect.isAlive()).isTrue();
            }
            assertThat(Libvirt.handlesOpen()).isEqualTo(handles);
        }
    }

    /// The walk is not over nothing: Debian 12 has libvirt 9.0.
    @Test
    void areKnown() throws Exception {
        if (Libvirt.version().compareTo(new Version(9, 7, 0)) < 0) {
            assertThat(newer())
                    .extracting(Newer::toString)
                    .contains("Network.metadata", "Domain.autostartOnce", "NodeDevice.update")
                    .hasSizeGreaterThanOrEqualTo(10);
        }
        if (Libvirt.version().compareTo(new Version(12, 8, 0)) >= 0) {
            assertThat(newer()).isEmpty();
        }
    }
}
