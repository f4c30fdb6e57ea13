package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainStats;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.TypedParameter;
import io.github.libvirt4j.types.TypedParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StatsTest {
    private static final String URI = "test:///default";

    private static DomainStats stats(String name, int id, long cpu, long read, long sent) {
        List<TypedParameter> all = new ArrayList<>();
        all.add(new TypedParameter.OfInt("state.state", 1));
        all.add(new TypedParameter.OfInt("state.reason", 1));
        all.add(new TypedParameter.OfUnsignedLong("cpu.time", cpu));
        all.add(new TypedParameter.OfUnsignedLong("balloon.current", 2048L));
        all.add(new TypedParameter.OfUnsignedLong("balloon.maximum", 4096L));
        all.add(new TypedParameter.OfUnsignedInt("block.count", 2L));
        all.add(new TypedParameter.OfString("block.0.name", "vda"));
        all.add(new TypedParameter.OfUnsignedLong("block.0.rd.bytes", read));
        all.add(new TypedParameter.OfString("block.1.name", "vdb"));
        all.add(new TypedParameter.OfUnsignedLong("block.1.rd.bytes", read));
        all.add(new TypedParameter.OfUnsignedInt("net.count", 1L));
        all.add(new TypedParameter.OfString("net.0.name", "vnet0"));
        all.add(new TypedParameter.OfUnsignedLong("net.0.tx.bytes", sent));
        return new DomainStats(
                new DomainIdentity(
                        name, UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))),
                OptionalInt.of(id),
                new TypedParameters(all));
    }

    private static Usage.Sample sample(long seconds, DomainStats... all) {
        return new Usage.Sample(
                seconds * 1_000_000_000,
                List.of(all).stream()
                        .collect(java.util.stream.Collectors.toMap(
                                each -> each.domain().uuid(), each -> each)));
    }

    @Test
    void measuresRates() {
        List<Item> items = Usage.between(
                sample(10, stats("a", 1, 0, 0, 100)),
                sample(12, stats("a", 1, 3_000_000_000L, 2048, 100)),
                Usage.Order.cpu);
        assertThat(items).hasSize(1);
        Map<String, @Nullable Object> values = items.getFirst().values();
        assertThat(values.get("cpu")).isEqualTo(new Percent(150));
        assertThat(values.get("memory")).isEqualTo(new Size(2 << 20));
        assertThat(values.get("maxMemory")).isEqualTo(new Size(4 << 20));
        assertThat(values.get("diskRead")).as("of both disks").isEqualTo(new Rate(2048));
        assertThat(values.get("diskWrite")).isNull();
        assertThat(values.get("netOut")).isEqualTo(new Rate(0));
        assertThat(values.get("netIn")).isNull();
    }

    /// Its counters began anew.
    @Test
    void measuresNothingAcrossARestart() {
        Map<String, @Nullable Object> values = Usage.between(
                        sample(1, stats("a", 1, 5, 0, 0)), sample(2, stats("a", 2, 9, 0, 0)), Usage.Order.cpu)
                .getFirst()
                .values();
        assertThat(values.get("cpu")).isNull();
        assertThat(values.get("memory")).isNotNull();
    }

    @Test
    void sorts() {
        Usage.Sample before = sample(0, stats("a", 1, 0, 0, 0), stats("b", 2, 0, 0, 0), stats("c", 3, 0, 0, 0));
        Usage.Sample now = sample(
                1,
                stats("a", 1, 1_000_000_000, 5, 0),
                stats("b", 2, 2_000_000_000, 9, 0),
                stats("c", 3, 1_000_000_000, 7, 9));
        assertThat(names(before, now, Usage.Order.cpu)).containsExactly("b", "a", "c");
        assertThat(names(before, now, Usage.Order.disk)).containsExactly("b", "c", "a");
        assertThat(names(before, now, Usage.Order.network)).containsExactly("c", "a", "b");
        assertThat(names(before, now, Usage.Order.name)).containsExactly("a", "b", "c");
    }

    private static List<String> names(Usage.Sample before, Usage.Sample now, Usage.Order order) {
        return Usage.between(before, now, order).stream()
                .map(item -> Objects.toString(item.values().get("name")))
                .toList();
    }

    @Test
    void printsWhatAGuestUses() {
        String uri = SessionDaemon.shared().unixUri("qemu:///session");
        String name = "stats-" + UUID.randomUUID();
        try (Connect connect = Connect.open(uri);
                Domain guest = connect.domains().create("""
                        <domain type='qemu'>
                          <name>%s</name>
                          <memory unit='MiB'>32</memory>
                          <os><type arch='x86_64' machine='q35'>hvm</type></os>
                          <devices><memballoon model='virtio'/></devices>
                        </domain>
                        """.formatted(name))) {
            Result result = Result.of("stats", name, "--once", "--interval", "500ms", "--json", "-c", uri);
            guest.destroy();
            assertThat(result.err()).isEmpty();
            JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
            assertThat(json.get("name").getAsString()).isEqualTo(name);
            assertThat(json.get("state").getAsString()).isEqualTo("RUNNING");
            assertThat(json.get("cpu").getAsDouble()).isNotNegative();
            assertThat(json.get("maxMemory").getAsLong()).isEqualTo(32 << 20);
            assertThat(json.get("memory").getAsLong()).isPositive();
        }
    }

    @Test
    void printsTables() {
        Result result = Result.of("stats", "test", "--count", "2", "--interval", "100ms", "-c", URI);
        assertThat(result.out().lines())
                .hasSize(4)
                .filteredOn(line -> line.startsWith("test  running "))
                .hasSize(2);
        assertThat(Result.of("stats", "tset", "--once", "-c", URI).status()).isEqualTo(Status.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--count=0", "--interval=1ms", "--sort=age"})
    void refusesArgumentsThatAreWrong(String argument) {
        Result result = Result.of("stats", "-c", URI, argument);
        assertThat(result.status()).isEqualTo(Status.USAGE);
        assertThat(result.err().lines()).hasSize(1);
    }
}
