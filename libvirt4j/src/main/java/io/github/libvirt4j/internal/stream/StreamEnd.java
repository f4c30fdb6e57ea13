package io.github.libvirt4j.internal.stream;

import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamAbort;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamFinish;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamFree;

import io.github.libvirt4j.internal.Log;
import io.github.libvirt4j.internal.VmExit;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.c.ErrorCallback;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.internal.call.HandlerScope;
import io.github.libvirt4j.internal.event.CloseWatch;
import io.github.libvirt4j.internal.event.EventSink;
import io.github.libvirt4j.internal.event.ReadyListener;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// How far a stream is, and how it comes to its end: taken back its callback, a turn of the loop, finished
/// or aborted, freed. Knows nothing of the handle, which may be forgotten. Safe for use by any thread.
///
/// A stream inside this process is not to be ended while it is used: libvirt would read freed memory. One
/// to a daemon can be, and that is how a call comes back that waits for data.
public final class StreamEnd implements NativeObject.Release {
    private enum State {
        UNUSED("nothing goes over it yet; give it to a console, a download, … first"),
        OPEN("it is used already; each thing needs a stream of its own"),
        SENT(OPEN.words),
        /// Of a console or a channel, which has no end to be waited for: what was sent is never unfinished.
        CONVERSATION(OPEN.words),
        INCOMPLETE("a call on it was abandoned, and how much of its data went over is not known; abort or close it"),
        FINISHED("it was finished"),
        ABORTED("it was aborted, or failed"),
        CUT_OFF("it was closed before it was finished");

        private final String words;

        State(String words) {
            this.words = words;
        }

        /// Whether data can flow.
        boolean isOpen() {
            return this == OPEN || this == SENT || this == CONVERSATION;
        }

        /// Whether libvirt has neither finished nor aborted what goes over it.
        boolean isUnderWay() {
            return isOpen() || this == INCOMPLETE;
        }

        /// Whether data was sent, and its sender neither knows that it arrived nor that it may not have.
        boolean isUnfinished() {
            return this == SENT || this == CUT_OFF;
        }
    }

    private final NativeObject connection;
    private final CloseWatch closeWatch;
    private final StreamWatch watch = new StreamWatch();

    /// Not on the thread that tells: it may be in the middle of a call on the connection.
    private final EventSink brokenOff = _ -> Workers.execute(() -> watch().brokenOff());

    private final AtomicReference<State> state = new AtomicReference<>(State.UNUSED);

    /// Somebody closes the handle, and is told what is lost by that.
    private final AtomicBoolean closing = new AtomicBoolean();

    /// Held by whoever takes the callback back: the second waits for the turn of the loop, too.
    private final VmExit.HeldLock takingBack = new VmExit.HeldLock();

    /// The callback was taken back, and the loop has not turned since; guarded by that.
    private boolean owesTurn;

    /// The last who used it. There can be others.
    private volatile @Nullable Thread user;

    /// Shared by calls; not so while something is given to the stream.
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

    /// Shared with calls only where a stream can be ended in use.
    private final Lock ending;

    /// @param connection it came from
    /// @param closeWatch reports that the connection broke off
    /// @param abortableInUse whether it can be aborted while calls are in flight
    public StreamEnd(NativeObject connection, CloseWatch closeWatch, boolean abortableInUse) {
        this.connection = connection;
        this.closeWatch = closeWatch;
        this.ending = abortableInUse ? use.readLock() : use.writeLock();
    }

    public StreamWatch watch() {
        return watch;
    }

    /// Adds one who waits for the stream to become ready. libvirt does not tell streams that their
    /// connection broke off: that is a hangup.
    ///
    /// @param check sees what C returned, at once
    /// @return the same: negative if it refused
    public int await(MemorySegment pointer, ReadyListener listener, ObjIntConsumer<String> check) {
        int result = watch.add(pointer, listener, check);
        if (result < 0) {
            return result;
        }
        result = -1;
        try {
            result = closeWatch.add(connection.pointer(), brokenOff, check);
            return result;
        } finally {
            if (result < 0) {
                watch.remove(listener);
            }
        }
    }

    /// Asks early to be told that the connection broke off, which the first time can ask the other side: a
    /// wait for data has no time for that. Where it is refused, the wait is told.
    public void awaitEndOfConnection() {
        try (HandlerScope _ = ErrorCallback.quietly()) {
            int _ = closeWatch.add(connection.pointer(), brokenOff, (_, _) -> {});
        }
    }

    /// Begins something to go over the stream.
    ///
    /// @param conversation whether the other side may fall silent, waiting for an answer
    public void beginAttaching(boolean conversation) {
        // First without waiting: a call on a stream that is in use may never come back.
        if (state.get() != State.UNUSED) {
            throw refused();
        }
        use.writeLock().lock();
        if (!state.compareAndSet(State.UNUSED, conversation ? State.CONVERSATION : State.OPEN)) {
            use.writeLock().unlock();
            throw refused();
        }
    }

    /// Ends that.
    public void endAttaching(boolean attached) {
        if (!attached) {
            state.set(State.UNUSED);
        }
        use.writeLock().unlock();
    }

    /// Begins a call that needs data to flow.
    public void begin() {
        // Without waiting: who ends the stream may be waiting for this thread, if that is the loop. And not before who
        // waits to end it, as one call after the other would let nobody do that.
        if (isEnding() || !use.readLock().tryLock()) {
            throw new IllegalStateException(
                    "The stream cannot be used for this: another thread gives it away or ends it just now");
        }
        if (!isOpen()) {
            use.readLock().unlock();
            throw refused();
        }
        user = Thread.currentThread();
    }

