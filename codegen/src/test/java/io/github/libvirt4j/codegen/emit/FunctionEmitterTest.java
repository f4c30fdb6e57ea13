package io.github.libvirt4j.codegen.emit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.codegen.Fact.Function;
import io.github.libvirt4j.codegen.Facts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionEmitterTest {
    private static Facts facts() throws IOException {
        return Facts.read(Path.of("..", "codegen", "facts", "libvirt.tsv"));
    }

    /// The text of a method, from its Javadoc to the field of its pointer.
    private static String method(String function) throws IOException {
        String all = FunctionEmitter.emit(facts()).map(Source::text).collect(Collectors.joining());
        int begin = all.indexOf(" " + function + "(", all.indexOf("public static", all.indexOf(function + "(")) - 1);
        return all.substring(all.lastIndexOf("///", begin), all.indexOf("private static volatile", begin));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "virConnectOpenAuth",
                "virConnectOpen",
                "virConnectClose",
                "virAdmConnectClose",
                "virConnectDomainEventRegisterAny",
                "virConnectDomainEventDeregisterAny",
                "virConnectUnregisterCloseCallback",
                "virConnectDomainQemuMonitorEventDeregister",
                "virStreamEventAddCallback",
                "virStreamEventUpdateCallback",
                "virStreamEventRemoveCallback",
                "virStreamSendAll",
                "virStreamSparseRecvAll",
                "virStreamFinish",
                "virStreamAbort",
                "virStreamFree",
                "virEventRegisterImpl",
                "virEventAddHandle",
                "virEventUpdateTimeout",
                "virEventRemoveHandle",
                "virEventRunDefaultImpl",
                "virSetErrorFunc",
                "virConnSetErrorFunc",
            })
    void probesTheStackAlwaysBeforeWhatCanCallBack(String function) throws Exception {
        assertThat(method(function)).contains("StackProbe.always();").doesNotContain("whenArmed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"virDomainSuspend", "virDomainGetName", "virConnectGetVersion"})
    void probesTheStackWhenArmedBeforeAllElse(String function) throws Exception {
        assertThat(method(function)).contains("StackProbe.whenArmed();").doesNotContain("always");
    }

    /// An overflow would leave the reference for ever.
    @ParameterizedTest
    @ValueSource(strings = {"virDomainFree", "virNWFilterBindingFree", "virStorageVolFree"})
    void putsNothingBeforeWhatGivesAReferenceBack(String function) throws Exception {
        assertThat(method(function)).doesNotContain("StackProbe");
    }

    @Test
    void putsNothingBeforeTheReadingOfTheLastError() throws Exception {
        Set<String> around = facts().of(Function.class).stream()
                .map(Function::name)
                .filter(name -> name.matches("vir\\w*(LastError\\w*|FreeError|ResetError)"))
                .collect(Collectors.toSet());
        assertThat(around).hasSize(12);
        for (String function : around) {
            assertThat(method(function)).as(function).doesNotContain("StackProbe");
        }
    }

    @Test
    void looksEveryFunctionUpAtItsFirstCall() throws Exception {
        String all = FunctionEmitter.emit(facts()).map(Source::text).collect(Collectors.joining());
        // All but the one that takes a double.
        assertThat(all.lines().filter(line -> line.contains(".function(")).toList())
                .hasSize(567);
        assertThat(all).doesNotContain(" virTypedParamsAddDouble(");
    }

    @Test
    void passesNumbers() throws Exception {
        assertThat(method("virDomainSetMemory"))
                .contains("return (int) Downcall.call(function, CMemory.address(domain), memory);");
        assertThat(method("virDomainGetConnect"))
                .contains("return CMemory.pointer(Downcall.call(function, CMemory.address(dom)));");
        assertThat(method("virGetLastErrorCode")).contains("return (int) Downcall.call(function);");
        assertThat(method("virResetLastError")).contains("\n        Downcall.call(function);");
    }

    @Test
    void keepsWhatJavaCannotSayInItsJavadoc() throws Exception {
        assertThat(method("virDomainSetMemory"))
                .startsWith("/// `int virDomainSetMemory(virDomainPtr domain, unsigned long memory)`, libvirt 0.1.1.")
                .contains("public static int virDomainSetMemory(MemorySegment domain, long memory) {");
        assertThat(method("virDomainGetBlkioParameters"))
                .contains(" Flags: virDomainModificationImpact, virTypedParameterFlags.\n");
    }

    @Test
    void namesEveryFunctionInTheInventory() throws Exception {
        Source inventory = FunctionEmitter.emit(facts())
                .filter(source -> source.path().endsWith("/Functions.java"))
                .findFirst()
                .orElseThrow();
        assertThat(inventory.text())
                .contains("\n            virDomainSuspend LIBVIRT 0.0.3\n")
                .contains("\n            virDomainQemuAttach QEMU 0.9.4\n")
                .contains("\n            virAdmConnectOpen ADMIN 2.0.0\n");
    }
}
