package io.github.libvirt4j.internal.c;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.internal.auth.SaslLocks;
import io.github.libvirt4j.internal.callback.CallbackType;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes;
import io.github.libvirt4j.internal.raw.Functions;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.support.ClassFiles;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The metadata for native images has exactly what the library links, and looks up by name.
///
/// A VM of its own uses all of it: each function of libvirt, in libraries whose functions do nothing, `errno`
/// and each callback type. There, calls to the linker go through [Recorder].
@ExtendWith(NothingLeft.class)
@Tag("slow")
class ReachabilityTest {
    private static final Path METADATA =
            Path.of("META-INF/native-image/io.github.libvirt4j/libvirt4j/reachability-metadata.json");

    private static final ClassDesc RECORDER = ClassDesc.of(Recorder.class.getName());

    private static final Set<String> RECORDED = Set.of(
            "java/lang/foreign/Linker.downcallHandle",
            "java/lang/foreign/Linker.upcallStub",
            "java/lang/invoke/MethodHandles$Lookup.bind");

    @Test
    void metadataIsOfWhatIsLinked(@TempDir Path folder) throws Exception {
        List<ClassModel> library = ClassFiles.ofTheLibrary();
        Path recording = folder.resolve("recording");
        Set<String> changed = new TreeSet<>();
        for (ClassModel model : library) {
            byte[] with = withRecorder(model);
            if (with.length > 0) {
                String name = model.thisClass().asInternalName();
                changed.add(name.substring(name.lastIndexOf('/') + 1));
                Path file = recording.resolve(name + ".class");
                Files.createDirectories(file.resolveSibling(""));
                Files.write(file, with);
            }
        }
        assertThat(changed).containsExactly("Downcall", "Upcall", "Upcall$Making");
        makeLibraries(folder);

        ChildVm vm = ChildVm.run(
                List.of(),
                Stream.concat(Stream.of(recording), ChildVm.CLASSES.stream()).toList(),
                Program.class,
                List.of("--enable-native-access=ALL-UNNAMED", "-Dlibvirt4j.library.path=" + folder),
                library.stream()
                        .filter(model -> !model.flags().has(AccessFlag.MODULE))
                        .map(model -> model.thisClass().asInternalName().replace('/', '.'))
                        .toArray(String[]::new));

        assertThat(vm.status()).as(() -> String.join("\n", vm.lines())).isZero();
        Map<String, Set<String>> stated =
                entries(Files.readAllLines(Path.of("target/classes").resolve(METADATA)));
        Map<String, Set<String>> linked = entries(vm.lines());
        assertThat(stated.keySet()).isEqualTo(linked.keySet());
        linked.forEach(
                (list, entries) -> assertThat(stated.get(list)).as(list).containsExactlyInAnyOrderElementsOf(entries));
        assertThat(stated.get("downcalls")).hasSize(3);
        assertThat(stated.get("upcalls")).hasSize(1);
        assertThat(stated.get("reflection")).hasSize(1);
    }

    /// The entries of each list; each stands in a line of its own.
    private static Map<String, Set<String>> entries(List<String> lines) {
        Map<String, Set<String>> entries = new HashMap<>();
        String list = "";
        for (String line : lines) {
            String text = line.strip();
            if (text.endsWith(": [")) {
                list = text.substring(1, text.indexOf('"', 1));
            } else if (text.startsWith("{\"")) {
                String entry = text.substring(1, text.lastIndexOf('}'));
                assertThat(entries.computeIfAbsent(list, _ -> new TreeSet<>()).add(entry))
                        .as("stands once: " + entry)
                        .isTrue();
            }
        }
        return entries;
    }

    /// The class with calls to [Recorder]; empty if it has nothing to record.
    private static byte[] withRecorder(ClassModel model) {
        boolean[] found = new boolean[1];
        CodeTransform redirect = (builder, element) -> {
            if (element instanceof InvokeInstruction call
                    && RECORDED.contains(
                            call.owner().asInternalName() + "." + call.name().stringValue())) {
                found[0] = true;
                MethodTypeDesc type = call.typeSymbol();
                builder.invokestatic(
                        RECORDER,
                        call.name().stringValue(),
                        type.insertParameterTypes(0, call.owner().asSymbol()));
            } else {
                builder.with(element);
            }
        };
        byte[] bytes = ClassFile.of().transformClass(model, ClassTransform.transformingMethodBodies(redirect));
        return found[0] ? bytes : new byte[0];
    }

    private static void makeLibraries(Path folder) throws Exception {
        for (CLibrary library : CLibrary.values()) {
            Stream<String> names = Functions.all().stream()
                    .filter(function -> function.library() == library)
                    .map(Functions.CFunction::name);
            String text = Stream.concat(names, Stream.of("sasl_set_mutex"))
                    .map(name -> "long " + name + "(void) { return 0; }\n")
                    .collect(Collectors.joining());
            Path source = Files.writeString(folder.resolve(library + ".c"), text);
            Process compiler = new ProcessBuilder(
                            "cc",
                            "-shared",
                            "-fPIC",
                            "-o",
                            folder.resolve(library.soname()).toString(),
                            source.toString())
                    .inheritIO()
                    .start();
            assertThat(compiler.waitFor()).isZero();
        }
    }

