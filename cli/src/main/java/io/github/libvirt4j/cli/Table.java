package io.github.libvirt4j.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A table, with columns as wide as their content, or narrower where the terminal is.
///
/// @param heads the titles of the columns
/// @param rows the values, a list for each line
record Table(List<String> heads, List<List<@Nullable Object>> rows) {
    private static final String GAP = "  ";

    /// A column of text that must become narrower keeps this much.
    private static final int LEAST = 8;

    static Table of(List<String> keys, List<Item> items) {
        return new Table(
                keys.stream().map(Table::head).toList(),
                items.stream().map(item -> row(keys, item)).toList());
    }

    private static List<@Nullable Object> row(List<String> keys, Item item) {
        List<@Nullable Object> row = new ArrayList<>();
        for (String key : keys) {
            row.add(item.values().get(key));
        }
        return row;
    }

    /// `maxMemory` as `MAX-MEMORY`.
    private static String head(String key) {
        return key.replaceAll("([A-Z])", "-$1").toUpperCase(Locale.ROOT);
    }

    /// The table as lines for a terminal of a width.
    String text(int width, boolean colors) {
        StringBuilder text = new StringBuilder();
        lines(width, colors).forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /// The lines of the table, each harmless but for its colours.
    List<String> lines(int width, boolean colors) {
        int[] widths = widths(width);
        StringBuilder head = new StringBuilder();
        for (int i = 0; i < heads.size(); i++) {
            cell(head, i, widths, heads.get(i), isNumber(i), null);
        }
        List<String> lines = new ArrayList<>();
        lines.add(head.toString().stripTrailing());
        for (List<@Nullable Object> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                cell(line, i, widths, Values.text(row.get(i)), isNumber(i), colors ? row.get(i) : null);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static void cell(
            StringBuilder line, int i, int[] widths, String whole, boolean right, @Nullable Object colored) {
        String text = Width.cut(whole, widths[i]);
        String pad = " ".repeat(widths[i] - Width.of(text));
        line.append(i == 0 ? "" : GAP)
                .append(right ? pad : "")
                .append(Colors.of(colored, text))
                .append(right ? "" : pad);
    }

    /// Numbers with a unit are compared by their ends.
    private boolean isNumber(int column) {
        for (List<@Nullable Object> row : rows) {
            Object value = row.get(column);
            if (value instanceof Size || value instanceof Rate || value instanceof Percent) {
                return true;
            }
        }
        return false;
    }

    private int[] widths(int most) {
        int[] widths = new int[heads.size()];
        int[] least = new int[heads.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            int content = rows.stream()
                    .mapToInt(row -> Width.of(Values.text(row.get(column))))
                    .max()
                    .orElse(0);
            widths[i] = Math.max(heads.get(i).length(), content);
            // A number is not cut: what is left of it would be another one.
            least[i] = isNumber(i) ? Math.max(content, 1) : Math.min(widths[i], LEAST);
        }
        long over = Arrays.stream(widths).asLongStream().sum() + (long) GAP.length() * (widths.length - 1) - most;
        for (int widest = widest(widths, least); over > 0 && widest >= 0; over--) {
            widths[widest]--;
            widest = widest(widths, least);
        }
        return widths;
    }

    /// The widest column that can become narrower; −1 if there is none.
    private static int widest(int[] widths, int[] least) {
        int widest = -1;
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] > least[i] && (widest < 0 || widths[i] > widths[widest])) {
                widest = i;
            }
        }
        return widest;
    }
}
