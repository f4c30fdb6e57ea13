package io.github.libvirt4j.internal.c;

import static io.github.libvirt4j.support.Bits.bits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.error.ProtocolViolationException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeft.class)
class CpuMapsTest {
    @Test
    void haveTheFirstProcessorInTheLowestBit() {
        assertThat(CpuMaps.bytes(bits(0, 9, 15))).containsExactly(0x01, 0x82);
        assertThat(CpuMaps.bytes(bits(0), 17)).containsExactly(0x01, 0, 0);
        assertThat(CpuMaps.bytes(bits())).containsExactly(0);
        assertThat(CpuMaps.bytes(bits(), 0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 64, 65, 8192})
    void comeBackAsTheyWent(int cpus) {
        try (CArguments in = new CArguments()) {
            BitSet set = bits(0, cpus - 1, cpus / 2);
            byte[] bytes = CpuMaps.bytes(set, cpus);
            assertThat(bytes).hasSize((cpus + 7) / 8);
            assertThat(CpuMaps.get(in.bytes(bytes))).isEqualTo(set);
        }
    }

    @Test
    void refuseAProcessorBeyondTheirEnd() {
        assertThat(CpuMaps.bytes(bits(8), 9)).containsExactly(0, 1);
        assertThatThrownBy(() -> CpuMaps.bytes(bits(1, 9), 9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Processor 9 is in the map; there are 9, the first is 0");
    }

    @Test
    void areWrittenAsLibvirtDoes() {
        assertThat(CpuMaps.text(bits())).isEmpty();
        assertThat(CpuMaps.text(bits(0))).isEqualTo("0");
        assertThat(CpuMaps.text(bits(63, 64))).isEqualTo("63-64");
        assertThat(CpuMaps.text(bits(0, 1, 2, 3, 5, 7, 8, 20_000))).isEqualTo("0-3,5,7-8,20000");
    }

    @Test
    void areReadOneBehindTheOther() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment maps = CpuMaps.room(arena, "f", 3, 2);
            maps.copyFrom(MemorySegment.ofArray(new byte[] {1, 0, 0, (byte) 0x80, 3, 0}));
            assertThat(CpuMaps.list(maps, 2, 2)).containsExactly(bits(0), bits(15));
            assertThat(CpuMaps.list(maps, 3, 2)).last().isEqualTo(bits(0, 1));
        }
    }

    @Test
    void areNotMoreThanThereCanBe() {
        try (Arena arena = Arena.ofConfined()) {
            for (int count : new int[] {-1, 65_537, Integer.MAX_VALUE}) {
                assertThatThrownBy(() -> CpuMaps.room(arena, "f", count, 128))
                        .isInstanceOf(ProtocolViolationException.class)
                        .hasMessageContaining("f: needs " + count + " maps of 128 bytes");
            }
            assertThat(CpuMaps.room(arena, "f", 65_536, 128).byteSize()).isEqualTo(8 << 20);
            assertThat(CpuMaps.room(arena, "f", 0, 128).byteSize()).isEqualTo(1);
        }
    }
}
