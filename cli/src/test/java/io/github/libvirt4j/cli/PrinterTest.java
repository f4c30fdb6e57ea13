package io.github.libvirt4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrinterTest {
    private final StringWriter out = new StringWriter();
    private final Printer printer = new Printer(out);

    @ParameterizedTest
    @CsvSource({"0000, 0008", "000b, 001f", "007f, 009f", "061c, 061c", "200b, 200f", "2028, 202e", "2066, 2069"})
    void printsTheEscapeOfWhatActsOnATerminal(String first, String last) {
        for (int c = Integer.parseInt(first, 16); c <= Integer.parseInt(last, 16); c++) {
            out.getBuffer().setLength(0);
            printer.print("a" + (char) c + "b");
            assertThat(out.toString()).isEqualTo("a\\u%04xb", c);
        }
    }

    @Test
    void printsAllElseAsItIs() {
        String text = "\ttext \"\\ \u00e9\u0431\u5d4c \ud83d\ude00";
        printer.print(text);
        assertThat(out).hasToString(text);
    }

    /// Whatever is in it; the text of a stack trace or of a help page has several.
    @Test
    void printsALineOnOneLine() {
        printer.println("a\nb\rc\td");
        printer.println((Object) "e\nf");
        printer.print("g\n\th\n");
        assertThat(out).hasToString("a\\nb\\u000dc\\td\ne\\nf\ng\n\th\n");
    }

    /// Surrogates may come one by one; half of a pair stays exact.
    @Test
    void printsHalvesOfPairs() {
        printer.print('\ud83d');
        printer.print('\ude00');
        printer.print("\udce9 \ud83d");
        printer.print("x\udb40\udc41\ud83d");
        printer.flush();
        assertThat(out).hasToString("\ud83d\ude00\\udce9 \\ud83dx\\udb40\\udc41\\ud83d");
    }

    @Test
    void printsJsonThatMeansTheSame() {
        String text = "\u0000\u001b[2J\u009b\u202e\u2028\udce9\ud83d\ude00\n\\\"";
        printer.println(new JsonPrimitive(text).toString());
        assertThat(com.google.gson.JsonParser.parseString(out.toString()).getAsString())
                .isEqualTo(text);
        assertThat(out.toString()).matches("[\\x20-\\x7e\ud83d\ude00]*\n");
    }

    @Test
    void printsLogsToo() {
        printer.stream().println("a\u001b\u00e9");
        new IllegalStateException("b\nc\u009b").printStackTrace(printer.stream());
        assertThat(out.toString()).startsWith("a\\u001b\u00e9\njava.lang.IllegalStateException: b\nc\\u009b\n\tat ");
    }

    @Test
    void printsWhatIsToActOnTheTerminal() {
        printer.print("a");
        printer.control("\u001b[K");
        assertThat(out).hasToString("a\u001b[K");
    }

    @Test
    void knowsThatSomethingCouldNotBePrinted() {
        IOException full = new IOException("full");
        Printer failing = new Printer(new Writer() {
            @Override
            public void write(char[] text, int offset, int length) throws IOException {
                throw full;
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        assertThat(failing.failure()).isNull();
        failing.println("x");
        assertThat(failing.failure()).isSameAs(full);
        assertThat(printer.failure()).isNull();
    }
}