    /// Whether somebody waits for calls to be done, to end the stream.
    private boolean isEnding() {
        return waitsForCalls() && use.hasQueuedThreads() && use.getReadHoldCount() == 0;
    }

    /// Whether who ends the stream waits for the calls on it.
    private boolean waitsForCalls() {
        return ending.equals(use.writeLock());
    }

    /// Ends it.
    public void end() {
        use.readLock().unlock();
    }

    private IllegalStateException refused() {
        return new IllegalStateException("The stream cannot be used for this: " + state.get().words);
    }

    public boolean isOpen() {
        return state.get().isOpen();
    }

    /// C has taken data: only [#finish] knows whether it arrives.
    public void sent() {
        state.compareAndSet(State.OPEN, State.SENT);
    }

    /// C has refused data, which the sender is told: what came before it counts as lost.
    public void refusedData() {
        state.compareAndSet(State.SENT, State.OPEN);
    }

    /// The handle is being closed, by one who is told if that cuts something off.
    ///
    /// @return true the first time
    public boolean beginClosing() {
        return closing.compareAndSet(false, true);
    }

    /// Whether data was sent that nobody has made sure of.
    public boolean isUnfinished() {
        return state.get().isUnfinished();
    }

    /// Nobody waits any more for a call that sends or receives. It goes on, so that the next would go on
    /// behind a gap, or send again what was sent.
    public void abandoned() {
        state.updateAndGet(before -> before.isOpen() ? State.INCOMPLETE : before);
    }

    /// libvirt has aborted it after an error.
    public void failed() {
        state.set(State.ABORTED);
    }

    /// Finishes it.
    ///
    /// @param check sees what C returned, at once
    public void finish(MemorySegment pointer, IntConsumer check) {
        if (!isOpen()) {
            throw refused();
        }
        takeBack();
        VmExit.take(ending, () -> user);
        try {
            State before = state.getAndUpdate(now -> now.isOpen() ? State.FINISHED : now);
            if (!before.isOpen()) {
                throw refused();
            }
            check.accept(virStreamFinish(pointer));
        } finally {
            ending.unlock();
        }
    }

    /// Aborts it, unless it is over.
    ///
    /// @param check sees what C returned, at once
    public void abort(MemorySegment pointer, IntConsumer check) {
        abort(pointer, _ -> State.ABORTED, check);
    }

    private void abort(MemorySegment pointer, UnaryOperator<State> next, IntConsumer check) {
        takeBack();
        VmExit.take(ending, () -> user);
        try {
            if (state.getAndUpdate(before -> before == State.FINISHED ? before : next.apply(before))
                    .isUnderWay()) {
                check.accept(virStreamAbort(pointer));
            }
        } finally {
            ending.unlock();
        }
    }

    private void takeBack() {
        if (ProcessLoop.isCurrentThread()) {
            throw new IllegalStateException("A stream cannot be finished or aborted on the event loop");
        }
        if (use.getReadHoldCount() > 0 && waitsForCalls()) {
            throw new IllegalStateException("A stream cannot be finished or aborted within one of its calls");
        }
        takeBackCallback();
    }

    private void takeBackCallback() {
        VmExit.take(takingBack, takingBack::holder);
        try {
            closeWatch.remove(brokenOff);
            owesTurn |= watch.takeBack();
            if (owesTurn) {
                ProcessLoop.turn();
                owesTurn = false;
                watch.endLoan();
            }
        } finally {
            takingBack.unlock();
        }
    }

    /// So that calls which wait for data come back.
    @Override
    public void interrupt(MemorySegment pointer) {
        if (ProcessLoop.isCurrentThread()) {
            return;
        }
        if (ending.tryLock()) {
            try {
                boolean _ = abortQuietly(pointer);
            } finally {
                ending.unlock();
            }
        }
    }

    /// False if the loop may still be calling it, and does not go on before the VM has exited.
    private boolean abortQuietly(MemorySegment pointer) {
        try (HandlerScope _ = ErrorCallback.quietly()) {
            abort(pointer, before -> before.isUnfinished() ? State.CUT_OFF : State.ABORTED, _ -> {});
            return true;
        } catch (VmExit.InVain e) {
            return false;
        } catch (RuntimeException | Error e) {
            Log.warning(e, "Could not be aborted: the stream", pointer.address());
            return true;
        }
    }

    /// Nobody uses it any more.
    @Override
    public void release(MemorySegment pointer) {
        // A wait that began while it was ended can have added it again.
        closeWatch.remove(brokenOff);
        if (isUnfinished() && !closing.get()) {
            // Its connection was closed, or it was forgotten: nobody else says so.
            Log.warning(
                    "A stream (0x{0}) was closed with its connection, or forgotten, before it was finished: what was sent "
                            + "may not have arrived. Call Stream.finish first, or Stream.abort",
                    Long.toHexString(pointer.address()));
        }
        if (state.get().isUnderWay()) {
            // Aborting talks to the other side, and this may be any thread: the loop, or the cleaner.
            connection.retain();
            boolean begun = false;
            try {
                Workers.execute(() -> {
                    boolean ended = true;
                    try {
                        ended = abortQuietly(pointer);
                        if (ended) {
                            virStreamFree(pointer);
                        }
                    } finally {
                        if (ended) {
                            connection.leave();
                        }
                    }
                });
                begun = true;
            } finally {
                if (!begun) {
                    connection.leave();
                }
            }
        } else {
            virStreamFree(pointer);
        }
    }
}
