package io.github.libvirt4j.it.soak;

import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.it.Footprint;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/// What there is at one moment.
///
/// @param seconds since the beginning
/// @param done operations so far, and `failed` those that had to fail
/// @param operations by name: how often they were done, and how often they failed, as they had to; empty in
///     all but the last, as they would be most of the heap whose growth is looked at
record Sample(
        double seconds,
        long closuresOnLoan,
        long handlesOpen,
        long callsAbandoned,
        Footprint footprint,
        long done,
        long failed,
        Map<String, long[]> operations) {
    static Sample take(long begin, Mix mix) throws IOException {
        Footprint footprint = Footprint.now();
        Map<String, long[]> operations = new TreeMap<>();
        mix.counts().forEach((name, count) -> operations.put(name, new long[] {count.done.sum(), count.failed.sum()}));
        return new Sample(
                (System.nanoTime() - begin) / 1e9,
                Libvirt.closuresOnLoan(),
                Libvirt.handlesOpen(),
                Libvirt.callsAbandoned(),
                footprint,
                operations.values().stream().mapToLong(both -> both[0]).sum(),
                operations.values().stream().mapToLong(both -> both[1]).sum(),
                operations);
    }

    /// How often that was done.
    long done(String operation) {
        long[] both = operations.get(operation);
        return both == null ? 0 : both[0];
    }

    Sample withoutOperations() {
        return new Sample(seconds, closuresOnLoan, handlesOpen, callsAbandoned, footprint, done, failed, Map.of());
    }

    @Override
    public String toString() {
        return String.format(
                "%5.0f s: %,d done, %,d failed as they had to; %d on loan, %d handles, %d calls abandoned, %d threads, "
                        + "%d file descriptors; %.1f MB heap, %.1f MB of C's, %.1f MB of the VM's, %.1f MB resident",
                seconds,
                done,
                failed,
                closuresOnLoan,
                handlesOpen,
                callsAbandoned,
                footprint.threads(),
                footprint.files(),
                footprint.heap() / 1e6,
                footprint.allocatedByLibraries() / 1e6,
                footprint.allocatedByVm() / 1e6,
                footprint.resident() / 1e6);
    }
}
