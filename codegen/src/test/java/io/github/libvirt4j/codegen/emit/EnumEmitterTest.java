package io.github.libvirt4j.codegen.emit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.codegen.Corrections;
import io.github.libvirt4j.codegen.Fact.Constant;
import io.github.libvirt4j.codegen.Fact.Typedef;
import io.github.libvirt4j.codegen.Facts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnumEmitterTest {
    private static Facts facts() throws IOException {
        return Facts.read(Path.of("..", "codegen", "facts", "libvirt.tsv"));
    }

    private static List<Typedef> enumerations(Facts facts) {
        return facts.of(Typedef.class).stream()
                .filter(typedef -> typedef.type().equals("enum"))
                .toList();
    }

    /// The Java names of the constants of an enumeration `virThing`, by value.
    private static List<String> names(String type, String... constants) {
        List<Constant> all = Arrays.stream(constants)
                .map(name -> new Constant(name, "libvirt-host", "1.0.0", type, 0))
                .toList();
        return all.stream().map(constant -> EnumEmitter.name(constant, all)).toList();
    }

    private static String emitted(String name) throws IOException {
        return EnumEmitter.emit(facts())
                .filter(source -> source.path().endsWith("/" + name + ".java"))
                .findFirst()
                .orElseThrow()
                .text();
    }

    @ParameterizedTest
    @CsvSource({
        "virDomainState, DomainState",
        "virAdmConnectDaemonShutdownFlags, AdmConnectDaemonShutdownFlags",
        "virDomainXMLFlags, DomainXmlFlags",
        "virCPUCompareResult, CpuCompareResult",
        "virDomainEventID, DomainEventId",
        "virDomainPMSuspendedReason, DomainPmSuspendedReason",
        "virDomainEventIOErrorAction, DomainEventIoErrorAction",
        "virIPAddrType, IpAddrType",
        "virDomainAuthorizedSSHKeysSetFlags, DomainAuthorizedSshKeysSetFlags",
        "virNWFilterDefineFlags, NwFilterDefineFlags",
        "virNodeGetCPUStatsAllCPUs, NodeGetCpuStatsAllCpus",
        "virDomainDestroyFlagsValues, DomainDestroyFlags",
        "virDomainShutdownFlagValues, DomainShutdownFlags",
        "virDomainAgentResponseTimeoutValues, DomainAgentResponseTimeoutValues",
    })
    void namesAnEnumLikeCWithAcronymsAsWords(String c, String java) {
        assertThat(EnumEmitter.name(c)).isEqualTo(java);
    }

    @Test
    void takesWholeWordsThatAllConstantsBeginWith() {
        assertThat(names("virThing", "VIR_THING_RED", "VIR_THING_GREEN")).containsExactly("RED", "GREEN");
        assertThat(names("virThing", "VIR_THING_RED", "VIR_THING_READY")).containsExactly("RED", "READY");
        assertThat(names("virThing", "VIR_THING_A_X", "VIR_THING_A_Y")).containsExactly("X", "Y");
    }

    @Test
    void takesFromTheOnlyConstantWhatItsTypeIsCalled() {
        assertThat(names("virThingCreateFlags", "VIR_THING_CREATE_VALIDATE")).containsExactly("VALIDATE");
        assertThat(names("virThingFlags", "VIR_THING_STOP_AT_HOLE")).containsExactly("STOP_AT_HOLE");
    }

    @Test
    void putsALineBeforeADigit() {
        assertThat(names("virThing", "VIR_THING_1", "VIR_THING_X")).containsExactly("_1", "X");
    }

    @Test
    void keepsWhatTellsAWarningFromAnError() throws Exception {
        assertThat(emitted("ErrorNumber"))
                .contains("\n    OK(0)", "\n    NO_DOMAIN(42)", "\n    WAR_NO_NETWORK(41)", "\n    NO_NETWORK(43)");
    }

    @Test
    void hasNoSentinels() throws Exception {
        Facts facts = facts();
        assertThat(facts.of(Constant.class))
                .filteredOn(constant -> Corrections.isSentinel(constant.name()))
                .extracting(Constant::name)
                .hasSize(76 + 1)
                .contains("VIR_ERR_NUMBER_LAST", "VIR_ERR_DOMAIN_LAST", "VIR_DOMAIN_MEMORY_STAT_NR")
                .doesNotContain("VIR_NETWORK_UPDATE_COMMAND_ADD_LAST");
        for (Typedef typedef : enumerations(facts)) {
            List<Constant> constants = EnumEmitter.constants(typedef, facts);
            // A sentinel is the number of values before it. What is left out is one, and what is left in is none.
            facts.of(Constant.class).stream()
                    .filter(constant -> constant.type().equals(typedef.name()))
                    .filter(constant -> !constants.contains(constant))
                    .forEach(sentinel -> assertThat(sentinel.value())
                            .as(sentinel.name())
                            .isEqualTo(constants.getLast().value() + 1));
        }
    }

    @Test
    void givesEveryEnumAndEveryConstantANameOfItsOwn() throws Exception {
        Facts facts = facts();
        assertThat(enumerations(facts))
                .extracting(typedef -> EnumEmitter.name(typedef.name()))
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(150);
        for (Typedef typedef : enumerations(facts)) {
            List<Constant> constants = EnumEmitter.constants(typedef, facts);
            assertThat(constants).as(typedef.name()).isNotEmpty();
            assertThat(constants)
                    .extracting(constant -> EnumEmitter.name(constant, constants))
                    .as(typedef.name())
                    .doesNotHaveDuplicates()
                    .allMatch(name -> name.matches("[A-Z_][A-Z0-9_]*"))
                    .noneMatch(name -> name.startsWith("VIR_") || name.equals("UNRECOGNIZED"));
        }
    }

    /// One bit each, and one of them the third: that is no list. Two bits and less say nothing.
    @Test
    void readsNoListOfNumbersAsFlagsAndNoFlagsAsAList() throws Exception {
        Facts facts = facts();
        List<String> flags = EnumEmitter.emit(facts)
                .filter(source -> source.text().contains(" implements Flag {"))
                .map(Source::path)
                .toList();
        for (Typedef typedef : enumerations(facts)) {
            List<Constant> constants = EnumEmitter.constants(typedef, facts);
            boolean bits = constants.stream().allMatch(c -> Long.bitCount(c.value()) <= 1 && c.value() >= 0)
                    && constants.stream().anyMatch(c -> c.value() >= 4);
            String folder = Corrections.RAW.contains(typedef.name()) ? Source.RAW : Source.TYPES;
            String path = folder.replace('.', '/') + "/" + EnumEmitter.name(typedef.name()) + ".java";
            if (bits) {
                assertThat(flags).contains(path);
            }
            if (flags.contains(path)) {
                assertThat(constants)
                        .as(typedef.name())
                        .allMatch(constant -> Long.bitCount(constant.value()) <= 1 && constant.value() >= 0);
            }
        }
    }

    @Test
    void readsAValueOfTwoNamesAsTheFirst() throws Exception {
        assertThat(emitted("DomainQemuAgentCommandTimeoutValues"))
                .contains("case -2 -> BLOCK;")
                .doesNotContain("-> MIN;");
    }

    @Test
    void linksToThePageOfItsHeader() throws Exception {
        assertThat(emitted("DomainState"))
                .contains("https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainState");
        assertThat(emitted("ErrorLevel")).contains("https://libvirt.org/html/libvirt-virterror.html#virErrorLevel");
    }
}
