package io.github.libvirt4j.fleet;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.HexFormat;

/// Writes the text of JSON so that every encoder keeps it: half of a surrogate pair, as libvirt4j has for a byte that
/// is not UTF-8, becomes its escape (`\udce9`). Such a char can only be in a string.
final class JsonText extends FilterWriter {
    JsonText(Writer out) {
        super(out);
    }

    @Override
    public void write(int c) throws IOException {
        write(String.valueOf((char) c), 0, 1);
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        write(String.valueOf(text, offset, length), 0, length);
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
        int end = offset + length;
        int written = offset;
        int i = offset;
        while (i < end) {
            int c = text.codePointAt(i);
            if (Character.isBmpCodePoint(c) && Character.isSurrogate((char) c)) {
                out.write(text, written, i - written);
                out.write("\\u" + HexFormat.of().toHexDigits((char) c));
                written = i + 1;
            }
            i += Character.charCount(c);
        }
        out.write(text, written, end - written);
    }
}
