package io.github.libvirt4j.internal;

import org.jspecify.annotations.Nullable;

/// Work of the library's own that must be done, and could not be: there was no memory, or no thread. The
/// cleaner thread tries it again until it succeeds. Safe for use by any thread.
public final class Duty {
    /// Those that are due; guarded by the class.
    private static @Nullable Duty first;

    private final Runnable attempt;

    // Guarded by the class.
    private boolean isDue;
    private @Nullable Duty next;

    /// @param attempt does not block, and throws if it was not possible
    public Duty(Runnable attempt) {
        this.attempt = attempt;
        CleanerThread.ensure();
    }

    /// Does it now, or as soon as it is possible. Does not throw.
    public void now() {
        try {
            attempt.run();
        } catch (Throwable t) {
            due();
        }
    }

    /// Asks for it. Allocates nothing, and does nothing if the work is due already.
    public void due() {
        add();
        CleanerThread.wake();
    }

    private void add() {
        synchronized (Duty.class) {
            if (!isDue) {
                isDue = true;
                next = first;
                first = this;
            }
        }
    }

    /// Tries all that is due; on the cleaner thread.
    ///
    /// @return whether some is left
    static boolean tryAll() {
        boolean left = false;
        Duty one = takeAll();
        while (one != null) {
            Duty following = one.begin();
            try {
                one.attempt.run();
            } catch (Throwable t) {
                one.add();
                left = true;
            }
            one = following;
        }
        return left;
    }

    private static @Nullable Duty takeAll() {
        synchronized (Duty.class) {
            Duty all = first;
            first = null;
            return all;
        }
    }

    /// Whoever asks for it from here on is heard.
    private @Nullable Duty begin() {
        synchronized (Duty.class) {
            Duty following = next;
            next = null;
            isDue = false;
            return following;
        }
    }
}
