package io.github.libvirt4j.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Finds what a misspelt name may have meant.
final class Similar {
    private static final int MOST = 3;

    private Similar() {}

    /// A hint such as `; did you mean 'web-1' or 'web-2'?`; empty if nothing is similar.
    static String hint(String given, Collection<String> known) {
        List<String> similar = known.stream()
                .filter(each -> isSimilar(given, each))
                .sorted(Comparator.<String>comparingInt(each -> distance(given, each))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST)
                .map(each -> "'" + each + "'")
                .toList();
        return similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?";
    }

    /// A hint for names of which there are few: if nothing is similar, `; there are web-1, web-2`.
    static String hintOrAll(String given, Collection<String> known) {
        String hint = hint(given, known);
        return hint.isEmpty() ? "; there are " + String.join(", ", known) : hint;
    }

    private static boolean isSimilar(String given, String known) {
        if (given.length() > 2 && known.toLowerCase(Locale.ROOT).startsWith(given.toLowerCase(Locale.ROOT))) {
            return true;
        }
        // One mistake in four letters, a swap of two counts as one.
        return distance(given, known) <= Math.max(1, Math.min(given.length(), known.length()) / 4);
    }

    /// The number of letters inserted, left out, replaced or swapped with the next one, without regard to
    /// case.
    static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
