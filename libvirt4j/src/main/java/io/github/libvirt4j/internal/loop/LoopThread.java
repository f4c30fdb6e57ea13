package io.github.libvirt4j.internal.loop;

import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.callback.Uncaught;

/// The thread that an event loop of the library's runs on, for as long as the process lives.
public final class LoopThread {
    private LoopThread() {}

    /// Starts it.
    ///
    /// @param turn of the loop, done again and again, whatever it throws
    public static Thread start(Runnable turn) {
        Thread thread = Workers.thread("libvirt4j-events", () -> run(turn));
        thread.start();
        return thread;
    }

    @SuppressWarnings("EmptyCatch") // Nothing ends the loop.
    private static void run(Runnable turn) {
        while (true) {
            try {
                turnOnce(turn);
            } catch (Throwable t) {
                // There is no memory to report it, or to wait.
            }
        }
    }

    private static void turnOnce(Runnable turn) {
        try {
            turn.run();
        } catch (Throwable t) {
            Uncaught.report("the event loop", t);
            pause();
        }
    }

    /// Between two failures, so that a loop which cannot run does not use up a processor.
    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            // Nothing ends the loop.
        }
    }
}
