package io.github.libvirt4j.fleet;

import io.github.libvirt4j.fleet.FleetRecord.DomainRecord;
import io.github.libvirt4j.fleet.FleetRecord.EventRecord;
import io.github.libvirt4j.fleet.FleetRecord.GapRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostRecord;
import io.github.libvirt4j.fleet.FleetRecord.Origin;
import io.github.libvirt4j.fleet.FleetRecord.RemovalRecord;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The records that wait for the sink, and the thread that hands them over. Of each state the newest waits,
/// and of events a limited number: its size does not depend on how slow the sink is. Safe for use by any
/// thread.
final class Outbox {
    private static final System.Logger LOG = System.getLogger("io.github.libvirt4j.fleet");

    /// Between two tries of what failed for want of memory.
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    /// The number of records that a sink receives at once.
    static final int BATCH = 1000;

    private final Sink sink;
    private final int limit;
    private final Retry retry;
    private final Thread writer = new Thread(this::run, "libvirt4j-fleet");

    // All guarded by this.

    /// Records, overflows and flushes, in the order of writing. The key of a state is its own, that of
    /// anything else an object.
    private final Map<Object, Object> waiting = new LinkedHashMap<>();

    /// The last overflow of each host, if no event has come after it.
    private final Map<String, Overflow> open = new HashMap<>();

    private int events;

    /// The keys of waiting domains of which no record was written or was about to be: without a record there
    /// needs to be no removal.
    private final Set<String> unborn = new HashSet<>();

    /// The records that the sink is writing, or has failed to write.
    private List<FleetRecord> batch = List.of();

    private boolean closing;
    private boolean abandoned;

    /// No write comes any more.
    private boolean written;

    /// Events in a row that found no room.
    private static final class Overflow {
        private final Origin first;
        private final int from;
        private int to;
        private final Instant lost;
        private Instant last;
        private long count;

        /// Whether a gap of unknown size is a part of it.
        private boolean uncounted;

        /// @param record the first that found no room
        Overflow(FleetRecord record) {
            first = record.origin();
            last = first.time();
            if (record instanceof GapRecord gap) {
                from = gap.gap().from();
                lost = gap.gap().lost();
            } else {
                from = first.generation();
                lost = last;
            }
            to = from;
        }

        void add(FleetRecord record) {
            last = record.origin().time();
            if (record instanceof GapRecord gap) {
                to = gap.gap().to();
                count += gap.count().orElse(0);
                uncounted |= gap.count().isEmpty();
            } else {
                count++;
            }
        }

        GapRecord record() {
            return new GapRecord(
                    first,
                    new Gap(from, to, lost, last, Gap.Cause.OVERFLOW),
                    uncounted ? OptionalLong.empty() : OptionalLong.of(count));
        }
    }

    /// @param limit the number of events that may wait
    /// @param retry the pauses after failures of the sink
    Outbox(Sink sink, int limit, Retry retry) {
        this.sink = sink;
        this.limit = limit;
        this.retry = retry;
    }

    void start() {
        writer.setDaemon(true);
        writer.start();
    }

    /// Puts a state in the place of an older one of its key. A host's goes to the end, after the domains that
    /// it is the sum of.
    synchronized void state(FleetRecord record) {
        if (record instanceof HostRecord) {
            waiting.remove(record.key());
        }
        if (record instanceof RemovalRecord && unborn.remove(record.key())) {
            waiting.remove(record.key());
        } else {
            waiting.put(record.key(), record);
        }
        notifyAll();
    }

    /// Puts the state of a domain that has no record yet.
    synchronized void added(DomainRecord record) {
        if (!waiting.containsKey(record.key())) {
            unborn.add(record.key());
        }
        state(record);
    }

    /// The states of a host and its domains that are not written yet, in the order of writing.
    synchronized List<FleetRecord> unwritten(String host) {
        List<FleetRecord> all = new ArrayList<>(batch);
        for (Object each : waiting.values()) {
            if (each instanceof FleetRecord record) {
                all.add(record);
            }
        }
        all.removeIf(record -> !record.origin().host().equals(host) || isEvent(record));
        return all;
    }

    /// Puts an event or gap behind those of the host that wait, if there is room for it.
    synchronized void event(FleetRecord record) {
        String host = record.origin().host();
        if (events < limit) {
            events++;
            open.remove(host);
            waiting.put(new Object(), record);
        } else {
            open.computeIfAbsent(host, _ -> {
                        var overflow = new Overflow(record);
                        waiting.put(overflow, overflow);
                        return overflow;
                    })
                    .add(record);
        }
        notifyAll();
    }

    /// Drops all records of a host, except those that the sink is writing.
    synchronized void drop(String host) {
        Iterator<Object> all = waiting.values().iterator();
        while (all.hasNext()) {
            Object each = all.next();
            if (each instanceof FleetRecord record && record.origin().host().equals(host)) {
                all.remove();
                events -= isEvent(record) ? 1 : 0;
                unborn.remove(record.key());
            } else if (each instanceof Overflow overflow
                    && overflow.first.host().equals(host)) {
                all.remove();
                open.remove(host, overflow);
            }
        }
        batch = batch.stream()
                .filter(record -> !record.origin().host().equals(host))
                .toList();
    }

