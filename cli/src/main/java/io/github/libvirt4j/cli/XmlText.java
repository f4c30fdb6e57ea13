package io.github.libvirt4j.cli;

/// Text inside XML that the command writes.
final class XmlText {
    private XmlText() {}

    /// The text as the content of an element, or of an attribute in single quotes.
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&apos;");
    }
}
