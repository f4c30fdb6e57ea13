package io.github.libvirt4j.internal.call;

import org.jspecify.annotations.Nullable;

/// Which handlers of the user's this thread is running right now. What they call does not wait for their
/// own end.
public final class HandlerScope implements AutoCloseable {
    private static final ThreadLocal<@Nullable HandlerScope> CURRENT = new ThreadLocal<>();

    private final Object owner;

    /// A handler can call libvirt, which calls another: an error handler, say.
    private final @Nullable HandlerScope outer;

    private HandlerScope(Object owner, @Nullable HandlerScope outer) {
        this.owner = owner;
        this.outer = outer;
    }

    /// Whether this thread is running any.
    public static boolean isInside() {
        return CURRENT.get() != null;
    }

    /// Whether it is running one of `owner`.
    @SuppressWarnings("ReferenceEquality") // The very one.
    public static boolean isInside(Object owner) {
        for (HandlerScope at = CURRENT.get(); at != null; at = at.outer) {
            if (at.owner == owner) {
                return true;
            }
        }
        return false;
    }

    /// From now on this thread is running one of `owner`, until the result is closed.
    public static HandlerScope of(Object owner) {
        var scope = new HandlerScope(owner, CURRENT.get());
        CURRENT.set(scope);
        return scope;
    }

    @Override
    public void close() {
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }
}
