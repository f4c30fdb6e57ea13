package io.github.libvirt4j.support;

import io.github.libvirt4j.types.ParameterKey;
import io.github.libvirt4j.types.TypedParameter;
import io.github.libvirt4j.types.TypedParameters;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The keys that the library has of libvirt's typed parameters, and those of them that a driver has sent.
public final class Keys {
    /// For the numbers in the names of keys that are methods.
    private static final int FIRST_NUMBER = 900_001;

    /// libvirt sends an `unsigned int` if the value fits, else an `unsigned long long`.
    private static final List<String> OF_EITHER_SIZE =
            List.of("DomainStatsKeys.iothreadPollGrow", "DomainStatsKeys.iothreadPollShrink");

    /// A key, and what its parameters look like.
    private record Known(Pattern name, Class<? extends TypedParameter> type) {}

    private final Map<String, Known> known = new TreeMap<>();
    private final TreeSet<String> sent = new TreeSet<>();

    /// The keys of all classes.
    public Keys() {
        try (Stream<Path> files = Files.list(Path.of("src/generated/java/io/github/libvirt4j/types"))) {
            for (Path file : files.sorted().toList()) {
                String name = file.toString().replaceAll(".*/|\\.java$", "");
                if (name.endsWith("Keys")) {
                    add(Class.forName("io.github.libvirt4j.types." + name));
                }
            }
        } catch (IOException | ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void add(Class<?> keys) throws ReflectiveOperationException {
        for (Field field : keys.getFields()) {
            add(id(keys, field.getName()), (ParameterKey<?>) Objects.requireNonNull(field.get(null)), 0);
        }
        for (Method method : keys.getMethods()) {
            if (Modifier.isStatic(method.getModifiers())) {
                Object[] numbers = new Object[method.getParameterCount()];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = FIRST_NUMBER + i;
                }
                add(
                        id(keys, method.getName()),
                        (ParameterKey<?>) Objects.requireNonNull(method.invoke(null, numbers)),
                        numbers.length);
            }
        }
    }

    private static String id(Class<?> keys, String member) {
        return keys.getSimpleName() + "." + member;
    }

    private void add(String id, ParameterKey<?> key, int numbers) {
        String regex = Pattern.quote(key.name());
        for (int i = 0; i < numbers; i++) {
            regex = regex.replace(Integer.toString(FIRST_NUMBER + i), "\\E\\d+\\Q");
        }
        known.put(id, new Known(Pattern.compile(regex), type(key)));
    }

    private static <T> Class<? extends TypedParameter> type(ParameterKey<T> key) {
        Object zero = switch (key.valueType().getSimpleName()) {
            case "Integer" -> 0;
            case "Long" -> 0L;
            case "Double" -> 0.0;
            case "Boolean" -> false;
            default -> "";
        };
        return TypedParameters.builder()
                .set(key, key.valueType().cast(zero))
                .build()
                .list()
                .getFirst()
                .getClass();
    }

    /// Compares parameters that a driver has sent with the keys of a class.
    ///
    /// @return those that have no key, and those of another type
    public List<String> differences(Class<?> keys, TypedParameters parameters) {
        List<String> differences = new ArrayList<>();
        for (TypedParameter parameter : parameters) {
            boolean found = false;
            for (Map.Entry<String, Known> key : known.entrySet()) {
                String id = key.getKey();
                Class<?> type = key.getValue().type();
                if (id.startsWith(keys.getSimpleName() + ".")
                        && key.getValue().name().matcher(parameter.name()).matches()) {
                    found = true;
                    sent.add(id);
                    if (parameter.getClass() != type
                            && !(OF_EITHER_SIZE.contains(id) && parameter instanceof TypedParameter.OfUnsignedInt)) {
                        differences.add(id + " is " + type.getSimpleName() + ", and was sent "
                                + parameter.getClass().getSimpleName());
                    }
                }
            }
            if (!found) {
                differences.add(parameter + " has no key");
            }
        }
        return differences;
    }

    /// The keys that no driver has sent yet.
    public List<String> notSent() {
        return known.keySet().stream().filter(id -> !sent.contains(id)).toList();
    }
}
