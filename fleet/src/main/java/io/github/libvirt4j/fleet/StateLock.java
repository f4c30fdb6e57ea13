package io.github.libvirt4j.fleet;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Keeps a state file for one fleet, of all processes. It is a lock on a file beside the state file, which
/// itself is replaced. The lock ends with the process; the file stays.
final class StateLock implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.github.libvirt4j.fleet");

    /// The locked files of this process. A lock of POSIX is the process's, and is gone as soon as the process
    /// closes the file anywhere: so no second fleet even opens it.
    private static final Set<Path> TAKEN = ConcurrentHashMap.newKeySet();

    private final Path beside;
    private final FileChannel channel;

    private StateLock(Path beside, FileChannel channel) {
        this.beside = beside;
        this.channel = channel;
    }

    /// @throws IOException if another fleet has the file, or the one beside it cannot be written
    static StateLock take(Path file) throws IOException {
        Path folder = Objects.requireNonNull(file.getParent(), "a file is in a folder");
        Path beside = folder.toRealPath().resolve(file.getFileName() + ".lock");
        if (TAKEN.add(beside)) {
            StateLock lock = null;
            try {
                lock = locked(beside);
            } finally {
                if (lock == null) {
                    TAKEN.remove(beside);
                }
            }
            if (lock != null) {
                return lock;
            }
        }
        throw new IOException(file + " is the state file of another fleet that runs; each needs one of its own");
    }

    /// @return null if another process has it
    private static @Nullable StateLock locked(Path beside) throws IOException {
        FileChannel channel = FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean isLocked = false;
        try {
            isLocked = channel.tryLock() != null;
        } finally {
            if (!isLocked) {
                channel.close();
            }
        }
        return isLocked ? new StateLock(beside, channel) : null;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, beside + " was not closed", e);
        }
        TAKEN.remove(beside);
    }
}
