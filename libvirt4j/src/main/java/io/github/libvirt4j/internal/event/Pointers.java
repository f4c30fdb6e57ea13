package io.github.libvirt4j.internal.event;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// Which of a callback type's pointers are taken, on one connection. Safe for use by any thread.
///
/// libvirt refuses a second registration of one event on one object with the same function pointer, so each
/// takes the lowest that is free there. It is free again when deregistering has returned, even if the
/// callback is still running.
public final class Pointers {
    private final Map<Object, BitSet> taken = new HashMap<>();

    /// Takes the lowest free number.
    ///
    /// @param place the event, and the object if there is one
    public synchronized int claim(Object place) {
        BitSet numbers = taken.computeIfAbsent(place, _ -> new BitSet());
        int k = numbers.nextClearBit(0);
        numbers.set(k);
        return k;
    }

    /// Gives a number back.
    public synchronized void release(Object place, int k) {
        BitSet numbers = taken.get(place);
        if (numbers != null) {
            numbers.clear(k);
            if (numbers.isEmpty()) {
                taken.remove(place);
            }
        }
    }
}
