package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.auth.Credential;
import io.github.libvirt4j.error.LibvirtError;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.stream.StreamRegistration;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The expressions and the example in `docs/from-libvirt-java.md`.
@ExtendWith(NothingLeft.class)
class LibvirtJavaPageTest {
    private static final Path PAGE = Path.of("../docs/from-libvirt-java.md");

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern CONSTANT = Pattern.compile("\\b([A-Z]\\w+)\\.([A-Z][A-Z_\\d]+)\\b");
    private static final Pattern EXPRESSION = Pattern.compile("\\w+(\\.\\w+)*");

    /// The types of the names in lower case.
    private static final Map<String, Class<?>> VARIABLES = Map.ofEntries(
            Map.entry("checkpoint", DomainCheckpoint.class),
            Map.entry("connect", Connect.class),
            Map.entry("credential", Credential.class),
            Map.entry("device", NodeDevice.class),
            Map.entry("domain", Domain.class),
            Map.entry("error", LibvirtError.class),
            Map.entry("exception", LibvirtException.class),
            Map.entry("filter", NwFilter.class),
            Map.entry("iface", Interface.class),
            Map.entry("network", Network.class),
            Map.entry("pool", StoragePool.class),
            Map.entry("registration", StreamRegistration.class),
            Map.entry("secret", Secret.class),
            Map.entry("snapshot", DomainSnapshot.class),
            Map.entry("stream", io.github.libvirt4j.Stream.class),
            Map.entry("volume", StorageVol.class));

    private static String group(MatchResult match, int number) {
        return Objects.requireNonNull(match.group(number));
    }

    private static Optional<Class<?>> type(String name) {
        for (String in : List.of("", "types.", "event.", "error.", "auth.", "stream.", "loop.")) {
            try {
                return Optional.of(Class.forName("io.github.libvirt4j." + in + name));
            } catch (ClassNotFoundException e) {
                // In another package.
            }
        }
        return Optional.empty();
    }

    /// The type of a member; a nested class stands for itself.
    private static Optional<Class<?>> member(Class<?> type, String name) {
        Stream<Class<?>> methods = Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals(name))
                .sorted(Comparator.comparing(Method::isBridge))
                .map(Method::getReturnType);
        Stream<Class<?>> fields = Arrays.stream(type.getFields())
                .filter(field -> field.getName().equals(name))
                .map(Field::getType);
        Stream<Class<?>> nested = Arrays.stream(type.getClasses())
                .filter(inner -> inner.getSimpleName().equals(name));
        return Stream.of(methods, fields, nested).flatMap(found -> found).findFirst();
    }

    private static boolean exists(String expression) {
        String members = expression;
        for (String before = ""; !before.equals(members); ) {
            before = members;
            members = members.replaceAll("\\([^()]*\\)", "");
        }
        if (!EXPRESSION.matcher(members).matches()) {
            return false;
        }
        String[] name = members.split("\\.", -1);
        Optional<Class<?>> type =
                VARIABLES.containsKey(name[0]) ? Optional.ofNullable(VARIABLES.get(name[0])) : type(name[0]);
        for (int i = 1; i < name.length; i++) {
            String next = name[i];
            type = type.flatMap(of -> member(of, next));
        }
        return type.isPresent()
                && CONSTANT.matcher(expression)
                        .results()
                        .allMatch(constant -> type(group(constant, 1))
                                .flatMap(of -> member(of, group(constant, 2)))
                                .isPresent());
    }

    /// The expressions of a cell.
    private static Stream<String> expressions(String cell) {
        return CODE.matcher(cell).results().map(code -> group(code, 1));
    }

    @Test
    void namesWhatExists() throws Exception {
        Set<String> missing = new TreeSet<>();
        int count = 0;
        for (String line : Files.readAllLines(PAGE)) {
            Stream<String> cells = Stream.of();
            if (line.startsWith("| `")) {
                String[] cell = line.split(" \\| ?", -1);
                cells = Stream.of(cell[1], cell[2]);
            } else if (line.startsWith("In libvirt4j ") || line.startsWith("No class takes its place: ")) {
                cells = Stream.of(line);
            }
            for (String expression : (Iterable<String>) cells.flatMap(LibvirtJavaPageTest::expressions)::iterator) {
                count++;
                if (!exists(expression)) {
                    missing.add(expression);
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(count).isGreaterThan(400);
    }

    @Test
    void noticesWhatDoesNotExist() {
        assertThat(Stream.of(
                        "connect.domains().lookupByName(name)",
                        "connect.on(DomainEvent.LIFECYCLE, handler)",
                        "Connect.to(uri).authenticator(answers).open()",
                        "TypedParameters.Builder.setInt",
                        "DomainState"))
                .allMatch(LibvirtJavaPageTest::exists);
        assertThat(Stream.of(
                        "connect.domains().lookUp(name)",
                        "connect.on(DomainEvent.DEATH, handler)",
                        "somebody.name",
                        "TypedParameters.Builder.setUuid",
                        "NoState",
                        "connect.domains() or so"))
                .noneMatch(LibvirtJavaPageTest::exists);
    }

    @Test
    void example() {
        // example
        try (Connect connect = Connect.open("test:///default");
                Domain domain = connect.domains().lookupByName("test")) {
            Registration registration = connect.on(DomainEvent.LIFECYCLE, e -> System.out.println(e.type()));
            if (domain.isActive()) {
                System.out.println(domain.info().memory() + " KiB");
            }
            registration.close();
        } catch (NotFoundException e) {
            System.out.println("no such domain");
        }
        // end
    }

    @Test
    void hasTheExampleThatRuns() throws Exception {
        String here = Files.readString(Path.of("src/test/java/io/github/libvirt4j/LibvirtJavaPageTest.java"));
        assertThat(block(Files.readString(PAGE), "\n```java\n(.*?)```"))
                .isNotEmpty()
                .isEqualTo(block(here, "\n +// example\n(.*?)// end\n"));
    }

    private static List<String> block(String text, String pattern) {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(text)
                .results()
                .map(found -> group(found, 1).replaceAll("\\s+", " ").strip())
                .toList();
    }
}
