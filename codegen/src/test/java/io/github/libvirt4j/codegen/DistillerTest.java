package io.github.libvirt4j.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistillerTest {
    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void writeEmptyDescriptions() throws Exception {
        for (String library : new String[] {"-qemu", "-lxc", "-admin"}) {
            describe("libvirt" + library + "-api.xml", "");
        }
    }

    private void describe(String file, String symbols) throws Exception {
        Files.writeString(directory.resolve(file), "<api name='x'><symbols>" + symbols + "</symbols></api>");
    }

    private static final String VERSION =
            "<macro name='LIBVIR_VERSION_NUMBER' file='libvirt-common' raw='12008000'" + " version='0.0.1'/>";

    @Test
    void takesTheFactsAndLeavesTheProse() throws Exception {
        describe("libvirt-api.xml", VERSION + """
                <macro name='VIR_A' file='libvirt-host' raw='(36+1)' version='0.2.0'><info>prose</info></macro>
                <macro name='VIR_B' file='libvirt-host' raw='VIR_A' version='0.3.0'/>
                <macro name='VIR_C' file='libvirt-host' string='a.b' version='0.4.0'/>
                <macro name='VIR_D' file='libvirt-host' params='x,y' raw='((x) + (y))' version='0.5.0'/>
                <enum name='VIR_X_LOW' file='libvirt-host' value='-1' type='virXFlags' version='1.0.0' info='prose'/>
                <enum name='VIR_X_LIKE' file='libvirt-host' value='VIR_X_LOW' type='virXFlags' version='1.0.1'/>
                <typedef name='virXFlags' file='libvirt-host' type='enum' version='1.0.0'><info>prose</info></typedef>
                <struct name='virS' file='libvirt-host' type='struct _virS' version='1.1.0'>
                  <field name='model' type='char model[VIR_A]' info='prose'/>
                  <field name='value' type='union' info='prose'>
                    <union><field name='i' type='int'/><field name='s' type='char *'/></union>
                  </field>
                </struct>
                <functype name='virCb' file='libvirt-host' version='1.2.0'>
                  <info>prose</info><return type='void' info='prose'/><arg name='opaque' type='void *' info='prose'/>
                </functype>
                <function name='virF' file='libvirt-host' version='1.3.0'>
                  <info>prose</info><return type='char *' info='prose'/>
                  <arg name='p' type='const char **' info='prose'/>
                  <arg name='flags' type='unsigned int' info='bitwise-OR of virXFlags'/>
                </function>
                <function name='virG' file='libvirt-host' version='1.4.0'>
                  <return type='int'/><arg type='void'/>
                </function>
                """);
        Facts facts = Distiller.distil(directory);
        assertThat(facts.text().lines().filter(line -> !line.startsWith("#")))
                .containsExactly(
                        "libvirt\t12.8.0",
                        "callback\tvirCb\tlibvirt-host\t1.2.0\tvoid\tvoid * opaque",
                        "constant\tVIR_X_LIKE\tlibvirt-host\t1.0.1\tvirXFlags\t-1",
                        "constant\tVIR_X_LOW\tlibvirt-host\t1.0.0\tvirXFlags\t-1",
                        "function\tvirF\tlibvirt-host\t1.3.0\tlibvirt\tchar *\tvirXFlags\tconst char ** p"
                                + "\tunsigned int flags",
                        "function\tvirG\tlibvirt-host\t1.4.0\tlibvirt\tint\t",
                        "macro\tLIBVIR_VERSION_NUMBER\tlibvirt-common\t0.0.1\tnumber\t12008000",
                        "macro\tVIR_A\tlibvirt-host\t0.2.0\tnumber\t37",
                        "macro\tVIR_B\tlibvirt-host\t0.3.0\tnumber\t37",
                        "macro\tVIR_C\tlibvirt-host\t0.4.0\tstring\ta.b",
                        "macro\tVIR_D\tlibvirt-host\t0.5.0\tfunction\tx,y",
                        "struct\tvirS\tlibvirt-host\t1.1.0\t_virS\tchar model[VIR_A]\tunion value{int i;char * s}",
                        "typedef\tvirXFlags\tlibvirt-host\t1.0.0\tenum");
    }

    @Test
    void asksWhichFlagsAFunctionTakesWhenLibvirtDoesNotSay() throws Exception {
        describe("libvirt-api.xml", VERSION + """
                <function name='virF' file='libvirt-host' version='1.3.0'>
                  <return type='int'/><arg name='flags' type='unsigned int' info='some flags'/>
                </function>
                """);
        assertThatThrownBy(() -> Distiller.distil(directory))
                .hasMessage("Which flags does virF take? libvirt says: \"some flags\";"
                        + " add a line to Corrections.FLAGS");
    }

    @Test
    void namesTheDescriptionThatIsMissing() {
        assertThatThrownBy(() -> Distiller.distil(directory))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("libvirt-api.xml");
    }
}
