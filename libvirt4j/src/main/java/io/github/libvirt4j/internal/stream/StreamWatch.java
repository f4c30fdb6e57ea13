package io.github.libvirt4j.internal.stream;

import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamEventAddCallback;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamEventRemoveCallback;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamEventUpdateCallback;

import io.github.libvirt4j.internal.Duty;
import io.github.libvirt4j.internal.c.ErrorCallback;
import io.github.libvirt4j.internal.call.HandlerScope;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.event.ReadyListener;
import io.github.libvirt4j.types.StreamEventType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;

/// The listeners that wait for a stream to become ready. Safe for use by any thread.
///
/// C has a place for one callback a stream. It is registered once, with the first listener, and C is told
/// what the listeners wait for at present. It is taken back when the stream ends, and not before: a callback
/// that is taken back and registered anew in the same turn of the loop is never freed.
public final class StreamWatch {
    private final Duty updating = new Duty(this::tellC);

    // All guarded by this.
    private final List<ReadyListener> listeners = new ArrayList<>();
    private MemorySegment pointer = MemorySegment.NULL;
    private long loan;
    private boolean drained;
    private boolean brokenOff;
    private boolean over;

    /// Adds one.
    ///
    /// @param stream in use by the caller
    /// @param check sees what C returned, at once
    /// @return the same: negative if it refused
    public synchronized int add(MemorySegment stream, ReadyListener listener, ObjIntConsumer<String> check) {
        if (over) {
            throw new IllegalStateException("The stream is over");
        }
        listeners.add(listener);
        boolean taken = false;
        try {
            int result = loan == 0 ? register(stream, check) : update(check);
            taken = result >= 0;
            return result;
        } finally {
            if (!taken) {
                listeners.remove(listener);
            }
        }
    }

    private int register(MemorySegment stream, ObjIntConsumer<String> check) {
        pointer = stream;
        int result = -1;
        try {
            result = Loans.register(this, opaque -> {
                loan = opaque.address();
                int added = virStreamEventAddCallback(
                        stream, mask(), StreamCallbacks.EVENT.pointer(0), opaque, Loans.free());
                check.accept("virStreamEventAddCallback", added);
                return added;
            });
            return result;
        } finally {
            if (result < 0) {
                loan = 0;
            }
        }
    }

    /// Takes one away. It may still be at work. C learns of it in its next call.
    public synchronized void remove(ReadyListener listener) {
        listeners.remove(listener);
    }

    /// The number of listeners. For tests.
    public synchronized int listeners() {
        return listeners.size();
    }

    /// Tells C what the listeners wait for.
    public void update() {
        updating.now();
    }

    /// A listener has served what it was told.
    public void served(ReadyListener listener, boolean goesOn) {
        if (!goesOn) {
            remove(listener);
            return;
        }
        update();
        if (isBrokenOff()) {
            // It was at work when the others were told.
            ready(StreamEventType.HANGUP.bits());
        }
    }

    private synchronized boolean isBrokenOff() {
        return brokenOff;
    }

    /// No more data will come: that it can be read is no news any more.
    public synchronized void drained() {
        if (!drained) {
            drained = true;
            update();
        }
    }

    /// Whether all data there was has been received.
    public synchronized boolean isDrained() {
        return drained;
    }

    private int mask() {
        int mask = 0;
        for (ReadyListener listener : listeners) {
            mask |= listener.waitsFor();
        }
        return drained ? mask & ~StreamEventType.READABLE.bits() : mask;
    }

    /// If C refuses, the stream has ended by itself.
    private void tellC() {
        int _ = update((_, _) -> {});
    }

    private synchronized int update(ObjIntConsumer<String> check) {
        if (loan == 0 || over) {
            return 0;
        }
        try (HandlerScope _ = ErrorCallback.quietly()) {
            int result = virStreamEventUpdateCallback(pointer, mask());
            check.accept("virStreamEventUpdateCallback", result);
            return result;
        }
    }

    /// From C, and soon again if nothing is done about it: on the loop, or on a thread that aborts.
    public void ready(int events) {
        tell(events);
        update();
    }

    /// A listener that is added meanwhile is not told: another may have ended the readiness by then.
    private synchronized void tell(int events) {
        // By index: an iterator would need memory.
        for (int i = 0; i < listeners.size(); i++) {
            boolean _ = listeners.get(i).tell(events);
        }
    }

    /// Its connection broke off, which C does not tell a stream: a hangup, and one that lasts.
    public void brokenOff() {
        synchronized (this) {
            brokenOff = true;
        }
        ready(StreamEventType.HANGUP.bits());
    }

    /// Takes the callback back, before the stream is finished, aborted or freed. The loop has to turn once
    /// between that and this: it may still be calling.
    ///
    /// @return whether there was one
    public synchronized boolean takeBack() {
        boolean registered = loan != 0 && !over;
        over = true;
        listeners.forEach(ReadyListener::over);
        listeners.clear();
        if (registered) {
            try (HandlerScope _ = ErrorCallback.quietly()) {
                virStreamEventRemoveCallback(pointer);
            }
        }
        return registered;
    }

    /// After that turn: the remote driver of libvirt never calls the free callback of a stream.
    public synchronized void endLoan() {
        Loans.end(loan);
    }
}
