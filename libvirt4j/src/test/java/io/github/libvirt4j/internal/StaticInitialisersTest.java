package io.github.libvirt4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.support.ClassFiles;
import java.io.IOException;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What runs when a class is initialised: a failure there keeps the class from ever being used, even if it
/// would not happen again.
@ExtendWith(NothingLeft.class)
class StaticInitialisersTest {
    /// Needs native access, a library, a thread, a file descriptor, or what the program has put in its place.
    private static final Set<String> CAN_FAIL = Set.of(
            "java/lang/foreign/Linker.nativeLinker",
            "java/lang/foreign/Linker.downcallHandle",
            "java/lang/foreign/Linker.upcallStub",
            "java/lang/foreign/Linker$Option.captureCallState",
            "java/lang/foreign/Linker$Option.captureStateLayout",
            "java/lang/foreign/SymbolLookup.libraryLookup",
            "java/lang/foreign/SymbolLookup.loaderLookup",
            "java/lang/foreign/MemorySegment.reinterpret",
            "java/lang/System.getLogger",
            "java/lang/System.load",
            "java/lang/System.loadLibrary",
            "java/lang/ref/Cleaner.create",
            "java/lang/Thread.start",
            "java/util/concurrent/Executor.execute",
            "java/nio/file/Files.newByteChannel");

    private final Map<String, MethodModel> methods = new HashMap<>();

    @Test
    void doNothingThatCanFail() throws IOException {
        rememberAll();
        Set<String> found = new TreeSet<>();
        methods.forEach((name, _) -> {
            if (name.contains(".<clinit>")) {
                follow(List.of(name), found, new HashSet<>());
            }
        });
        assertThat(methods).containsKey("io/github/libvirt4j/internal/c/CMemory.<clinit>()V");
        assertThat(found).isEmpty();
    }

    /// The VM makes it at its first use. If the heap or the stack is full then, the switch is broken for
    /// good.
    @Test
    void thereIsNoSwitchOverTypes() throws IOException {
        rememberAll();
        List<String> found = new ArrayList<>();
        methods.forEach((name, method) -> method.code()
                .ifPresent(code -> code.forEach(element -> {
                    if (element instanceof InvokeDynamicInstruction made
                            && made.bootstrapMethod().owner().descriptorString().contains("SwitchBootstraps")) {
                        found.add(name);
                    }
                })));
        assertThat(found).isEmpty();
    }

    private void rememberAll() throws IOException {
        for (ClassModel model : ClassFiles.ofTheLibrary()) {
            for (MethodModel method : model.methods()) {
                methods.put(
                        model.thisClass().asInternalName() + "." + method.methodName() + method.methodType(), method);
            }
        }
    }

    /// @param way from the initialiser to the method that is looked at
    private void follow(List<String> way, Set<String> found, Set<String> seen) {
        MethodModel method = methods.get(way.getLast());
        if (method == null || !seen.add(way.getLast())) {
            return;
        }
        method.code()
                .ifPresent(code -> code.forEach(element -> {
                    if (element instanceof InvokeInstruction call) {
                        String name = call.owner().asInternalName() + "." + call.name();
                        List<String> further = Stream.concat(way.stream(), Stream.of(name + call.type()))
                                .toList();
                        if (CAN_FAIL.contains(name)) {
                            found.add(String.join(" > ", further));
                        } else {
                            follow(further, found, seen);
                        }
                    }
                }));
    }
}
