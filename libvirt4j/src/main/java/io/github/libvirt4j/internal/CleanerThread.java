package io.github.libvirt4j.internal;

import io.github.libvirt4j.internal.c.NativeObject;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import org.jspecify.annotations.Nullable;

/// The thread that closes what was forgotten, and tries what could not be done. It lives from the first
/// connection or registration until the process ends, as a process whose memory is full can start no thread.
public final class CleanerThread {
    /// The [NativeObject]s whose handle was collected.
    public static final ReferenceQueue<Object> FORGOTTEN = new ReferenceQueue<>();

    /// Between two attempts of a [Duty].
    private static final long PAUSE_MILLIS = 100;

    /// So many are closed by who makes one: makers cannot outrun the closing.
    private static final int SHARE = 4;

    private static volatile @Nullable Thread thread;

    private CleanerThread() {}

    /// Starts it, if that has not happened yet.
    public static void ensure() {
        if (thread == null) {
            start();
        }
    }

    private static synchronized void start() {
        if (thread == null) {
            Thread started = Workers.thread("libvirt4j-cleaner", CleanerThread::run);
            started.start();
            thread = started;
        }
    }

    /// A duty is due.
    public static void wake() {
        Thread woken = thread;
        if (woken != null) {
            woken.interrupt();
        }
    }

    /// Whether it is this one.
    @SuppressWarnings("ReferenceEquality")
    public static boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @SuppressWarnings("EmptyCatch") // A failed duty is due again, or was reported; the thread continues.
    private static void run() {
        while (true) {
            try {
                turn();
            } catch (Throwable t) {
                // A duty is due, or there is no memory.
            }
        }
    }

    private static void turn() throws InterruptedException {
        boolean dutiesLeft = Duty.tryAll();
        boolean releasesLeft = NativeObject.releaseAgain();
        close(dutiesLeft || releasesLeft ? FORGOTTEN.remove(PAUSE_MILLIS) : FORGOTTEN.remove());
    }

    /// A share of the work, for a thread that makes handles.
    public static void help() {
        for (int i = 0; i < SHARE; i++) {
            Reference<?> forgotten = FORGOTTEN.poll();
            if (forgotten == null) {
                return;
            }
            close(forgotten);
        }
    }

    private static void close(@Nullable Reference<?> forgotten) {
        if (forgotten instanceof NativeObject object) {
            object.close();
        }
    }
}
