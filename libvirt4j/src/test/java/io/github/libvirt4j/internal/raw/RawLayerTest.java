package io.github.libvirt4j.internal.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.error.FunctionMissingException;
import io.github.libvirt4j.internal.c.CLibrary;
import io.github.libvirt4j.internal.callback.CallbackType;
import io.github.libvirt4j.types.Version;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.UnionLayout;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class RawLayerTest {
    private static Version version(String text) {
        List<Integer> part =
                Stream.of(text.split("\\.", -1)).map(Integer::valueOf).toList();
        return new Version(part.get(0), part.get(1), part.get(2));
    }

    @Test
    void findsEveryFunctionOfTheLoadedVersionAndNoNewerOne() {
        Version loaded = Libvirt.version();
        List<String> wrong = new ArrayList<>();
        for (Functions.CFunction function : Functions.all()) {
            boolean there;
            try {
                there = !function.library()
                        .function(function.name(), function.since())
                        .equals(MemorySegment.NULL);
            } catch (FunctionMissingException e) {
                there = false;
            }
            if (there != (version(function.since()).compareTo(loaded) <= 0)) {
                wrong.add(function + (there ? " is there" : " is missing"));
            }
        }
        assertThat(Functions.all()).hasSize(568);
        assertThat(wrong).isEmpty();
    }

    @Test
    void throwsAtEachLookupOfAFunctionTheLibraryLacks() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> CLibrary.QEMU.function("virNoSuchFunction", "99.1.0"))
                    .isInstanceOf(FunctionMissingException.class)
                    .hasMessage("virNoSuchFunction needs libvirt 99.1.0 or newer; the loaded libvirt-qemu.so.0 is of "
                            + Libvirt.version() + " and does not have it");
        }
    }

    /// Each of those newer than what is loaded, called as the API calls it.
    @Test
    void throwsAtTheCallOfEveryNewerFunction() throws Exception {
        Map<String, String> messages = Functions.all().stream()
                .filter(function -> version(function.since()).compareTo(Libvirt.version()) > 0)
                .collect(Collectors.toMap(
                        Functions.CFunction::name,
                        function -> function.name() + " needs libvirt " + function.since() + " or newer; the loaded "
                                + function.library().soname() + " is of " + Libvirt.version()
                                + " and does not have it"));
        List<String> called = new ArrayList<>();
        for (Class<?> header : rawClasses("Libvirt")) {
            for (Method method : header.getMethods()) {
                if (messages.containsKey(method.getName())) {
                    List<Object> nothing = new ArrayList<>();
                    for (Class<?> type : method.getParameterTypes()) {
                        nothing.add(
                                switch (type.getName()) {
                                    case "int" -> 0;
                                    case "long" -> 0L;
                                    default -> MemorySegment.NULL;
                                });
                    }
                    assertThatThrownBy(() -> method.invoke(null, nothing.toArray()))
                            .cause()
                            .isInstanceOfSatisfying(
                                    FunctionMissingException.class,
                                    e -> assertThat(e.function()).isEqualTo(method.getName()))
                            .hasMessage(messages.get(method.getName()));
                    called.add(method.getName());
                }
            }
        }
        assertThat(called).containsExactlyInAnyOrderElementsOf(messages.keySet());
    }

    @Test
    void describesAllCallbackTypes() throws Exception {
        assertThat(CallbackTypes.class.getDeclaredClasses()).hasSize(57);
        for (Class<?> type : CallbackTypes.class.getDeclaredClasses()) {
            var described = (CallbackType<?>)
                    Objects.requireNonNull(type.getMethod("type").invoke(null));
            assertThat(described.cName()).isEqualTo("v" + type.getSimpleName().substring(1));
            // A number for each pointer.
            MethodType signature = described.signature().toMethodType();
            for (int i = 0; i < signature.parameterCount(); i++) {
                if (signature.parameterType(i) == MemorySegment.class) {
                    signature = signature.changeParameterType(i, long.class);
                }
            }
            Method call = type.getMethod("call", signature.parameterArray());
            assertThat(call.getReturnType()).isEqualTo(signature.returnType());
        }
    }

    private static List<Class<?>> rawClasses(String prefix) throws Exception {
        List<Class<?>> classes = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("target/classes/io/github/libvirt4j/internal/raw"))) {
            for (Path file : files.toList()) {
                String name = file.toFile().getName().replace(".class", "");
                if (name.startsWith(prefix) && !name.contains("$")) {
                    classes.add(Class.forName("io.github.libvirt4j.internal.raw." + name));
                }
            }
        }
        return classes;
    }

    private static List<Class<?>> structs() throws Exception {
        List<Class<?>> structs = rawClasses("Vir");
        structs.remove(Virterror.class);
        return structs;
    }

    /// The numbers in the sources, which the C compiler has checked, are those of the layouts.
    @Test
    void hasLayoutsThatAgreeWithItsOffsets() throws Exception {
        assertThat(structs()).hasSizeGreaterThan(25);
        for (Class<?> struct : structs()) {
            StructLayout layout = (StructLayout)
                    Objects.requireNonNull(struct.getMethod("layout").invoke(null));
            assertThat(layout.byteSize())
                    .as(struct.getName())
                    .isEqualTo(struct.getField("SIZE").getLong(null));
            long offsets = Arrays.stream(struct.getFields())
                    .filter(field -> field.getName().endsWith("_OFFSET"))
                    .count();
            long fields = 0;
            for (MemoryLayout member : layout.memberLayouts()) {
                if (member.name().isEmpty()) {
                    continue;
                }
                String name = member.name().get();
                List<String> paths = new ArrayList<>();
                if (member instanceof UnionLayout union) {
                    union.memberLayouts()
                            .forEach(m -> paths.add(name + "_" + m.name().orElseThrow()));
                } else {
                    paths.add(name);
                }
                for (String path : paths) {
                    fields++;
                    String constant = path.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT) + "_OFFSET";
                    assertThat(layout.byteOffset(PathElement.groupElement(name)))
                            .as(struct.getName() + "." + path)
                            .isEqualTo(struct.getField(constant).getLong(null));
                }
            }
            assertThat(fields).as(struct.getName()).isEqualTo(offsets);
        }
    }

    /// What a setter writes, the getter of the same field reads.
    @Test
    void hasAccessorsThatAgree() throws Exception {
        int setters = 0;
        for (Class<?> struct : structs()) {
            MemorySegment memory = MemorySegment.ofArray(
                    new long[(int) (struct.getField("SIZE").getLong(null) / 8 + 1)]);
            for (Method setter : struct.getMethods()) {
                if (!Modifier.isStatic(setter.getModifiers()) || setter.getParameterCount() != 2) {
                    continue;
                }
                setters++;
                Object value = switch (setter.getParameterTypes()[1].getName()) {
                    case "int" -> Integer.MIN_VALUE + setters;
                    case "long" -> Long.MIN_VALUE + setters;
                    case "short" -> (short) (Short.MIN_VALUE + setters);
                    case "byte" -> (byte) setters;
                    case "double" -> setters + 0.5;
                    default -> MemorySegment.ofAddress(setters);
                };
                setter.invoke(null, memory, value);
                assertThat(struct.getMethod(setter.getName(), MemorySegment.class)
                                .invoke(null, memory))
                        .as(struct.getName() + "." + setter.getName())
                        .isEqualTo(value);
            }
        }
        assertThat(setters).isGreaterThan(100);
    }
}