    private static boolean isEvent(FleetRecord record) {
        return record instanceof EventRecord || record instanceof GapRecord;
    }

    /// Waits until all that waits now is written.
    boolean flush(Duration limit) throws InterruptedException {
        var flushed = new CountDownLatch(1);
        synchronized (this) {
            waiting.put(flushed, flushed);
            notifyAll();
        }
        return flushed.await(TimeUnit.NANOSECONDS.convert(limit), TimeUnit.NANOSECONDS);
    }

    /// Writes what waits, if the sink does not need longer than the limit, and nothing after it, and closes
    /// the sink. A sink that fails is asked once more. An interrupt does not shorten the wait.
    void close(Duration limit) {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        if (writer.getState() == Thread.State.NEW) {
            // There was no thread for it.
            closeSink();
            return;
        }
        if (!Threads.join(writer, limit)) {
            abandon();
            // A write that does not let itself be interrupted goes on.
            boolean _ = Threads.join(writer, Duration.ofSeconds(1));
        }
        if (isWritten()) {
            boolean _ = Threads.join(writer, Threads.FOR_EVER);
        }
    }

    private synchronized boolean isWritten() {
        return written;
    }

    private synchronized void abandon() {
        if (written) {
            // Nobody interrupts the closing of the sink.
            return;
        }
        abandoned = true;
        int unwritten = waiting.size() + batch.size();
        if (unwritten > 0) {
            LOG.log(System.Logger.Level.WARNING, "{0} records were not written before the fleet was closed", unwritten);
        }
        writer.interrupt();
    }

    /// The sink is closed on this thread, so that no other write goes on, however long the last one takes.
    private void run() {
        writeAll();
        synchronized (this) {
            written = true;
            // The interrupt was for the write.
            boolean _ = Thread.interrupted();
        }
        closeSink();
    }

    private void closeSink() {
        try {
            sink.close();
        } catch (Throwable t) {
            LOG.log(System.Logger.Level.WARNING, "The sink was not closed", t);
        }
    }

    private void writeAll() {
        List<CountDownLatch> flushes = new ArrayList<>();
        while (true) {
            try {
                while (take(flushes)) {
                    write();
                    flushes.forEach(CountDownLatch::countDown);
                    flushes.clear();
                }
                return;
            } catch (InterruptedException e) {
                // The end: only close() interrupts.
                return;
            } catch (Throwable t) {
                // There is no memory, and may be some again. What was taken is in the batch.
                LockSupport.parkNanos(PAUSE);
            }
        }
    }

    /// Takes the next batch, unless one is still to be written.
    ///
    /// @return false if there is none, and comes none
    private synchronized boolean take(List<CountDownLatch> flushes) throws InterruptedException {
        while (batch.isEmpty() && waiting.isEmpty()) {
            if (closing) {
                return false;
            }
            wait();
        }
        if (abandoned) {
            return false;
        }
        if (!batch.isEmpty()) {
            return true;
        }
        batch = new ArrayList<>(BATCH);
        Iterator<Object> all = waiting.values().iterator();
        while (all.hasNext() && batch.size() < BATCH) {
            Object each = all.next();
            // Removed at last: all else can fail for want of memory.
            if (each instanceof FleetRecord record) {
                if (record instanceof DomainRecord) {
                    // An event has the key of its domain, whose record can wait for a later batch.
                    unborn.remove(record.key());
                }
                batch.add(record);
                all.remove();
                events -= isEvent(record) ? 1 : 0;
            } else if (each instanceof Overflow overflow) {
                batch.add(overflow.record());
                all.remove();
                open.remove(overflow.first.host(), overflow);
            } else if (each instanceof CountDownLatch flush) {
                flushes.add(flush);
                all.remove();
            }
        }
        return true;
    }

    private synchronized List<FleetRecord> batch() {
        return List.copyOf(batch);
    }

    private void write() throws InterruptedException {
        int failures = 0;
        boolean last = false;
        while (true) {
            List<FleetRecord> records = batch();
            Throwable failure = records.isEmpty() ? null : failure(records);
            synchronized (this) {
                if (failure == null) {
                    batch = List.of();
                    return;
                }
                if (last && !abandoned) {
                    abandon();
                }
                if (abandoned) {
                    throw new InterruptedException();
                }
                if (failures == 0) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "The sink did not write records; they are handed over again until it does",
                            failure);
                }
                pause(retry.pause(failures++, ThreadLocalRandom.current()));
                last = closing;
            }
        }
    }

    private @Nullable Throwable failure(List<FleetRecord> records) {
        try {
            sink.write(records);
            return null;
        } catch (Throwable t) {
            return t;
        }
    }

    /// Until the time is over, or the fleet is closed.
    private void pause(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        boolean before = closing;
        for (long left = time.toNanos(); left > 0 && closing == before; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
