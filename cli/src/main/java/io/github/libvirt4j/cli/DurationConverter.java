package io.github.libvirt4j.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads `500ms`, `10s`, `1m30s`, and what `Duration` itself reads.
final class DurationConverter implements ITypeConverter<Duration> {
    /// Ten years: fits a `long` of nanoseconds, and an `int` of seconds.
    private static final Duration LONGEST = Duration.ofDays(3650);

    @Override
    public Duration convert(String text) {
        try {
            Duration duration = parse(text);
            if (!duration.isNegative() && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException | NumberFormatException | ArithmeticException e) {
            // Said below.
        }
        throw new TypeConversionException(
                "'" + text + "' is not a duration; write 500ms, 10s, 2m or 1h, at most " + Times.words(LONGEST));
    }

    private static Duration parse(String text) {
        if (text.endsWith("ms")) {
            return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
        }
        return Duration.parse(text.startsWith("P") ? text : "PT" + text);
    }
}
