package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.NodeDevice;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.types.ConnectListAllNodeDeviceFlags;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `list`, on the test driver.
@Timeout(60)
class ListTest {
    private static final String URI = "test:///default";

    private static List<String> names(String... more) {
        String[] arguments = new String[more.length + 4];
        System.arraycopy(more, 0, arguments, 4, more.length);
        arguments[0] = "list";
        arguments[1] = "-q";
        arguments[2] = "-c";
        arguments[3] = URI;
        Result result = Result.of(arguments);
        assertThat(result.err()).isEmpty();
        return result.out().lines().toList();
    }

    @Test
    void filtersDomains() {
        try (Connect connect = Connect.open(URI);
                Domain off = connect.domains().define("""
                        <domain type='test'><name>list-off</name><memory>65536</memory><os><type>hvm</type></os></domain>
                        """);
                Domain paused = connect.domains().create("""
                        <domain type='test'><name>list-paused</name><memory>65536</memory><os><type>hvm</type></os></domain>
                        """)) {
            paused.suspend();
            off.setAutostart(true);
            assertThat(names()).containsExactly("list-off", "list-paused", "test");
            assertThat(names("--all")).hasSize(3);
            assertThat(names("--active")).containsExactly("list-paused", "test");
            assertThat(names("--inactive")).containsExactly("list-off");
            assertThat(names("--state", "paused,shutoff")).containsExactly("list-off", "list-paused");
            assertThat(names("--state", "shut off")).containsExactly("list-off");
            assertThat(names("--transient")).containsExactly("list-paused");
            assertThat(names("--persistent")).containsExactly("list-off", "test");
            assertThat(names("--autostart")).containsExactly("list-off");
            JsonObject json = JsonParser.parseString(
                            Result.of("list", "--json", "--inactive", "-c", URI).out())
                    .getAsJsonObject();
            assertThat(json.keySet()).containsExactly("id", "name", "uuid", "state", "reason");
            assertThat(json.get("state").getAsString()).isEqualTo("SHUTOFF");
            paused.destroy();
            off.undefine();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--networks", "--pools", "--devices"})
    void listsOtherObjects(String sort) {
        List<String> lines = Result.of("list", sort, "-c", URI).out().lines().toList();
        assertThat(lines.getFirst()).startsWith("NAME ");
        assertThat(lines).hasSizeGreaterThan(1);
        assertThat(names(sort)).hasSize(lines.size() - 1);
        assertThat(Result.of("list", sort, "--json", "-c", URI).out().lines())
                .hasSize(lines.size() - 1)
                .allMatch(line -> JsonParser.parseString(line).getAsJsonObject().has("name"));
    }

    @Test
    void listsPoolsWithSizes() {
        assertThat(Result.of("list", "--pools", "-c", URI)
                        .out()
                        .lines()
                        .toList()
                        .get(1))
                .matches("default-pool +running +no +100.0 GiB +0 B +100.0 GiB");
    }

    @Test
    void listsVolumes() {
        try (Connect connect = Connect.open(URI)) {
            connect.storagePools()
                    .lookupByName("default-pool")
                    .volumes()
                    .create("<volume><name>v1</name><capacity unit='GiB'>1</capacity></volume>");
            List<String> lines =
                    Result.of("list", "--volumes", "-c", URI).out().lines().toList();
            assertThat(lines.get(0)).matches("POOL +NAME +TYPE +CAPACITY +ALLOCATION +PATH");
            assertThat(lines.get(1)).matches("default-pool +v1 +file +1.0 GiB +1.0 GiB .*/v1");
        }
    }

    /// Drivers filter them; the test driver does so in newer versions of libvirt, and refuses it in older ones.
    @ParameterizedTest
    @CsvSource({"--active, ACTIVE", "--inactive, INACTIVE"})
    void asksDriversToFilterDevices(String option, ConnectListAllNodeDeviceFlags flag) {
        Result result = Result.of("list", "--devices", "-q", option, "-c", URI);
        try (Connect connect = Connect.open(URI)) {
            List<NodeDevice> devices = connect.nodeDevices().listAll(flag);
            assertThat(result.out().lines())
                    .containsExactlyInAnyOrderElementsOf(
                            devices.stream().map(NodeDevice::name).toList());
            assertThat(result.status()).isEqualTo(Status.OK);
            devices.forEach(NodeDevice::close);
        } catch (LibvirtException e) {
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).isEqualTo(e.getMessage() + "\n").contains("unsupported flags");
            assertThat(result.status()).isEqualTo(Status.FAILED);
        }
    }

    @Test
    void refusesStatesThatAreNotThere() {
        Result similar = Result.of("list", "--state", "paused,runing", "-c", URI);
        assertThat(similar.status()).isEqualTo(Status.USAGE);
        assertThat(similar.err()).isEqualTo("--state: no state is called 'runing'; did you mean 'running'?\n");
        Result empty = Result.of("list", "--state", "", "-c", URI);
        assertThat(empty.status()).isEqualTo(Status.USAGE);
        assertThat(empty.err())
                .isEqualTo(
                        "--state: no state is called ''; there are no state, running, blocked, paused, shutting down,"
                                + " shut off, crashed, suspended\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--networks --pools",
                "--pools --state running",
                "--volumes --transient",
                "--volumes --active",
                "--volumes --inactive"
            })
    void refusesWhatDoesNotFit(String options) {
        Result result = Result.of(("list -c " + URI + " " + options).split(" ", -1));
        assertThat(result.status()).isEqualTo(Status.USAGE);
        assertThat(result.err().lines()).hasSize(1);
    }
}
