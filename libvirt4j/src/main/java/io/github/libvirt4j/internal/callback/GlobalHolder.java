package io.github.libvirt4j.internal.callback;

import org.jspecify.annotations.Nullable;

/// Keeps a closure for which C has no free callback: one permanent stub in C, the closure here.
///
/// A lock stands around the replacement, so that C's pointer and the closure change together; never around
/// user code, which reads the closure without it.
///
/// @param <T> the closure's type
public final class GlobalHolder<T> {
    private volatile @Nullable T closure;

    /// Replaces the closure and tells C; the old one is dropped, whatever `install` does.
    ///
    /// @param install makes C call, or no longer call, the stub; short and without user code
    /// @return the one before
    public synchronized @Nullable T replace(@Nullable T next, Runnable install) {
        T before = closure;
        closure = next;
        install.run();
        return before;
    }

    /// The closure, or null.
    public @Nullable T get() {
        return closure;
    }
}