    /// Does what it is asked for instead of the JDK, and notes it.
    public static final class Recorder {
        private static final Set<String> DOWNCALLS = new ConcurrentSkipListSet<>();
        private static final Set<String> UPCALLS = new ConcurrentSkipListSet<>();
        private static final Set<String> LOOKUPS = new ConcurrentSkipListSet<>();

        private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

        private Recorder() {}

        @SuppressWarnings("restricted")
        public static MethodHandle downcallHandle(
                Linker linker, FunctionDescriptor signature, Linker.Option... options) {
            DOWNCALLS.add(entry(signature, options));
            return linker.downcallHandle(signature, options);
        }

        @SuppressWarnings("restricted")
        public static MemorySegment upcallStub(
                Linker linker,
                MethodHandle target,
                FunctionDescriptor signature,
                Arena arena,
                Linker.Option... options) {
            UPCALLS.add(entry(signature, options));
            return linker.upcallStub(target, signature, arena, options);
        }

        public static MethodHandle bind(MethodHandles.Lookup lookup, Object receiver, String name, MethodType type)
                throws ReflectiveOperationException {
            LOOKUPS.add(entry(receiver.getClass(), name, type));
            return lookup.bind(receiver, name, type);
        }

        private static String entry(Class<?> in, String name, MethodType type) {
            return "\"type\": \"" + in.getName() + "\", \"methods\": [{\"name\": \"" + name + "\", \"parameterTypes\": "
                    + list(type.parameterList().stream().map(Class::getName)) + "}]";
        }

        private static String entry(FunctionDescriptor signature, Linker.Option... options) {
            List<String> named = new ArrayList<>();
            for (Linker.Option option : options) {
                if (!option.equals(ERRNO)) {
                    throw new IllegalArgumentException("No word of the metadata is known for " + option);
                }
                named.add("\"captureCallState\": true");
            }
            return "\"returnType\": \""
                    + signature.returnLayout().map(Recorder::name).orElse("void")
                    + "\", \"parameterTypes\": "
                    + list(signature.argumentLayouts().stream().map(Recorder::name))
                    + (named.isEmpty() ? "" : ", \"options\": {" + String.join(", ", named) + "}");
        }

        /// By which GraalVM knows a layout. It does not look at what a pointer points to.
        private static String name(MemoryLayout layout) {
            if (layout instanceof AddressLayout) {
                return "void*";
            }
            return Linker.nativeLinker().canonicalLayouts().entrySet().stream()
                    .filter(canonical -> canonical.getKey().startsWith("j")
                            && canonical.getValue().equals(layout))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow();
        }

        private static String list(Stream<String> words) {
            return words.map(word -> "\"" + word + "\"").collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /// Uses all that can be linked. Arguments: the classes of the library.
    static final class Program {
        private Program() {}

        public static void main(String[] classes) throws Exception {
            int called = 0;
            for (String name : classes) {
                called += callFunctions(Class.forName(name, false, Program.class.getClassLoader()));
            }
            if (called < 500) {
                throw new IllegalStateException("Only " + called + " functions");
            }
            for (Class<?> callback : CallbackTypes.class.getDeclaredClasses()) {
                Object type = callback.getMethod("type").invoke(null);
                makeStub((CallbackType<?>) Objects.requireNonNull(type), callback);
            }
            SaslLocks.ensure();
            try (Arena arena = Arena.ofConfined()) {
                Posix.close(Downcall.errnoMemory(arena), -1);
            }
            print("reflection", Recorder.LOOKUPS);
            print("downcalls", Recorder.DOWNCALLS);
            print("upcalls", Recorder.UPCALLS);
        }

        private static void print(String list, Set<String> entries) {
            System.out.println("\"" + list + "\": [");
            entries.forEach(entry -> System.out.println("{" + entry + "}"));
        }

        /// A class of functions has a pointer beside each.
        ///
        /// @return how many it has
        private static int callFunctions(Class<?> in) throws Exception {
            Set<String> fields =
                    Stream.of(in.getDeclaredFields()).map(Field::getName).collect(Collectors.toSet());
            int called = 0;
            for (Method method : in.getDeclaredMethods()) {
                if (fields.contains(method.getName() + "Pointer")) {
                    method.invoke(
                            null,
                            Stream.of(method.getParameterTypes())
                                    .map(Program::nothing)
                                    .toArray());
                    called++;
                }
            }
            return called;
        }

        private static Object nothing(Class<?> type) {
            return type.isPrimitive()
                    ? Objects.requireNonNull(Array.get(Array.newInstance(type, 1), 0))
                    : MemorySegment.NULL;
        }

        @SuppressWarnings("unchecked")
        private static <T extends Upcall.Target> void makeStub(CallbackType<T> type, Class<?> target) {
            T closure = (T) Proxy.newProxyInstance(target.getClassLoader(), new Class<?>[] {target}, (_, _, _) -> null);
            Upcall upcall = type.signature().returnLayout().isPresent()
                    ? Upcall.of(type, closure, 0)
                    : Upcall.of(type, closure);
            upcall.pointer(0);
        }
    }
}
