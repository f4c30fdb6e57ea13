package io.github.libvirt4j.cli;

import org.jline.utils.WCWidth;

/// The columns that text occupies on a terminal.
final class Width {
    private Width() {}

    static int of(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            width += of(text.codePointAt(i));
        }
        return width;
    }

    /// The terminal library is not loaded for what is ASCII.
    private static int of(int c) {
        return c < 0x7f ? 1 : Math.max(0, WCWidth.wcwidth(c));
    }

    /// The text, cut to a width, with an ellipsis where something is missing.
    static String cut(String text, int width) {
        if (of(text) <= width) {
            return text;
        }
        StringBuilder cut = new StringBuilder();
        int used = 1;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            used += of(text.codePointAt(i));
            if (used > width) {
                break;
            }
            cut.appendCodePoint(text.codePointAt(i));
        }
        return cut.append('\u2026').toString();
    }
}
