package io.github.libvirt4j.observe;

import io.github.libvirt4j.internal.Observers;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds handlers, and an event loop, that are at work for longer than a limit, and tells of each once, with
/// its stack. Calls have a time limit of their own
/// ([Opening#callTimeout][io.github.libvirt4j.Opening#callTimeout]). Safe for use by any thread.
///
/// ```java
/// Watchdog watchdog = Watchdog.start(Duration.ofSeconds(10), stuck -> log.warn("{}", stuck));
/// ```
///
/// A watchdog is an [Observer]: while one is there, calls and events pay for being observed. It asks the
/// event loop for a turn four times within the limit, or once a second if that is less often, and tells all
/// observers how long the loop took ([Observer#loopTurned]).
public final class Watchdog implements Observer, AutoCloseable {
    private static final int LOOKS = 4;
    private static final Duration SHORTEST_LIMIT = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /// Something that is stuck.
    ///
    /// @param what its description
    /// @param since the time for which it has been at work
    /// @param thread the thread it runs on; null if it is not known, as of an event loop of another library
    /// @param stack where the thread is; empty if there is no thread
    public record Stuck(
            String what, Duration since, @Nullable Thread thread, List<StackTraceElement> stack) {
        /// The stack is copied.
        public Stuck {
            stack = List.copyOf(stack);
        }

        /// A message, and the stack in the lines that follow.
        @Override
        public String toString() {
            var text = new StringBuilder(what)
                    .append(" is at work for ")
                    .append(since.toMillis())
                    .append(" ms");
            if (thread != null) {
                text.append(", on thread ").append(thread.getName());
            }
            stack.forEach(
                    frame -> text.append(System.lineSeparator()).append("\tat ").append(frame));
            return text.toString();
        }
    }

    private final long limit;
    private final long pause;
    private final Consumer<Stuck> handler;
    /// At work, and not told of.
    private final Set<Handling> running = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    private Watchdog(Duration limit, Consumer<Stuck> handler) {
        this.limit = TimeUnit.NANOSECONDS.convert(limit);
        this.pause = Math.min(this.limit / LOOKS, LONGEST_PAUSE.toNanos());
        this.handler = handler;
    }

    /// Starts a watchdog.
    ///
    /// @param limit the time after which something is stuck: 10 ms or longer. The lag of the loop is measured
    ///     also with `ChronoUnit.FOREVER.getDuration()`, with which nothing is stuck
    /// @param handler is told, on the watchdog's thread. Its exceptions go to the uncaught handler
    ///     ([Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler])
    /// @throws IllegalArgumentException if the limit is shorter
    public static Watchdog start(Duration limit, Consumer<Stuck> handler) {
        Objects.requireNonNull(handler, "handler");
        if (limit.compareTo(SHORTEST_LIMIT) < 0) {
            throw new IllegalArgumentException(
                    "A watchdog's limit of " + limit + "; it must be " + SHORTEST_LIMIT + " or longer");
        }
        var watchdog = new Watchdog(limit, handler);
        Workers.thread("libvirt4j-watchdog", watchdog::run).start();
        Observers.add(watchdog);
        return watchdog;
    }

    /// Ends the watchdog. It tells of nothing more, except what it is telling at the moment.
    @Override
    public void close() {
        Observers.remove(this);
        closed.countDown();
    }

    @Override
    public void handling(Handling handling) {
        running.add(handling);
    }

    @Override
    public void handled(Handling handling, @Nullable Throwable thrown) {
        running.remove(handling);
    }

    private void run() {
        while (closed.getCount() > 0) {
            try {
                if (ProcessLoop.isStarted()) {
                    awaitTurn(System.nanoTime(), ProcessLoop.nextTurn());
                }
                closed.await(pause, TimeUnit.NANOSECONDS);
                tellOfHandlers();
            } catch (InterruptedException e) {
                // Nobody has a reason to: close() ends it.
            } catch (Throwable t) {
                Uncaught.report("a watchdog", t);
            }
        }
    }

    private void awaitTurn(long asked, CountDownLatch turn) throws InterruptedException {
        boolean told = false;
        while (!turn.await(pause, TimeUnit.NANOSECONDS)) {
            if (closed.getCount() == 0) {
                return;
            }
            long nanos = System.nanoTime() - asked;
            if (!told && nanos >= limit) {
                told = true;
                tell("the event loop", nanos, ProcessLoop.caller());
            }
            tellOfHandlers();
        }
        var lag = Duration.ofNanos(System.nanoTime() - asked);
        Observers.tell(observer -> observer.loopTurned(lag));
    }

    private void tellOfHandlers() {
        for (Handling handling : List.copyOf(running)) {
            long nanos = handling.nanos();
            if (nanos >= limit && running.remove(handling)) {
                tell(handling.toString(), nanos, handling.thread());
            }
        }
    }

    private void tell(String what, long nanos, @Nullable Thread thread) {
        List<StackTraceElement> stack = thread == null ? List.of() : List.of(thread.getStackTrace());
        try {
            handler.accept(new Stuck(what, Duration.ofNanos(nanos), thread, stack));
        } catch (Throwable t) {
            Uncaught.report("a watchdog", t);
        }
    }
}
