package io.github.libvirt4j.fleet;

import com.google.gson.JsonElement;
import com.google.gson.JsonIOException;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import io.github.libvirt4j.fleet.FleetRecord.DomainRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostStatus;
import io.github.libvirt4j.fleet.FleetRecord.RemovalRecord;
import io.github.libvirt4j.link.DomainView;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The states that a sink has written, in a file that outlives the process. A thread replaces the file after
/// changes, by another one that is complete: at most once a second, and if that takes long, with pauses of up
/// to five seconds. Safe for use by any thread.
class StateFile {
    private static final System.Logger LOG = System.getLogger("io.github.libvirt4j.fleet");
    private static final long VERSION = 1;
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /// The pause after a save, as a multiple of its time, between the shortest and the longest.
    private static final int PAUSE = 20;

    /// Links in a row before they count as a loop, as in Linux.
    private static final int LINKS = 40;

    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path file;
    private final Thread saver = new Thread(this::saveAll, "libvirt4j-fleet-state");

    /// Holds the lock of [#open] until it is closed.
    private @Nullable StateLock lock;

    /// Whether the last try failed. Of the saver only.
    private boolean failing;

    // All guarded by this.
    private final Map<String, Entry> hosts = new TreeMap<>();
    private long epoch;
    private boolean changed;
    private boolean closing;

    /// A host, as the last record of it tells.
    private static final class Entry {
        private HostStatus status = HostStatus.DOWN;
        private final Map<UUID, DomainView> domains = new HashMap<>();
    }

    /// Takes the file for one fleet, until it is closed, and reads it. A link stays, and the file that it
    /// names is replaced.
    ///
    /// @throws IllegalArgumentException if it is no state file
    /// @throws IOException if it cannot be read, or another fleet has it, in this process or another
    static StateFile open(Path file) throws IOException {
        Path target = target(file);
        StateLock lock = StateLock.take(target);
        boolean isOpen = false;
        try {
            var state = new StateFile(target);
            state.lock = lock;
            isOpen = true;
            return state;
        } finally {
            if (!isOpen) {
                lock.close();
            }
        }
    }

    /// Follows links to a file that may be missing, which [Path#toRealPath] refuses.
    private static Path target(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(target); links++) {
            if (links == LINKS) {
                throw new FileSystemLoopException(file.toString());
            }
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        return target;
    }

