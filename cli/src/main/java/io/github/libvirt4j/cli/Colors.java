package io.github.libvirt4j.cli;

import org.jspecify.annotations.Nullable;

/// The colours of states, for terminals.
final class Colors {
    private static final String OFF = "\u001b[0m";

    private Colors() {}

    /// Whether the environment permits colours: `NO_COLOR` is not set, and the terminal is not a dumb one.
    static boolean areWanted() {
        String off = System.getenv("NO_COLOR");
        return (off == null || off.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
    }

    /// The text in the colour of a value.
    static String of(@Nullable Object value, String text) {
        if (!(value instanceof Word word)) {
            return text;
        }
        return switch (word.constant().name()) {
            case "RUNNING" -> "\u001b[32m" + text + OFF;
            case "PAUSED", "PMSUSPENDED", "SHUTDOWN", "DEGRADED" -> "\u001b[33m" + text + OFF;
            case "CRASHED", "INACCESSIBLE" -> "\u001b[31m" + text + OFF;
            case "SHUTOFF", "INACTIVE" -> "\u001b[2m" + text + OFF;
            default -> text;
        };
    }
}
