package io.github.libvirt4j.internal.c;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.NothingLeft;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NothingLeft.class)
class CTextTest {
    private static byte[] encode(String text) {
        ByteBuffer bytes = ByteBuffer.allocate((int) CText.mostBytes(text.length()));
        CText.encode(CharBuffer.wrap(text), bytes, "text");
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static void assertComesBack(byte... bytes) {
        assertThat(encode(CText.decode(bytes))).isEqualTo(bytes);
    }

    /// Two bytes are two texts, and each is the text of its bytes only.
    @Test
    void isOneToOneForAllPairsOfBytes() {
        Set<String> texts = new HashSet<>();
        for (int i = 1; i < 256; i++) {
            assertComesBack((byte) i);
            for (int j = 1; j < 256; j++) {
                byte[] bytes = {(byte) i, (byte) j};
                assertComesBack(bytes);
                assertThat(texts.add(CText.decode(bytes))).isTrue();
            }
        }
        assertThat(CText.decode(new byte[0])).isEmpty();
    }

    @Test
    void isOneToOneForBytesAtTheEdgesOfUtf8() {
        byte[] edges = {
            0x41,
            0x7F,
            (byte) 0x80,
            (byte) 0x8F,
            (byte) 0x90,
            (byte) 0x9F,
            (byte) 0xA0,
            (byte) 0xBF,
            (byte) 0xC0,
            (byte) 0xC1,
            (byte) 0xC3,
            (byte) 0xDF,
            (byte) 0xE0,
            (byte) 0xED,
            (byte) 0xEF,
            (byte) 0xF0,
            (byte) 0xF4,
            (byte) 0xF5,
            (byte) 0xFF
        };
        var random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(9)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = edges[random.nextInt(edges.length)];
            }
            assertComesBack(bytes);
        }
    }

    /// Whatever is made of chars comes back as it was, or is refused.
    @Test
    void neverBringsBackAnotherText() {
        String alphabet =
                "aé€\uD83D\uDE00\uD800\uDBFF\uDC00\uDC7F\uDC80\uDCA9\uDCC3\uDCE2\uDC82\uDCAC\uDCF0\uDCFF\uDD00"
                        + "\uFFFD";
        var random = new Random(2);
        int refused = 0;
        int kept = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(7); j >= 0; j--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            byte[] bytes;
            try {
                bytes = encode(text.toString());
            } catch (IllegalArgumentException e) {
                refused++;
                continue;
            }
            assertThat(CText.decode(bytes)).isEqualTo(text.toString());
            kept++;
        }
        assertThat(refused).isGreaterThan(10_000);
        assertThat(kept).isGreaterThan(10_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ab\0c | text has a NUL at index 2: C strings cannot contain one",
                "é\uD83D | text has half of a surrogate pair at index 1: it is not Unicode",
                "\uDC80\uDC7F | text has half of a surrogate pair at index 1: it is not Unicode",
                "a\uDCC3\uDCA9 | text has escapes of bytes at index 1 that are UTF-8 together: write the character "
                        + "they are",
            })
    void saysWhatItRefuses(String text, String message) {
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> CMemory.string(arena, text, "text"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(message);
        }
    }

    @ParameterizedTest
    @CsvSource({"name", "ü€", "😀", "\uFFFD", "\uDCE9b", "a\uDCE9b", "\uD83D\uDE00\uDC80", "''"})
    void isTheSameInMemoryOfC(String text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment string = CMemory.string(arena, text, "text");
            assertThat(CMemory.string(string)).isEqualTo(text);
            byte[] bytes = encode(text);
            assertThat(string.asSlice(0, bytes.length).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(bytes);
            // With and without a terminator.
            assertThat(CMemory.boundedString(string)).isEqualTo(text);
            assertThat(CMemory.boundedString(string.asSlice(0, bytes.length))).isEqualTo(text);
        }
    }

    @Test
    void givesTheVeryBytesOfAPath(@TempDir Path folder) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            for (String encoded : new String[] {"/%E9", "/a%20b%25%C3%A9", "/%E8%FF.x"}) {
                Path file = Path.of(java.net.URI.create("file://" + encoded));
                String text = Objects.requireNonNull(CMemory.string(CMemory.path(arena, file)));
                assertThat(encode(text))
                        .isEqualTo(java.net.URLDecoder.decode(encoded, StandardCharsets.ISO_8859_1)
                                .getBytes(StandardCharsets.ISO_8859_1));
            }
            assertThat(CMemory.string(CMemory.path(arena, Path.of("x"))))
                    .isEqualTo(Path.of("x").toAbsolutePath().toString());
            try (FileSystem zip =
                    FileSystems.newFileSystem(folder.resolve("x.zip"), java.util.Map.of("create", "true"))) {
                assertThatThrownBy(() -> CMemory.path(arena, zip.getPath("/x")))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("default file system");
            }
        }
    }
}
