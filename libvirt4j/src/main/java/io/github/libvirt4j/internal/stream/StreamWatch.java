package io.github.libvirt4j.internal.stream;

import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamEventAddCallback;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamEventRemoveCallback;
import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamEventUpdateCallback;

import io.github.libvirt4j.internal.Duty;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.c.ErrorCallback;
import io.github.libvirt4j.internal.call.HandlerScope;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.types.StreamEventType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/// The listeners that wait for a stream to become ready. Safe for use by any thread.
///
/// C has a place for one callback a stream, and goes on calling it for as long as the stream is ready. So
/// it is registered once, with the first listener, and told for what just now: for nothing a listener is
/// busy with, and everything again when it is done. It is taken back when the stream ends, and not before:
/// one that is taken back and registered anew in the same turn of the loop is never freed.
public final class StreamWatch {
    private static final int ALWAYS = StreamEventType.ERROR.bits() | StreamEventType.HANGUP.bits();

    /// A listener that waits.
    public interface Listener {
        /// The stream is ready for something; on a thread of the pool.
        ///
        /// @param last whether this is all there is to hear
        /// @return whether it wants to hear more
        boolean ready(int events, boolean last);

        /// Nothing is told any more: the stream is ended. Must not wait for anything.
        default void over() {}
    }

    private final class Entry {
        private final Listener listener;
        private int wanted;

        private final Duty telling;

        /// It is at work, or will be.
        private boolean busy;

        /// The events it is told of, or will be.
        private int told;

        /// Whether nothing of that is waited for: an error or a hangup comes once. It stays, and would be
        /// told indefinitely.
        private boolean last;

        /// The last call of C that told it, or that began before it was there: readiness that the one before
        /// it has ended is no news to it.
        private long toldBy = calls;

        private Entry(Listener listener, int wanted) {
            this.listener = listener;
            this.wanted = wanted;
            this.telling = new Duty(() -> Workers.execute(this::run));
        }

        private void run() {
            boolean goesOn = false;
            try {
                goesOn = listener.ready(told, last) && !last;
            } finally {
                if (goesOn) {
                    rearm(this);
                } else {
                    remove(listener);
                }
            }
        }
    }

    private final Duty updating = new Duty(this::update);

    // All guarded by this.
    private final List<Entry> entries = new ArrayList<>();
    private MemorySegment pointer = MemorySegment.NULL;
    private long loan;
    private boolean drained;
    private boolean brokenOff;
    private boolean over;
    private long calls; // Of C.

    /// Adds one.
    ///
    /// @param stream in use by the caller
    /// @param wanted the bits it waits for
    /// @param check sees what C returned, at once
    /// @return the same: negative if it refused
    public synchronized int add(MemorySegment stream, Listener listener, int wanted, ObjIntConsumer<String> check) {
        if (over) {
            throw new IllegalStateException("The stream is over");
        }
        var entry = new Entry(listener, wanted);
        entries.add(entry);
        boolean taken = false;
        try {
            int result = loan == 0 ? register(stream, check) : update(check);
            taken = result >= 0;
            return result;
        } finally {
            if (!taken) {
                entries.remove(entry);
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

    /// Takes one away. It may still be at work.
    public synchronized void remove(Listener listener) {
        if (entries.removeIf(entry -> entry.listener.equals(listener))) {
            update();
        }
    }

    /// Lets one wait for something else; not if it was taken away.
    public synchronized void update(Listener listener, int wanted) {
        for (Entry entry : entries) {
            if (entry.listener.equals(listener)) {
                entry.wanted = wanted;
                update();
            }
        }
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
        for (Entry entry : entries) {
            if (!entry.busy) {
                mask |= entry.wanted;
            }
        }
        return drained ? mask & ~StreamEventType.READABLE.bits() : mask;
    }

    /// Nobody needs to know if it fails: the stream has ended by itself then.
    private void update() {
        try {
            int _ = update((_, _) -> {});
        } catch (Throwable t) {
            // C would stay deaf to what it was told to be.
            updating.due();
            throw t;
        }
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
        try {
            long call = begin();
            for (Entry entry = claim(events, call); entry != null; entry = claim(events, call)) {
                entry.telling.now();
            }
        } finally {
            update();
        }
    }

    /// Its connection broke off, which C does not tell a stream: a hangup, and one that lasts.
    public void brokenOff() {
        synchronized (this) {
            brokenOff = true;
        }
        ready(StreamEventType.HANGUP.bits());
    }

    private synchronized long begin() {
        return ++calls;
    }

    /// The next one that this call has to tell. One that was told by it, and is through already, is not: what
    /// it did may have ended the readiness.
    private synchronized @Nullable Entry claim(int events, long call) {
        // By index: an iterator would need memory.
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            int told = events & (entry.wanted | ALWAYS);
            if (!entry.busy && entry.toldBy < call && told != 0) {
                entry.busy = true;
                entry.toldBy = call;
                entry.told = told;
                entry.last = (told & entry.wanted) == 0;
                return entry;
            }
        }
        return null;
    }

    private void rearm(Entry entry) {
        boolean hungUp;
        synchronized (this) {
            entry.busy = false;
            update();
            hungUp = brokenOff;
        }
        if (hungUp) {
            // It was at work when the others were told.
            ready(StreamEventType.HANGUP.bits());
        }
    }

    /// Takes the callback back, before the stream is finished, aborted or freed. The loop has to turn once
    /// between that and this: it may still be calling.
    ///
    /// @return whether there was one
    public synchronized boolean takeBack() {
        boolean registered = loan != 0 && !over;
        over = true;
        entries.forEach(entry -> entry.listener.over());
        entries.clear();
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
