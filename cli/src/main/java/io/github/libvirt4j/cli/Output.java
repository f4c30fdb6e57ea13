package io.github.libvirt4j.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Prints the results of a subcommand: text for people, or one JSON object a line.
///
/// @param out the standard output
/// @param json whether to print JSON
record Output(Printer out, boolean json) {
    /// Prints an item as a line of text, or as JSON.
    void item(Item item, String text) {
        out.println(json ? Values.json(item) : text);
    }

    /// Prints an item as a page, a line for each value, or as JSON.
    void page(Item item) {
        if (json) {
            out.println(Values.json(item));
            return;
        }
        int width = item.values().keySet().stream()
                .mapToInt(key -> title(key).length())
                .max()
                .orElse(0);
        for (Map.Entry<String, @Nullable Object> each : item.values().entrySet()) {
            String title = title(each.getKey()) + ":";
            out.println(title + " ".repeat(width + 2 - title.length()) + Values.text(each.getValue()));
        }
    }

    /// `maxMemory` as `max memory`.
    private static String title(String key) {
        StringBuilder title = new StringBuilder();
        key.chars().forEach(c -> {
            if (Character.isUpperCase(c)) {
                title.append(' ');
            }
            title.append((char) Character.toLowerCase(c));
        });
        return title.toString();
    }

    /// Prints items as a table, or as JSON.
    ///
    /// @param keys of the values that the table shows
    void table(List<String> keys, List<Item> items) {
        if (json) {
            items.forEach(item -> out.println(Values.json(item)));
            return;
        }
        boolean terminal = out.isTerminal();
        int width = terminal ? Screen.width() : Integer.MAX_VALUE;
        out.control(Table.of(keys, items).text(width, terminal && Colors.areWanted()));
    }
}