    /// Reads the file, if there is one, and locks nothing.
    ///
    /// @throws IllegalArgumentException if it is no state file
    /// @throws IOException if it cannot be read
    StateFile(Path file) throws IOException {
        this.file = file.toAbsolutePath();
        long version = Files.exists(this.file) ? read() : VERSION;
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    this.file + " is of version " + version + "; this program reads version " + VERSION);
        }
    }

    void start() {
        saver.setDaemon(true);
        saver.start();
    }

    /// @return the version of the file; of another than ours nothing is read
    private long read() throws IOException {
        long version;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            JsonObject root = JsonParser.parseReader(reader).getAsJsonObject();
            version = root.get("version").getAsLong();
            if (version != VERSION) {
                return version;
            }
            epoch = root.get("epoch").getAsLong();
            for (Map.Entry<String, JsonElement> each :
                    root.getAsJsonObject("hosts").entrySet()) {
                JsonObject host = each.getValue().getAsJsonObject();
                var entry = new Entry();
                entry.status = HostStatus.valueOf(host.get("status").getAsString());
                for (JsonElement domain : host.getAsJsonArray("domains")) {
                    DomainView view = CloudEvents.domain(domain.getAsJsonObject());
                    entry.domains.put(view.domain().uuid(), view);
                }
                hosts.put(each.getKey(), entry);
            }
        } catch (RuntimeException e) {
            // The content is not known then, and no reason to delete the file. Text that is not UTF-8 is.
            if (e instanceof JsonIOException
                    && e.getCause() instanceof IOException cause
                    && !(cause instanceof CharacterCodingException)) {
                throw new IOException(file + " cannot be read: " + cause.getMessage(), cause);
            }
            throw new IllegalArgumentException(
                    file + " is no state file of a fleet; delete it to start without knowledge", e);
        }
        return version;
    }

    /// The largest epoch of all records.
    synchronized long epoch() {
        return epoch;
    }

    /// The state of a host that the records tell.
    synchronized Known known(String host) {
        Entry entry = hosts.get(host);
        return entry == null ? Known.NOTHING : new Known(entry.domains.values(), Optional.of(entry.status));
    }

    /// The hosts of which the last record tells that they are watched.
    synchronized List<String> watched() {
        return hosts.entrySet().stream()
                .filter(each -> each.getValue().status != HostStatus.UNWATCHED)
                .map(Map.Entry::getKey)
                .toList();
    }

    /// A sink has written records.
    @SuppressWarnings("IfChainToSwitch")
    synchronized void written(List<FleetRecord> records) {
        for (FleetRecord record : records) {
            epoch = Math.max(epoch, record.origin().epoch());
            if (record instanceof DomainRecord domain) {
                DomainView view = domain.now();
                of(record).domains.put(view.domain().uuid(), view);
            } else if (record instanceof RemovalRecord removal) {
                of(record).domains.remove(removal.last().domain().uuid());
            } else if (record instanceof HostRecord host) {
                of(record).status = host.status();
            } else {
                continue;
            }
            changed = true;
        }
        notifyAll();
    }

    private Entry of(FleetRecord record) {
        return hosts.computeIfAbsent(record.origin().host(), _ -> new Entry());
    }

    private void saveAll() {
        boolean isOver = false;
        while (!isOver) {
            try {
                while (await()) {
                    long begun = System.nanoTime();
                    trySave();
                    pause(pauseAfter(System.nanoTime() - begun));
                }
                isOver = true;
            } catch (InterruptedException e) {
                // Nobody interrupts it.
                Thread.currentThread().interrupt();
                isOver = true;
            } catch (Throwable t) {
                // There was no memory for the warning either.
                LockSupport.parkNanos(SHORTEST_PAUSE.toNanos());
            }
        }
    }

    static long pauseAfter(long nanos) {
        return Math.clamp(PAUSE * nanos, SHORTEST_PAUSE.toNanos(), LONGEST_PAUSE.toNanos());
    }

    /// @return false at the end
    private synchronized boolean await() throws InterruptedException {
        while (!changed && !closing) {
            wait();
        }
        return changed;
    }

    private synchronized void pause(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !closing; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private void trySave() {
        boolean isLast = isClosing();
        try {
            save();
            failing = false;
        } catch (Throwable t) {
            // An Error is no end either, such as one for want of memory: no other thread saves.
            boolean isNew = !failing || isLast;
            failing = true;
            failed(isLast);
            if (isNew) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        file + " was not written" + (isLast ? ", and is out of date" : "; other tries follow"),
                        t);
            }
        }
    }

    private synchronized boolean isClosing() {
        return closing;
    }

    private synchronized void failed(boolean isLast) {
        changed = !isLast;
    }

    /// The file is on the disk before it has its name: after a crash there is the old one or the new one.
    void save() throws IOException {
        List<Map.Entry<String, Entry>> copies = new ArrayList<>();
        long last;
        synchronized (this) {
            changed = false;
            last = epoch;
            hosts.forEach((name, entry) -> {
                var copy = new Entry();
                copy.status = entry.status;
                copy.domains.putAll(entry.domains);
                copies.add(Map.entry(name, copy));
            });
        }
        Path next = file.resolveSibling("." + file.getFileName() + ".libvirt4j-new");
        // A process that was killed has left it: no other fleet has the file.
        Files.deleteIfExists(next);
        try {
            try (FileChannel channel = FileChannel.open(
                    next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
                var text = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
                var writer = new JsonWriter(new JsonText(text));
                write(writer, last, copies);
                writer.flush();
                channel.force(true);
            }
            if (Files.exists(file)) {
                copyRights(next);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private void copyRights(Path to) throws IOException {
        PosixFileAttributes now = Files.readAttributes(file, PosixFileAttributes.class);
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        permissions.addAll(now.permissions());
        try {
            Files.setOwner(to, now.owner());
        } catch (FileSystemException e) {
            // Only root gives files to others.
        }
        try {
            Files.setAttribute(to, "posix:group", now.group());
        } catch (FileSystemException e) {
            // Another group may not what that one may.
            permissions.removeIf(each -> each.name().startsWith("GROUP_"));
        }
        Files.setPosixFilePermissions(to, permissions);
    }

    private static void write(JsonWriter writer, long epoch, List<Map.Entry<String, Entry>> hosts) throws IOException {
        writer.beginObject();
        writer.name("version").value(VERSION);
        writer.name("epoch").value(epoch);
        writer.name("hosts").beginObject();
        for (Map.Entry<String, Entry> each : hosts) {
            writer.name(each.getKey()).beginObject();
            writer.name("status").value(each.getValue().status.name());
            writer.name("domains").beginArray();
            for (DomainView view : each.getValue().domains.values()) {
                writer.beginObject();
                CloudEvents.domain(writer, view);
                writer.endObject();
            }
            writer.endArray();
            writer.endObject();
        }
        writer.endObject();
        writer.endObject();
    }

    /// Writes the file once more, if there are changes, and leaves it to other fleets.
    void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        boolean _ = Threads.join(saver, Threads.FOR_EVER);
        if (lock != null) {
            lock.close();
        }
    }
}
