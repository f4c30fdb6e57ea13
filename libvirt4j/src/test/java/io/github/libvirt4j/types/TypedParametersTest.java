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

    private static TypedParameters one(int rawType, Object value) {
        return new TypedParameters(List.of(new TypedParameter("a", rawType, value)));
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
                        new TypedParameter("int", 1, -1),
                        new TypedParameter("uint", 2, 0xFFFF_FFFFL),
                        new TypedParameter("llong", 3, Long.MIN_VALUE),
                        new TypedParameter("ullong", 4, -1L),
                        new TypedParameter("double", 5, 0.5),
                        new TypedParameter("boolean", 6, true),
                        new TypedParameter("string", 7, "text"));
        assertThat(after.size()).isEqualTo(8);
        assertThat(after.list().getFirst()).isEqualTo(new TypedParameter("int", 1, 7));
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
        assertThat(one(1, -1).get(INT)).contains(-1);
        assertThat(one(1, -1).require(INT)).isEqualTo(-1);
        assertThat(one(7, "x").require(STRING)).isEqualTo("x");
        assertThat(one(5, 0.5).require(ParameterKey.ofDouble("a"))).isEqualTo(0.5);
        assertThat(one(6, true).require(ParameterKey.ofBoolean("a"))).isTrue();
        assertThat(one(1, 1).get(ParameterKey.ofInt("b"))).isEmpty();
        assertThatThrownBy(() -> one(1, 1).require(ParameterKey.ofInt("b")))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("No parameter 'b' among [a]");
    }

    @Test
    void takesAStringThatCLeftOutForNone() {
        TypedParameters none = new TypedParameters(List.of(new TypedParameter("a", 7, null)));
        assertThat(none.get(STRING)).isEmpty();
        assertThat(none.getString("a")).isEmpty();
        assertThat(none.getAll(STRING)).isEmpty();
        assertThat(none.toString()).isEqualTo("{a=null}");
        assertThatThrownBy(() -> none.getLong("a")).isInstanceOf(ClassCastException.class);
    }

    /// What fits is taken, of whichever of the four types: drivers differ.
    @ParameterizedTest
    @CsvSource({
        // raw type, number; as INT, UINT, LLONG, ULLONG
        "1, -1, true, false, true, false",
        "1, 2147483647, true, true, true, true",
        "2, 2147483648, false, true, true, true",
        "2, 4294967295, false, true, true, true",
        "3, 4294967296, false, false, true, true",
        "3, -2147483649, false, false, true, false",
        "3, -2147483648, true, false, true, false",
        "4, -1, false, false, false, true",
        "4, 5, true, true, true, true",
    })
    void takesIntegersThatFit(
            int rawType, long number, boolean asInt, boolean asUint, boolean asLong, boolean asUlong) {
        TypedParameters parameters = one(rawType, rawType == 1 ? (Object) (int) number : number);
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
                    .hasMessageStartingWith("Parameter 'a' is a=")
                    .hasMessageEndingWith(", not a " + key.type());
        }
    }

    @Test
    void refusesAnotherTypeWithTheKeysName() {
        TypedParameters text = one(7, "x");
        assertThatThrownBy(() -> text.require(ULLONG))
                .isInstanceOf(ClassCastException.class)
                .hasMessage("Parameter 'a' is a=x of type STRING, not a ULLONG");
        assertThatThrownBy(() -> text.getLong("a")).hasMessageContaining("'a' is a=x of type STRING");
        assertThatThrownBy(() -> text.getDouble("a")).hasMessageEndingWith("not a DOUBLE");
        assertThatThrownBy(() -> text.getBoolean("a")).hasMessageEndingWith("not a BOOLEAN");
        assertThatThrownBy(() -> one(4, -1L).getString("a"))
                .isInstanceOf(ClassCastException.class)
                .hasMessage("Parameter 'a' is a=18446744073709551615 of type ULLONG, not a STRING");
        assertThatThrownBy(() -> one(4, 1L).getAll(STRING)).isInstanceOf(ClassCastException.class);
    }

    @Test
    void keepsAndShowsATypeNewerThanThisJar() {
        TypedParameters newer = one(99, 42L);
        assertThat(newer.list()).containsExactly(new TypedParameter("a", 99, 42L));
        assertThat(newer.toString()).isEqualTo("{a=42 (type 99)}");
        assertThatThrownBy(() -> newer.get(LLONG))
                .isInstanceOf(ClassCastException.class)
                .hasMessage("Parameter 'a' is a=42 (type 99) of type 99, not a LLONG");
    }

    @Test
    void refusesAValueThatIsNotOfItsType() {
        assertThatThrownBy(() -> new TypedParameter("a", 1, 1L))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Parameter 'a': 1 is not of type INT");
        for (long value : new long[] {-1, 0x1_0000_0000L}) {
            assertThatThrownBy(() -> TypedParameters.builder().set(UINT, value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Parameter 'a': " + value + " is not of type UINT");
        }
        assertThatThrownBy(() -> new TypedParameter("a", 99, "x")).hasMessageEndingWith("is not of type 99");
        assertThatThrownBy(() -> new TypedParameter("a", 4, null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void makesKeysOfAFamily() {
        var bytes = ParameterKey.indexed("block.", ".rd.bytes", ParameterKey::ofUnsignedLong);
        assertThat(bytes.apply(12)).isEqualTo(ParameterKey.ofUnsignedLong("block.12.rd.bytes"));
        TypedParameters stats = TypedParameters.builder()
                .setUnsignedInt("block.count", 2)
                .setUnsignedLong("block.0.rd.bytes", 5)
                .setUnsignedLong("block.1.rd.bytes", 6)
                .setString("block.1.name", "vdb")
                .build();
        assertThat(stats.require(bytes.apply(1))).isEqualTo(6);
        assertThat(stats.get(bytes.apply(2))).isEmpty();
        assertThat(stats.under("block.1.").toString()).isEqualTo("{rd.bytes=6, name=vdb}");
    }

    @Test
    void tellsKeysApartByNameAndType() {
        assertThat(INT)
                .isEqualTo(ParameterKey.ofInt("a"))
                .hasSameHashCodeAs(ParameterKey.ofInt("a"))
                .isNotEqualTo(UINT)
                .isNotEqualTo(ParameterKey.ofInt("b"))
                .hasToString("a (INT)");
        assertThat(INT.name()).isEqualTo("a");
        assertThat(INT.valueType()).isEqualTo(Integer.class);
    }
}
