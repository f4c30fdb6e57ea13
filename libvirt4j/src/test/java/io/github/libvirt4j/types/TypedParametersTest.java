package io.github.libvirt4j.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.NothingLeft;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NothingLeft.class)
class TypedParametersTest {
    private static final ParameterKey<Integer> INT = ParameterKey.ofInt("a");
    private static final ParameterKey<Long> UINT = ParameterKey.ofUnsignedInt("a");
    private static final ParameterKey<Long> LLONG = ParameterKey.ofLong("a");
    private static final ParameterKey<Long> ULLONG = ParameterKey.ofUnsignedLong("a");
    private static final ParameterKey<String> STRING = ParameterKey.ofString("a");

    private static TypedParameters one(TypedParameter parameter) {
        return new TypedParameters(List.of(parameter));
    }

    @Test
    void keepsWhatTheBuilderSetsInItsOrder() {
        TypedParameters.Builder builder = TypedParameters.builder()
                .setInt("int", -1)
                .setUnsignedInt("uint", 0xFFFF_FFFFL)
                .setLong("llong", Long.MIN_VALUE)
                .setUnsignedLong("ullong", -1)
                .setDouble("double", 0.5)
                .setBoolean("boolean", true)
                .setString("string", "text");
        TypedParameters before = builder.build();
        TypedParameters after = builder.setInt("int", 7)
                .add(ParameterKey.ofString("string"), "more")
                .build();
        assertThat(before.list())
                .containsExactly(
                        new TypedParameter.OfInt("int", -1),
                        new TypedParameter.OfUnsignedInt("uint", 0xFFFF_FFFFL),
                        new TypedParameter.OfLong("llong", Long.MIN_VALUE),
                        new TypedParameter.OfUnsignedLong("ullong", -1L),
                        new TypedParameter.OfDouble("double", 0.5),
                        new TypedParameter.OfBoolean("boolean", true),
                        new TypedParameter.OfString("string", "text"));
        assertThat(after.size()).isEqualTo(8);
        assertThat(after.list().getFirst()).isEqualTo(new TypedParameter.OfInt("int", 7));
        assertThat(after.get(ParameterKey.ofString("string"))).contains("text");
        assertThat(after.getAll(ParameterKey.ofString("string"))).containsExactly("text", "more");
        assertThat(after.toString())
                .isEqualTo("{int=7, uint=4294967295, llong=-9223372036854775808, ullong=18446744073709551615,"
                        + " double=0.5, boolean=true, string=text, string=more}");
        assertThat(builder.toString()).isEqualTo(after.toString());
        assertThat(TypedParameters.builder().build().isEmpty()).isTrue();
        assertThat(after).isNotEqualTo(before).isEqualTo(new TypedParameters(after.list()));
    }

    @Test
    void givesAValueByItsKey() {
        assertThat(one(new TypedParameter.OfInt("a", -1)).get(INT)).contains(-1);
        assertThat(one(new TypedParameter.OfInt("a", -1)).require(INT)).isEqualTo(-1);
        assertThat(one(new TypedParameter.OfString("a", "x")).require(STRING)).isEqualTo("x");
        assertThat(one(new TypedParameter.OfDouble("a", 0.5)).require(ParameterKey.ofDouble("a")))
                .isEqualTo(0.5);
        assertThat(one(new TypedParameter.OfBoolean("a", true)).require(ParameterKey.ofBoolean("a")))
                .isTrue();
        assertThat(one(new TypedParameter.OfInt("a", 1)).get(ParameterKey.ofInt("b")))
                .isEmpty();
        assertThatThrownBy(() -> one(new TypedParameter.OfInt("a", 1)).require(ParameterKey.ofInt("b")))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("No parameter 'b' among [a]");
    }

    @Test
    void takesAStringThatCLeftOutForNone() {
        TypedParameters none = new TypedParameters(List.of(new TypedParameter.OfString("a", null)));
        assertThat(none.get(STRING)).isEmpty();
        assertThat(none.getString("a")).isEmpty();
        assertThat(none.getAll(STRING)).isEmpty();
        assertThat(none.toString()).isEqualTo("{a=null}");
        assertThatThrownBy(() -> none.getLong("a")).isInstanceOf(ClassCastException.class);
    }

