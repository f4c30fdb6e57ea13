package io.github.libvirt4j.fleet;

import java.io.IOException;
import java.util.List;

/// Receives the records of a [Fleet] and writes them.
///
/// The fleet calls one method at a time, on a thread of its own, and a sink may block. While it does, the
/// fleet keeps the newest state of each domain and host, and a limited number of events; the events that it
/// has no room for become a [FleetRecord.GapRecord] with their number. A sink does not close its fleet, which
/// would wait for it.
@FunctionalInterface
public interface Sink extends AutoCloseable {
    /// Writes records, in their order, and returns when they are written: a sink that only buffers them
    /// breaks the promise that each record is written at least once.
    ///
    /// @param records one at least, of any hosts
    /// @throws Exception if not all were written. The fleet hands over the same records again after a pause,
    ///     those of lost hosts excepted
    void write(List<FleetRecord> records) throws Exception;

    /// Closes the sink. The fleet calls this when it is closed itself, after the last `write` has returned,
    /// and on the thread of the writes. Default: does nothing.
    ///
    /// @throws IOException is logged, as any other exception is
    @Override
    default void close() throws IOException {}
}
