package io.github.libvirt4j.cli;

import java.util.Locale;

/// A number of bytes, printed with a unit; in JSON the number.
///
/// @param bytes an unsigned number
record Size(long bytes) {
    static Size ofKib(long kib) {
        return new Size(kib * 1024);
    }

    @Override
    public String toString() {
        if (bytes >= 0 && bytes < 1024) {
            return bytes + " B";
        }
        double value = (bytes >>> 1) * 2.0 + (bytes & 1);
        int unit = -1;
        do {
            value /= 1024;
            unit++;
        } while (value >= 1024 && unit < 4);
        return String.format(Locale.ROOT, "%.1f %siB", value, "KMGTP".charAt(unit));
    }
}