    /// A value that fits is taken, of whichever of the four types: drivers differ.
    @ParameterizedTest
    @CsvSource({
        // type, number; as an int, unsigned int, long, unsigned long
        "OfInt, -1, true, false, true, false",
        "OfInt, 2147483647, true, true, true, true",
        "OfUnsignedInt, 2147483648, false, true, true, true",
        "OfUnsignedInt, 4294967295, false, true, true, true",
        "OfLong, 4294967296, false, false, true, true",
        "OfLong, -2147483649, false, false, true, false",
        "OfLong, -2147483648, true, false, true, false",
        "OfUnsignedLong, -1, false, false, false, true",
        "OfUnsignedLong, 5, true, true, true, true",
    })
    void takesIntegersThatFit(
            String type, long number, boolean asInt, boolean asUint, boolean asLong, boolean asUlong) {
        TypedParameters parameters = one(
                switch (type) {
                    case "OfInt" -> new TypedParameter.OfInt("a", (int) number);
                    case "OfUnsignedInt" -> new TypedParameter.OfUnsignedInt("a", number);
                    case "OfLong" -> new TypedParameter.OfLong("a", number);
                    default -> new TypedParameter.OfUnsignedLong("a", number);
                });
        check(parameters, INT, asInt, (int) number);
        check(parameters, UINT, asUint, number);
        check(parameters, LLONG, asLong, number);
        check(parameters, ULLONG, asUlong, number);
        assertThat(parameters.getLong("a")).hasValue(number);
    }

    private static <T> void check(TypedParameters parameters, ParameterKey<T> key, boolean fits, T value) {
        if (fits) {
            assertThat(parameters.get(key)).contains(value);
        } else {
            assertThatThrownBy(() -> parameters.get(key))
                    .isInstanceOf(ClassCastException.class)
                    .hasMessageStartingWith("Parameter 'a' is a")
                    .hasMessageContaining(", not " + key.toString().substring("a, ".length()) + ": a=");
        }
    }

