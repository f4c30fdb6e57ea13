package io.github.libvirt4j.internal.job;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The connections that are followed by others when they break off: those of a link. Safe for use by any
/// thread.
///
/// A job is in the root package and a link is not, so neither can name the other's connection here.
public final class Successors {
    private static final Map<Object, Supplier<@Nullable Object>> OF = Collections.synchronizedMap(new WeakHashMap<>());

    private Successors() {}

    /// Says who knows the connection after one.
    ///
    /// @param next returns the connection that is open now, or null if none is; throws an
    ///     [IllegalStateException] if there will be none
    public static void put(Object connection, Supplier<@Nullable Object> next) {
        OF.put(connection, next);
    }

    /// The supplier of the connection after one; null if none follows it.
    public static @Nullable Supplier<@Nullable Object> of(Object connection) {
        return OF.get(connection);
    }
}
