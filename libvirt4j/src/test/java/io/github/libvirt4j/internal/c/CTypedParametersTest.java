package io.github.libvirt4j.internal.c;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.error.ProtocolViolationException;
import io.github.libvirt4j.internal.raw.VirTypedParameter;
import io.github.libvirt4j.support.LargeBlock;
import io.github.libvirt4j.types.TypedParameter;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class CTypedParametersTest {
    private static final TypedParameters ALL = new TypedParameters(List.of(
            new TypedParameter.OfInt("int", Integer.MIN_VALUE),
            new TypedParameter.OfUnsignedInt("uint", 0xFFFF_FFFFL),
            new TypedParameter.OfLong("llong", Long.MIN_VALUE),
            new TypedParameter.OfUnsignedLong("ullong", -1L),
            new TypedParameter.OfDouble("double", -0.0),
            new TypedParameter.OfBoolean("false", false),
            new TypedParameter.OfBoolean("true", true),
            new TypedParameter.OfString("string", "é\uDCE9"),
            new TypedParameter.OfString("", ""),
            new TypedParameter.OfInt("é\uDCE9", 1),
            new TypedParameter.OfInt("x".repeat(77) + "é", 2)));

    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void comeBackAsTheyWent() {
        MemorySegment array = CTypedParameters.array(arena, ALL);
        assertThat(CTypedParameters.copy(array, ALL.size())).isEqualTo(ALL);
        assertThat(CTypedParameters.array(arena, new TypedParameters(List.of())).address())
                .isNotZero();
    }

    private void assertRefused(TypedParameter parameter, String message) {
        assertThatThrownBy(() -> CTypedParameters.array(arena, new TypedParameters(List.of(parameter))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void areRefusedWithTheirNameWhereCCannotHaveThem() {
        assertRefused(
                new TypedParameter.OfInt("x".repeat(80), 1),
                "Parameter '" + "x".repeat(80) + "' has a name of 80 bytes; C has room for 79");
        assertRefused(new TypedParameter.OfInt("é".repeat(40), 1), "has a name of 80 bytes");
        assertRefused(new TypedParameter.OfInt("a\0b", 1), "The name of Parameter 'a\0b' has a NUL at index 1");
        assertRefused(new TypedParameter.OfString("name", "a\0b"), "Parameter 'name' has a NUL at index 1");
        assertRefused(new TypedParameter.OfString("name", null), "Parameter 'name' has no value");
        assertRefused(
                new TypedParameter.Unrecognized("name", 99, 1L),
                "Parameter 'name' is of a type newer than this libvirt4j");
    }

    /// `array` of a parameter each, whose values are these strings.
    private static void fill(MemorySegment array, MemorySegment... strings) {
        for (int i = 0; i < strings.length; i++) {
            MemorySegment one = array.asSlice(i * VirTypedParameter.SIZE, VirTypedParameter.SIZE);
            one.fill((byte) 0);
            VirTypedParameter.field(one).setString(0, "p" + i);
            VirTypedParameter.type(one, 7);
            VirTypedParameter.value_s(one, strings[i]);
        }
    }

    private static MemorySegment largeString(String text) {
        MemorySegment string = LargeBlock.allocate();
        string.setString(0, text);
        return string;
    }

    private static TypedParameters strings(String... values) {
        TypedParameters.Builder builder = TypedParameters.builder();
        for (int i = 0; i < values.length; i++) {
            builder.setString("p" + i, values[i]);
        }
        return builder.build();
    }

    @Test
    void areFreedWithTheirStringsWhenCGaveThemAway() {
        MemorySegment array = LargeBlock.allocate();
        MemorySegment string = largeString("text");
        fill(array, string, string("more"));
        assertThat(CTypedParameters.take("f", array, 2)).isEqualTo(strings("text", "more"));
        assertThat(LargeBlock.isAllocated(array)).isFalse();
        assertThat(LargeBlock.isAllocated(string)).isFalse();
        assertThat(CTypedParameters.take("f", MemorySegment.NULL, 0).isEmpty()).isTrue();
    }

    private static MemorySegment string(String text) {
        MemorySegment string = CMemory.allocate(text.length() + 1L);
        string.setString(0, text);
        return string;
    }

    @Test
    void areFreedWithTheirStringsAlsoWhereThereAreAsManyAsThereCanBe() {
        MemorySegment array = CMemory.allocate(CTypedParameters.MOST * VirTypedParameter.SIZE);
        array.fill((byte) 0);
        MemorySegment string = largeString("text");
        fill(array, string);
        assertThat(CTypedParameters.take("f", array, CTypedParameters.MOST)).isEqualTo(strings("text"));
        assertThat(LargeBlock.isAllocated(string)).isFalse();
    }

    @Test
    void areFreedAlsoWhenTheirCountCannotBe() {
        MemorySegment array = LargeBlock.allocate();
        MemorySegment string = largeString("text");
        fill(array, string);
        assertThatThrownBy(() -> CTypedParameters.take("f", array, Integer.MAX_VALUE))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessageContaining("f: announced 2147483647 parameters; libvirt carries 262144");
        // Nothing is known of the strings in it.
        assertThat(LargeBlock.isAllocated(array)).isFalse();
        CMemory.free(string);
        MemorySegment other = LargeBlock.allocate();
        assertThatThrownBy(() -> CTypedParameters.take("f", other, -1)).isInstanceOf(ProtocolViolationException.class);
        assertThat(LargeBlock.isAllocated(other)).isFalse();
        assertThatThrownBy(() -> CTypedParameters.take("f", MemorySegment.NULL, 1))
                .isInstanceOf(ProtocolViolationException.class)
                .hasMessageContaining("announced 1 elements, and gave none");
    }

    @Test
    void areClearedInAnArrayOfOurs() {
        for (int announced : new int[] {2, 1, 0}) {
            MemorySegment room = CTypedParameters.room(arena, 3);
            MemorySegment first = largeString("text");
            MemorySegment second = largeString("more");
            fill(room, first, second);
            TypedParameters all = CTypedParameters.takeFilled("f", room, announced);
            assertThat(all.list()).isEqualTo(strings("text", "more").list().subList(0, announced));
            assertThat(LargeBlock.isAllocated(first)).isFalse();
            assertThat(LargeBlock.isAllocated(second)).isFalse();
        }
    }

    @Test
    void areClearedAlsoWhenTheCountLies() {
        for (int announced : new int[] {4, Integer.MAX_VALUE, -1}) {
            MemorySegment room = CTypedParameters.room(arena, 3);
            MemorySegment string = largeString("text");
            fill(room, string);
            assertThatThrownBy(() -> CTypedParameters.takeFilled("f", room, announced))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("f: announced " + announced);
            assertThat(LargeBlock.isAllocated(string)).isFalse();
        }
    }

    @Test
    void comeInSetsWithGaps() {
        MemorySegment room = CTypedParameters.room(arena, 4);
        MemorySegment string = largeString("second");
        fill(room, string("first"));
        fill(room.asSlice(2 * VirTypedParameter.SIZE), string, string("more"));
        assertThat(CTypedParameters.takeFilledSets("f", room, 2))
                .containsExactly(strings("first"), strings("second", "more"));
        assertThat(LargeBlock.isAllocated(string)).isFalse();
    }

    @Test
    void areNotMoreThanThereCanBe() {
        assertThat(CTypedParameters.checkCount("f", 262_144)).isEqualTo(262_144);
        assertThat(CTypedParameters.checkCount("f", 0)).isZero();
        for (int count : new int[] {-1, 262_145}) {
            assertThatThrownBy(() -> CTypedParameters.checkCount("f", count))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("f: announced " + count + " parameters");
        }
    }
}
