package io.github.libvirt4j.internal;

import io.github.libvirt4j.error.CallAbandonedException;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.observe.Call;
import io.github.libvirt4j.observe.Handling;
import io.github.libvirt4j.observe.Observer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The observers of the process. Safe for use by any thread.
///
/// Without one, all that is paid is the read of a field.
public final class Observers {
    private static final Observer[] NONE = new Observer[0];

    /// Replaced, not changed.
    private static volatile Observer[] all = NONE;

    /// Set while an observer is at work on this thread: what it does itself is not observed.
    private static final ThreadLocal<@Nullable Boolean> INSIDE = new ThreadLocal<>();

    private Observers() {}

    /// Adds one, once.
    public static synchronized void add(Observer observer) {
        remove(observer);
        all = Stream.concat(Stream.of(all), Stream.of(observer)).toArray(Observer[]::new);
    }

    /// Removes one.
    ///
    /// @return whether it was there
    @SuppressWarnings("ReferenceEquality") // The very one.
    public static synchronized boolean remove(Observer observer) {
        int before = all.length;
        all = Stream.of(all).filter(one -> one != observer).toArray(Observer[]::new);
        return all.length < before;
    }

    /// Whether there are none.
    public static boolean isEmpty() {
        return all.length == 0;
    }

    /// Makes a call, and tells of it. Only if there are observers.
    public static <T extends @Nullable Object> T call(String uri, String function, Supplier<T> work) {
        var call = new Call(uri, function);
        tell(observer -> observer.calling(call));
        Throwable thrown = null;
        try {
            return work.get();
        } catch (Throwable t) {
            thrown = t;
            throw t;
        } finally {
            Throwable end = thrown;
            tell(observer -> observer.returned(call, end));
        }
    }

    /// Tells of a call that was abandoned.
    public static void abandoned(String uri, CallAbandonedException e) {
        if (!isEmpty()) {
            tell(observer -> observer.abandoned(uri, e));
        }
    }

    /// Tells of an event.
    public static void received(String uri, Event event) {
        if (!isEmpty()) {
            tell(observer -> observer.received(uri, event.kind()));
        }
    }

    /// Tells that a handler begins.
    ///
    /// @param event null for a gap
    /// @return for [#handled]; null if nobody was told
    public static @Nullable Handling handling(String registration, @Nullable Event event) {
        if (isEmpty()) {
            return null;
        }
        try {
            var handling = new Handling(registration, event);
            tell(observer -> observer.handling(handling));
            return handling;
        } catch (Throwable t) {
            // The handler is called all the same.
            Uncaught.report("an observer", t);
            return null;
        }
    }

    /// Tells that it has ended.
    public static void handled(@Nullable Handling handling, @Nullable Throwable thrown) {
        if (handling != null) {
            tell(observer -> observer.handled(handling, thrown));
        }
    }

    /// Tells of lost events.
    public static void lost(String registration, long events) {
        if (!isEmpty()) {
            tell(observer -> observer.lost(registration, events));
        }
    }

    /// Tells all of them something. Does not throw.
    public static void tell(Consumer<Observer> what) {
        try {
            if (INSIDE.get() != null) {
                return;
            }
            INSIDE.set(true);
            try {
                for (Observer observer : all) {
                    tell(observer, what);
                }
            } finally {
                INSIDE.remove();
            }
        } catch (Throwable t) {
            Uncaught.report("an observer", t);
        }
    }

    private static void tell(Observer observer, Consumer<Observer> what) {
        try {
            what.accept(observer);
        } catch (Throwable t) {
            Uncaught.report("an observer", t);
        }
    }
}
