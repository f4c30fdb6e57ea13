package io.github.libvirt4j.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.codegen.LibvirtJava.Line;
import io.github.libvirt4j.codegen.Places.Place;
import io.github.libvirt4j.codegen.emit.LibvirtJavaEmitter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.net.JarURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds `libvirt-java.tsv` against the classes of libvirt-java.
class LibvirtJavaTest {
    private static final String PACKAGE = "org/libvirt/";

    @TempDir
    private Path directory;

    private final List<ClassModel> classes = new ArrayList<>();

    /// The methods that each method calls, and the functions of C.
    private final Map<String, Set<String>> calls = new HashMap<>();

    private final Map<String, Set<String>> functions = new HashMap<>();

    private static LibvirtJava table() throws IOException {
        return LibvirtJava.read(Path.of("..").resolve(Codegen.LIBVIRT_JAVA));
    }

    private void readLibvirtJava() throws IOException {
        var connect = Objects.requireNonNull(
                ClassLoader.getSystemResource(PACKAGE + "Connect.class"), "libvirt-java is not on the class path");
        try (JarFile jar = ((JarURLConnection) connect.openConnection()).getJarFile()) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().endsWith(".class") && !entry.getName().startsWith(PACKAGE + "jna/")) {
                    try (InputStream in = Objects.requireNonNull(jar.getInputStream(entry))) {
                        classes.add(ClassFile.of().parse(in.readAllBytes()));
                    }
                }
            }
        }
        classes.forEach(type -> type.methods().forEach(method -> readCalls(type, method)));
    }

    private void readCalls(ClassModel type, MethodModel method) {
        String caller = type.thisClass().asInternalName() + "." + method.methodName() + method.methodType();
        Set<String> called = calls.computeIfAbsent(caller, _ -> new HashSet<>());
        Set<String> direct = functions.computeIfAbsent(caller, _ -> new HashSet<>());
        method.code()
                .ifPresent(code -> code.forEach(element -> {
                    if (element instanceof InvokeInstruction call) {
                        String owner = call.owner().asInternalName();
                        String name = call.name().stringValue();
                        if (owner.startsWith(PACKAGE + "jna/Libvirt") && name.startsWith("vir")) {
                            direct.add(name);
                        } else if (owner.startsWith(PACKAGE)) {
                            called.add(owner + "." + name + call.type());
                        }
                    }
                }));
    }

    /// The functions that a method calls itself, or if there are none, through other methods.
    private Set<String> functions(String caller) {
        Set<String> direct = functions.getOrDefault(caller, Set.of());
        return direct.isEmpty() ? reached(caller, new HashSet<>()) : direct;
    }

    private Set<String> reached(String caller, Set<String> seen) {
        Set<String> reached = new HashSet<>(functions.getOrDefault(caller, Set.of()));
        if (seen.add(caller)) {
            calls.getOrDefault(caller, Set.of()).forEach(called -> reached.addAll(reached(called, seen)));
        }
        return reached;
    }

    private static boolean isPublic(ClassModel type) {
        return type.flags().has(AccessFlag.PUBLIC)
                && type.findAttribute(Attributes.innerClasses()).stream()
                        .flatMap(inner -> inner.classes().stream())
                        .filter(inner -> inner.innerClass().equals(type.thisClass()))
                        .allMatch(inner -> inner.has(AccessFlag.PUBLIC));
    }

    private static String name(ClassModel type) {
        return type.thisClass().asInternalName().substring(PACKAGE.length()).replaceAll("[/$]", ".");
    }

    private static String signature(MethodModel method) {
        String parameters = method.methodTypeSymbol().parameterList().stream()
                .map(ClassDesc::displayName)
                .map(name -> name.replaceFirst(".*\\$", ""))
                .collect(Collectors.joining(", "));
        return (method.methodName().equalsString("<init>") ? "new" : method.methodName()) + "(" + parameters + ")";
    }

    /// The public methods and constructors of a class by their signatures; of an enum without those of all
    /// enums.
    private static Map<String, MethodModel> methods(ClassModel type) {
        Map<String, MethodModel> methods = new TreeMap<>();
        for (MethodModel method : type.methods()) {
            String signature = signature(method);
            boolean isOfEveryEnum = type.flags().has(AccessFlag.ENUM)
                    && (signature.equals("values()") || signature.equals("valueOf(String)"));
            if (method.flags().has(AccessFlag.PUBLIC) && !method.flags().has(AccessFlag.SYNTHETIC) && !isOfEveryEnum) {
                methods.put(signature, method);
            }
        }
        return methods;
    }

    @Test
    void hasALineForEachClassMethodAndConstructor() throws Exception {
        readLibvirtJava();
        Set<String> expected = new TreeSet<>();
        int count = 0;
        for (ClassModel type : classes) {
            if (isPublic(type)) {
                Set<String> signatures = methods(type).keySet();
                count += signatures.size();
                expected.add(name(type) + "\t");
                if (!signatures.stream().allMatch(signature -> signature.startsWith("new("))) {
                    signatures.forEach(signature -> expected.add(name(type) + "\t" + signature));
                }
            }
        }
        assertThat(count).isEqualTo(583);
        assertThat(table().lines())
                .extracting(line -> line.type() + "\t" + line.method())
                .containsExactlyElementsOf(expected);
    }

    @Test
    void namesTheFunctionThatAMethodCalls() throws Exception {
        readLibvirtJava();
        Map<String, ClassModel> byName =
                classes.stream().collect(Collectors.toMap(LibvirtJavaTest::name, type -> type));
        int compared = 0;
        for (Line line : table().lines()) {
            if (line.isType()) {
                continue;
            }
            ClassModel type = Objects.requireNonNull(byName.get(line.type()), line.type());
            MethodModel method = Objects.requireNonNull(methods(type).get(line.method()), line.method());
            String caller = type.thisClass().asInternalName() + "." + method.methodName() + method.methodType();
            if (!line.function().isEmpty()) {
                assertThat(functions(caller)).as(line.toString()).contains(line.function());
                compared++;
            } else {
                assertThat(functions.get(caller)).as(line.toString()).isEmpty();
            }
        }
        assertThat(compared).isGreaterThan(250);
    }

    private LibvirtJava table(String... lines) throws Exception {
        return LibvirtJava.read(Files.write(directory.resolve("libvirt-java.tsv"), List.of(lines)));
    }

    private static final Places PLACES = new Places(List.of(
            new Place("virA", List.of("Domains.a", "Domains.findA"), ""),
            new Place("virB", List.of("DomainDisk.b"), ""),
            new Place("virC", List.of(), "said by event.Registration.close with LIVE"),
            new Place("virD", List.of(), "reference counting")));

    @Test
    void becomesATableForEachClass() throws Exception {
        LibvirtJava table = table(
                "# a comment",
                "A\t\t\tDomain\tas before",
                "A\ta(int)\tvirA\t\t",
                "A\tb()\tvirB\t\tKiB",
                "A\tc()\tvirC\t\t",
                "A\td()\tvirD\t\tnot needed",
                "A\te()\tvirA\tdomain.e(1)\t",
                "A\tnew(String)\t\t–\tnot needed",
                "A.B\t\t\tDomainState\t");
        assertThat(table.faults(PLACES)).isEmpty();
        assertThat(LibvirtJavaEmitter.emit(table, PLACES)).contains("""
                        ### A

                        In libvirt4j `Domain`: as before.

                        | libvirt-java | libvirt4j | remark |
                        | --- | --- | --- |
                        | `a(int)` | `connect.domains().a`, `connect.domains().findA` |  |
                        | `b()` | `domain.disk(path).b` | KiB |
                        | `c()` | `registration.close` with LIVE |  |
                        | `d()` | – | not needed |
                        | `e()` | `domain.e(1)` |  |
                        | `new A(String)` | – | not needed |
                        """).endsWith("| `A.B` | `DomainState` |  |\n");
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertThat(table(
                                "A\t\t\tDomain\t",
                                "A\tb()\tvirE\t\t",
                                "A\tb()\tvirA\t\t",
                                "A\ta()\t\t\t",
                                "A\tc()\tvirD\t\t",
                                "A\td()\t\t–\t",
                                "B\ta()\tvirA\t\t")
                        .faults(PLACES))
                .containsExactly(
                        "A.b() has no expression, and its function no line in java.tsv",
                        "A.b() has two lines",
                        "A.a() does not stand in its order",
                        "A.a() has no expression, and its function no line in java.tsv",
                        "A.c() has neither an expression nor a remark",
                        "A.d() has neither an expression nor a remark",
                        "B has no line");
    }
}
