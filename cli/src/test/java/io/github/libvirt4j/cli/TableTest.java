package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.types.DomainState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {
    private static final Word RUNNING = new Word(DomainState.RUNNING, 1);

    private static String table(int width, boolean colors, Item... items) {
        return Table.of(List.of("name", "state", "maxMemory"), List.of(items)).text(width, colors);
    }

    private static Item item(String name, long memory) {
        return new Item().with("name", name).with("state", RUNNING).with("maxMemory", new Size(memory));
    }

    @Test
    void alignsNumbersByTheirEnds() {
        assertThat(table(100, false, item("a", 1 << 20), item("a-long-name", 1L << 40)))
                .isEqualTo("""
                        NAME         STATE    MAX-MEMORY
                        a            running     1.0 MiB
                        a-long-name  running     1.0 TiB
                        """);
    }

    @Test
    void cutsTheWidestColumnWhereTheTerminalIsNarrow() {
        assertThat(table(33, false, item("a-name-that-is-long", 0)))
                .isEqualTo("NAME          STATE    MAX-MEMORY\na-name-that\u2026  running         0 B\n");
        assertThat(table(5, false, item("a-name-that-is-long", 0)).lines())
                .as("something of each column stays")
                .contains("a-name-\u2026  running  0 B");
    }

    /// A Chinese character is two columns wide.
    @Test
    void countsColumns() {
        assertThat(table(100, false, item("\u865a\u62df", 0)))
                .isEqualTo("NAME  STATE    MAX-MEMORY\n\u865a\u62df  running         0 B\n");
        assertThat(Width.cut("\u865a\u62df\u673a", 4)).isEqualTo("\u865a\u2026");
    }

    @Test
    void countsTheColumnsOfEscapes() {
        assertThat(table(100, false, item("tab\there", 0)))
                .isEqualTo("NAME       STATE    MAX-MEMORY\ntab\\there  running         0 B\n");
    }

    @Test
    void colorsStatesOnly() {
        assertThat(table(100, true, item("running\u001b[31m", 0)))
                .contains("running\\u001b[31m  \u001b[32mrunning\u001b[0m  ");
        assertThat(table(100, false, item("a", 0))).doesNotContain("\u001b");
    }

    @Test
    void printsWhatIsMissingAsADash() {
        assertThat(table(100, false, new Item().with("name", "a")).lines())
                .containsExactly("NAME  STATE  MAX-MEMORY", "a     -      -");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1073741824, 1.0 GiB",
        "9223372036854775807, 8192.0 PiB",
        "-1, 16384.0 PiB"
    })
    void namesSizes(long count, String expected) {
        assertThat(new Size(count)).hasToString(expected);
    }
}
