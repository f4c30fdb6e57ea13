package io.github.libvirt4j.types;

import java.util.Comparator;

/// A version of libvirt or of a hypervisor, which C counts as `major * 1000000 + minor * 1000 + micro`.
///
/// @param major the first number
/// @param minor the second number
/// @param micro the third number
public record Version(int major, int minor, int micro) implements Comparable<Version> {
    private static final Comparator<Version> ORDER = Comparator.comparingInt(Version::major)
            .thenComparingInt(Version::minor)
            .thenComparingInt(Version::micro);

    /// The version C's number stands for.
    public static Version of(long number) {
        return new Version((int) (number / 1_000_000), (int) (number / 1_000 % 1_000), (int) (number % 1_000));
    }

    @Override
    public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + micro;
    }
}
