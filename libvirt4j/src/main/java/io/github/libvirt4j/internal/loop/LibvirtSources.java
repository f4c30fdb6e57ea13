package io.github.libvirt4j.internal.loop;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The sources an event loop in Java waits for, by libvirt's number. Safe for use by any thread.
///
/// Finding and removing allocates nothing: libvirt frees what it has removed, so a removal that failed
/// because the heap is full would leave the loop with pointers to freed memory.
///
/// @param <S> handles or timeouts
final class LibvirtSources<S extends LibvirtSource> {
    // Open addressing: a source is in its place or in one of those behind it, without a gap. Guarded by this.
    private @Nullable LibvirtSource[] places = new LibvirtSource[64];
    private int size;

    synchronized void add(S source) {
        if (2 * (size + 1) > places.length) {
            grow();
        }
        put(places, source);
        size++;
    }

    private void grow() {
        @Nullable LibvirtSource[] more = new LibvirtSource[2 * places.length];
        for (LibvirtSource source : places) {
            if (source != null) {
                put(more, source);
            }
        }
        places = more;
    }

    private static void put(@Nullable LibvirtSource[] places, LibvirtSource source) {
        int place = home(source.number(), places.length);
        while (places[place] != null) {
            place = place + 1 & places.length - 1;
        }
        places[place] = source;
    }

    private static int home(int number, int length) {
        return number & length - 1;
    }

    /// Null if there is none of that number.
    @SuppressWarnings("unchecked") // Only S are added.
    synchronized @Nullable S get(int number) {
        return (S) places[find(number)];
    }

    /// Takes one out; null if there is none of that number.
    @SuppressWarnings("unchecked")
    synchronized @Nullable S remove(int number) {
        int gap = find(number);
        LibvirtSource removed = places[gap];
        if (removed != null) {
            size--;
            close(gap);
        }
        return (S) removed;
    }

    /// The place of that number, or the empty one where it would be.
    private int find(int number) {
        int place = home(number, places.length);
        while (places[place] != null && places[place].number() != number) {
            place = place + 1 & places.length - 1;
        }
        return place;
    }

    /// Moves those behind a gap into it that would not be found over it.
    private void close(int place) {
        int mask = places.length - 1;
        int gap = place;
        for (int next = gap + 1 & mask; places[next] != null; next = next + 1 & mask) {
            int fromHome = next - home(Objects.requireNonNull(places[next]).number(), places.length) & mask;
            if (fromHome >= (next - gap & mask)) {
                places[gap] = places[next];
                gap = next;
            }
        }
        places[gap] = null;
    }

    /// Those that were removed, in that order, until they are freed. Safe for use by any thread.
    static final class ToFree {
        private @Nullable LibvirtSource first;
        private @Nullable LibvirtSource last;

        synchronized void add(LibvirtSource source) {
            if (last == null) {
                first = source;
            } else {
                last.nextToFree = source;
            }
            last = source;
        }

        /// Null if there is none.
        synchronized @Nullable LibvirtSource poll() {
            LibvirtSource polled = first;
            if (polled != null) {
                first = polled.nextToFree;
                polled.nextToFree = null;
                if (first == null) {
                    last = null;
                }
            }
            return polled;
        }
    }
}
