package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.types.DomainEventId;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A new kind of event needs a test that provokes it.
class EveryKindOfEventTest {
    @Test
    void isReceivedBySomeTest() throws Exception {
        Set<Object> received = methods()
                .flatMap(method -> Arrays.stream(method.getAnnotationsByType(Receives.class)))
                .flatMap(annotation -> Arrays.stream(annotation.value()))
                .collect(Collectors.toSet());
        Set<Object> all = Libvirt.eventKinds().stream().map(EventKind::type).collect(Collectors.toSet());
        assertThat(received).isEqualTo(all);
    }

    @Test
    void isThereForEachNumberOfADomainsEvents() {
        assertThat(Libvirt.eventKinds().stream().map(EventKind::name))
                .containsAll(Arrays.stream(DomainEventId.values())
                        .filter(id -> id != DomainEventId.UNRECOGNIZED)
                        .map(id ->
                                "domain." + id.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .toList());
    }

    private static Stream<Method> methods() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(EveryKindOfEventTest.class.getResource("."))
                .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith("Test.class"))
                    .map(name -> load(name.substring(0, name.length() - ".class".length())))
                    .toList()
                    .stream()
                    .flatMap(type -> Arrays.stream(type.getDeclaredMethods()));
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(EveryKindOfEventTest.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
