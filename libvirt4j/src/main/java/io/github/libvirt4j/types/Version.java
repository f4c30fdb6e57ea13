package io.github.libvirt4j.types;

/// A version of libvirt or of a hypervisor. C encodes it as `major * 1000000 + minor * 1000 + micro`.
/// Immutable, safe for use by any thread.
///
/// @param major the major number
/// @param minor the minor number
/// @param micro the micro number
public record Version(int major, int minor, int micro) implements Comparable<Version> {
    /// Returns the version that C's number encodes.
    public static Version of(long number) {
        return new Version((int) (number / 1_000_000), (int) (number / 1_000 % 1_000), (int) (number % 1_000));
    }

    @Override
    public int compareTo(Version other) {
        int order = Integer.compare(major, other.major);
        if (order == 0) {
            order = Integer.compare(minor, other.minor);
        }
        return order == 0 ? Integer.compare(micro, other.micro) : order;
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + micro;
    }
}