    @Test
    void refusesAnotherTypeWithTheKeysName() {
        TypedParameters text = one(new TypedParameter.OfString("a", "x"));
        assertThatThrownBy(() -> text.require(ULLONG))
                .isInstanceOf(ClassCastException.class)
                .hasMessage("Parameter 'a' is a string, not an unsigned long: a=x");
        assertThatThrownBy(() -> text.getLong("a")).hasMessage("Parameter 'a' is a string, not a long: a=x");
        assertThatThrownBy(() -> text.getDouble("a")).hasMessageContaining("not a double");
        assertThatThrownBy(() -> text.getBoolean("a")).hasMessageContaining("not a boolean");
        TypedParameters number = one(new TypedParameter.OfUnsignedLong("a", -1L));
        assertThatThrownBy(() -> number.getString("a"))
                .isInstanceOf(ClassCastException.class)
                .hasMessage("Parameter 'a' is an unsigned long, not a string: a=18446744073709551615");
        assertThatThrownBy(() -> number.getAll(STRING)).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> one(new TypedParameter.OfDouble("a", 1.0)).get(INT))
                .isInstanceOf(ClassCastException.class)
                .hasMessage("Parameter 'a' is a double, not an int: a=1.0");
        assertThatThrownBy(() -> one(new TypedParameter.OfBoolean("a", true)).get(UINT))
                .isInstanceOf(ClassCastException.class)
                .hasMessage("Parameter 'a' is a boolean, not an unsigned int: a=true");
    }

    @Test
    void refusesALibvirtKeyOfAnotherType() {
        TypedParameters wrong =
                TypedParameters.builder().setString("cpu_shares", "many").build();
        assertThatThrownBy(() -> wrong.require(DomainSchedulerKeys.CPU_SHARES))
                .isInstanceOf(ClassCastException.class)
                .hasMessage("Parameter 'cpu_shares' is a string, not an unsigned long: cpu_shares=many");
        assertThatThrownBy(() -> TypedParameters.builder().set(DomainSchedulerKeys.WEIGHT, -1L))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Parameter 'weight': -1 is not an unsigned int, which is from 0 to 4294967295");
    }

    @Test
    void keepsAndShowsATypeNewerThanThisJar() {
        TypedParameter newer = new TypedParameter.Unrecognized("x.a", 99, 42L);
        TypedParameters parameters = one(newer).under("x.");
        assertThat(parameters.list()).containsExactly(new TypedParameter.Unrecognized("a", 99, 42L));
        assertThat(parameters.toString()).isEqualTo("{a=42 (type 99)}");
        assertThatThrownBy(() -> parameters.get(LLONG))
                .isInstanceOf(ClassCastException.class)
                .hasMessage("Parameter 'a' is of a type newer than this jar, not a long: a=42 (type 99)");
        assertThatThrownBy(() -> parameters.getString("a")).isInstanceOf(ClassCastException.class);
    }

    @Test
    void keepsNamesThatNoKeyHas() {
        TypedParameters parameters = TypedParameters.builder()
                .set(DomainStatsKeys.CPU_TIME, 5L)
                .setDouble("cpu.new", 0.5)
                .build();
        assertThat(parameters.get(ParameterKey.ofDouble("cpu.new"))).contains(0.5);
        assertThat(parameters.under("cpu.").toString()).isEqualTo("{time=5, new=0.5}");
    }

    @Test
    void refusesAValueThatIsOutOfRange() {
        for (long value : new long[] {-1, 0x1_0000_0000L}) {
            assertThatThrownBy(() -> TypedParameters.builder().set(UINT, value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Parameter 'a': " + value + " is not an unsigned int, which is from 0 to 4294967295");
        }
    }

    /// By each factory, and by each type of parameter.
    @Test
    @SuppressWarnings("NullAway") // On purpose.
    void refusesNullWithTheName() {
        for (ParameterKey<?> key :
                List.of(INT, UINT, LLONG, ULLONG, ParameterKey.ofDouble("a"), ParameterKey.ofBoolean("a"), STRING)) {
            assertThatThrownBy(() -> TypedParameters.builder().set(key, null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("a");
        }
        assertThatThrownBy(() -> new TypedParameter.Unrecognized("a", 8, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("a");
    }

    @Test
    void keepsTypesUnderAnotherName() {
        List<TypedParameter> all = List.of(
                new TypedParameter.OfInt("p.a", -1),
                new TypedParameter.OfUnsignedInt("p.b", 0xFFFF_FFFFL),
                new TypedParameter.OfLong("p.c", Long.MIN_VALUE),
                new TypedParameter.OfUnsignedLong("p.d", -1L),
                new TypedParameter.OfDouble("p.e", -0.0),
                new TypedParameter.OfBoolean("p.f", true),
                new TypedParameter.OfString("p.g", null),
                new TypedParameter.OfString("other", "x"));
        assertThat(new TypedParameters(all).under("p.").list())
                .containsExactly(
                        new TypedParameter.OfInt("a", -1),
                        new TypedParameter.OfUnsignedInt("b", 0xFFFF_FFFFL),
                        new TypedParameter.OfLong("c", Long.MIN_VALUE),
                        new TypedParameter.OfUnsignedLong("d", -1L),
                        new TypedParameter.OfDouble("e", -0.0),
                        new TypedParameter.OfBoolean("f", true),
                        new TypedParameter.OfString("g", null));
    }

    @Test
    void givesAllOfANameThatOccursTwice() {
        TypedParameters parameters = TypedParameters.builder()
                .add(MigrateParamKeys.MIGRATE_DISKS, "vda")
                .set(MigrateParamKeys.BANDWIDTH, 10L)
                .add(MigrateParamKeys.MIGRATE_DISKS, "vdb")
                .build();
        assertThat(parameters.get(MigrateParamKeys.MIGRATE_DISKS)).contains("vda");
        assertThat(parameters.getAll(MigrateParamKeys.MIGRATE_DISKS)).containsExactly("vda", "vdb");
        assertThat(parameters.size()).isEqualTo(3);
    }

    @Test
    void hasKeysWithNumbersInThem() {
        assertThat(DomainStatsKeys.blockRdBytes(12)).isEqualTo(ParameterKey.ofUnsignedLong("block.12.rd.bytes"));
        assertThat(DomainStatsKeys.blockTimedGroupRdQueueDepthAvg(0, 3))
                .isEqualTo(ParameterKey.ofDouble("block.0.timed_group.3.rd_queue_depth_avg"));
        assertThat(DomainStatsKeys.blockLatencyHistogramZoneAppendBinStart(1, 2))
                .isEqualTo(ParameterKey.ofUnsignedLong("block.1.latency_histogram.zone_append.bin.2.start"));
        assertThat(DomainStatsKeys.blockLatencyHistogramReadBinCount(1))
                .isEqualTo(ParameterKey.ofUnsignedLong("block.1.latency_histogram.read.bin.count"));
        assertThat(DomainGuestInfoKeys.ifAddrPrefix(1, 0)).isEqualTo(ParameterKey.ofUnsignedInt("if.1.addr.0.prefix"));
        assertThat(DomainTunableKeys.cpuVcpupin(3)).isEqualTo(ParameterKey.ofString("cputune.vcpupin3"));
        TypedParameters stats = TypedParameters.builder()
                .set(DomainStatsKeys.BLOCK_COUNT, 2L)
                .set(DomainStatsKeys.blockRdBytes(0), 5L)
                .set(DomainStatsKeys.blockRdBytes(1), 6L)
                .set(DomainStatsKeys.blockName(1), "vdb")
                .build();
        assertThat(stats.require(DomainStatsKeys.blockRdBytes(1))).isEqualTo(6);
        assertThat(stats.get(DomainStatsKeys.blockRdBytes(2))).isEmpty();
        assertThat(stats.under("block.1.").toString()).isEqualTo("{rd.bytes=6, name=vdb}");
    }

    @Test
    void tellsKeysApartByNameAndType() {
        assertThat(INT)
                .isEqualTo(ParameterKey.ofInt("a"))
                .hasSameHashCodeAs(ParameterKey.ofInt("a"))
                .isNotEqualTo(UINT)
                .isNotEqualTo(ParameterKey.ofInt("b"))
                .hasToString("a, an int");
        assertThat(INT.name()).isEqualTo("a");
        assertThat(INT.valueType()).isEqualTo(Integer.class);
    }
}
