package io.github.libvirt4j.it.soak;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.Version;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where something is done.
///
/// @param remote how libvirt's test driver is reached there; null for the one in this process
/// @param daemon that has storage there, too; null if none has
/// @param faults what happens to it; null for nothing
record Place(
        String name,
        @Nullable String remote,
        @Nullable SessionDaemon daemon,
        @Nullable Faults faults) {
    static final String TEST = "test:///default";
    private static final Duration LIMIT = Duration.ofMillis(500);

    /// Whether a connection to a daemon can be used by several threads at once. Before 10.4.0, where one has
    /// waited while another called, a later call writes to the stack of the first, which ends in a crash
    /// (CVE-2024-4418). A sign of life that is asked for during a call does the same, and so does a call
    /// that goes on without its caller.
    static final boolean CAN_BE_SHARED = Libvirt.version().compareTo(new Version(10, 4, 0)) >= 0;

    /// A connection to libvirt's test driver there.
    Connect open() {
        return open(TEST);
    }

    /// A connection to a driver there, such as `storage:///session`.
    Connect open(String local) {
        String uri = uri(local);
        if (faults == null) {
            return Connect.open(uri);
        }
        var opening = Connect.to(uri).openTimeout(LIMIT);
        return CAN_BE_SHARED
                ? opening.keepAlive(Duration.ofSeconds(1), 2).callTimeout(LIMIT).open()
                : opening.keepAlive(Duration.ZERO, 0).open();
    }

    /// A connection whose calls are not waited for for long.
    Connect openLimited() {
        return Connect.to(uri(TEST))
                .keepAlive(Duration.ZERO, 0)
                .openTimeout(LIMIT)
                .callTimeout(LIMIT)
                .open();
    }

    private String uri(String local) {
        if (remote == null) {
            return local;
        }
        int colon = local.indexOf(':');
        return remote.replaceFirst("^test", local.substring(0, colon))
                .replaceFirst("/default", local.substring(colon + "://".length()));
    }
}
