package io.github.libvirt4j.support;

import io.github.libvirt4j.loop.EventLoopImplementation;
import io.github.libvirt4j.loop.LoopHandle;
import io.github.libvirt4j.loop.LoopTimeout;
import io.github.libvirt4j.types.EventHandleType;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// An event loop as a program has one already, for libvirt to run on: timeouts on an executor, and file
/// descriptors on a thread that polls.
public final class ExecutorLoop implements EventLoopImplementation {
    private static final MethodHandle POLL = poll();
    private static final int POLL_IN = 1;
    private static final int POLL_OUT = 4;
    private static final int POLL_ERROR = 8 | 32; // Of an invalid file descriptor, too.
    private static final int POLL_HANGUP = 16;

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(ExecutorLoop::thread);
    private final Map<LoopHandle, Integer> handles = new ConcurrentHashMap<>();
    private final Pipe changes = new Pipe();

    public ExecutorLoop() {
        thread(this::pollForEver).start();
    }

    private static Thread thread(Runnable task) {
        return Thread.ofPlatform().daemon().name("the user's loop").unstarted(task);
    }

    @Override
    public void addHandle(LoopHandle handle, int events) {
        handles.put(handle, events);
        changes.write();
    }

    @Override
    public void updateHandle(LoopHandle handle, int events) {
        handles.computeIfPresent(handle, (_, _) -> events);
        changes.write();
    }

    @Override
    public void removeHandle(LoopHandle handle) {
        handles.remove(handle);
        changes.write();
    }

    @Override
    public void addTimeout(LoopTimeout timeout, int millis) {
        if (millis >= 0) {
            // It has no turns: for "every turn" it takes every millisecond.
            timeout.attach(executor.scheduleWithFixedDelay(
                    timeout::expired, millis, Math.max(1, millis), TimeUnit.MILLISECONDS));
        }
    }

    @Override
    public synchronized void updateTimeout(LoopTimeout timeout, int millis) {
        removeTimeout(timeout);
        addTimeout(timeout, millis);
    }

    @Override
    public void removeTimeout(LoopTimeout timeout) {
        if (timeout.attachment() instanceof ScheduledFuture<?> future) {
            timeout.attach(null);
            future.cancel(false);
        }
    }

    private void pollForEver() {
        while (true) {
            List<LoopHandle> polled = new ArrayList<>();
            try (Arena arena = Arena.ofConfined()) {
                Map<LoopHandle, Integer> now = Map.copyOf(handles);
                MemorySegment fds = arena.allocate(8L * (now.size() + 1), 8);
                put(fds, 0, changes.readEnd(), POLL_IN);
                for (Map.Entry<LoopHandle, Integer> each : now.entrySet()) {
                    if (each.getValue() != 0) {
                        polled.add(each.getKey());
                        put(fds, polled.size(), each.getKey().fd(), toPoll(each.getValue()));
                    }
                }
                poll(fds, polled.size() + 1);
                if (found(fds, 0) != 0) {
                    changes.read();
                }
                for (int i = 0; i < polled.size(); i++) {
                    LoopHandle handle = polled.get(i);
                    int events = fromPoll(found(fds, i + 1));
                    // What was called before it in this turn can have changed what it waits for.
                    if (events != 0 && handles.getOrDefault(handle, 0) != 0) {
                        handle.ready(events);
                    }
                }
            }
        }
    }

    private static void put(MemorySegment fds, int index, int fd, int events) {
        fds.set(ValueLayout.JAVA_INT, 8L * index, fd);
        fds.set(ValueLayout.JAVA_SHORT, 8L * index + 4, (short) events);
    }

    private static int found(MemorySegment fds, int index) {
        return fds.get(ValueLayout.JAVA_SHORT, 8L * index + 6);
    }

    private static int toPoll(int events) {
        return ((events & EventHandleType.READABLE.bits()) != 0 ? POLL_IN : 0)
                | ((events & EventHandleType.WRITABLE.bits()) != 0 ? POLL_OUT : 0);
    }

    private static int fromPoll(int events) {
        return ((events & POLL_IN) != 0 ? EventHandleType.READABLE.bits() : 0)
                | ((events & POLL_OUT) != 0 ? EventHandleType.WRITABLE.bits() : 0)
                | ((events & POLL_ERROR) != 0 ? EventHandleType.ERROR.bits() : 0)
                | ((events & POLL_HANGUP) != 0 ? EventHandleType.HANGUP.bits() : 0);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle poll() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("poll"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    }

    private static void poll(MemorySegment fds, int count) {
        try {
            int _ = (int) POLL.invokeExact(fds, (long) count, -1);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}
