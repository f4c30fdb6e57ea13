package io.github.libvirt4j.cli;

import java.util.Locale;

/// A share in percent; of processors, so that it can exceed 100.
///
/// @param value in percent
record Percent(double value) {
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.1f%%", value);
    }
}
