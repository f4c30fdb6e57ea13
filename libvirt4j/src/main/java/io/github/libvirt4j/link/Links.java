package io.github.libvirt4j.link;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Links that the parts of a program share: one connection for each URI. Safe for use by any thread.
public final class Links {
    private static final Map<@Nullable String, Shared> SHARED = new HashMap<>();

    /// A link with its users, whose number [#SHARED] guards.
    private static final class Shared {
        private final Driver driver;
        private int users;

        Shared(Driver driver) {
            this.driver = driver;
        }
    }

    private Links() {}

    /// Returns a link to a hypervisor, which shares its connection with all others of this method with the same
    /// URI that are open. The first opens it, with the settings of [Link#to], and the last one to be closed
    /// closes it.
    ///
    /// Each caller closes its own link, which ends the watches and registrations made with it.
    ///
    /// @param uri the URI of the hypervisor; null for libvirt's default. Two spellings of a URI are two
    ///     connections
    public static Link of(@Nullable String uri) {
        Shared shared;
        synchronized (SHARED) {
            shared = SHARED.computeIfAbsent(uri, _ -> new Shared(Link.to(uri).driver()));
            shared.users++;
        }
        return new Link(shared.driver, link -> leave(uri, shared, link));
    }

    private static void leave(@Nullable String uri, Shared shared, Link link) {
        boolean isLast;
        synchronized (SHARED) {
            shared.users--;
            isLast = shared.users == 0;
            if (isLast) {
                SHARED.remove(uri);
            }
        }
        if (isLast) {
            shared.driver.close();
        } else {
            shared.driver.leave(link);
        }
    }
}
