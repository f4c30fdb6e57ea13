package io.github.libvirt4j.internal.link;

import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.error.LibvirtError;
import io.github.libvirt4j.types.ErrorNumber;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// The connections that links have closed because their generation ended, so that a handle can say why it is
/// closed. Safe for use by any thread.
public final class Generations {
    /// A handle keeps its connection reachable, and the connection its entry.
    private static final Map<Object, String> ENDED = Collections.synchronizedMap(new WeakHashMap<>());

    private Generations() {}

    /// A link is about to close a connection, and the program has not asked for it.
    ///
    /// @param which names the generation
    public static void ended(Object connect, String which) {
        ENDED.put(connect, which);
    }

    /// The exception for a handle that was closed with its generation; null if it was not.
    public static @Nullable DisconnectedException exception(Object connect, Object handle) {
        String which = ENDED.get(connect);
        if (which == null) {
            return null;
        }
        return exception("%s is of %s, which has ended; call the link again, and look the object up by its identity"
                .formatted(handle, which));
    }

    /// The exception of a link.
    public static DisconnectedException exception(String message) {
        return new DisconnectedException("virConnectOpenAuth", LibvirtError.of(ErrorNumber.NO_CONNECT, message));
    }
}
