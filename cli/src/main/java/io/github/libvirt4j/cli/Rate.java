package io.github.libvirt4j.cli;

/// Bytes per second, printed with a unit; in JSON the number.
///
/// @param bytes per second
record Rate(long bytes) {
    @Override
    public String toString() {
        return new Size(bytes) + "/s";
    }
}
