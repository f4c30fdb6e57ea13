package io.github.libvirt4j.observe;

import io.github.libvirt4j.error.CallAbandonedException;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.LinkState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An object that is told what happens in the library; see
/// [Libvirt#addObserver][io.github.libvirt4j.Libvirt#addObserver].
///
/// The methods are called on the thread where it happens, the event loop among them, and on several threads at
/// once: they return quickly, and do not block. What an observer itself calls of libvirt is not observed. An
/// exception of an observer goes to the uncaught handler
/// ([Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler]) and has no other effect.
public interface Observer {
    /// A call of C begins.
    default void calling(Call call) {}

    /// A call of C has ended.
    ///
    /// @param call the same as at its beginning
    /// @param thrown the exception: a [LibvirtException][io.github.libvirt4j.error.LibvirtException] if C
    ///     refused; null if the call succeeded
    default void returned(Call call, @Nullable Throwable thrown) {}

    /// A caller has stopped waiting for a call, at its time limit or because of an interrupt. A call that was
    /// begun continues in the background.
    ///
    /// @param uri the connection
    /// @param e the exception of the caller
    default void abandoned(String uri, CallAbandonedException e) {}

    /// An event has come from libvirt, for one registration.
    ///
    /// @param uri the connection
    /// @param kind the kind of the event
    default void received(String uri, EventKind<?> kind) {}

    /// A handler begins its work on an event.
    default void handling(Handling handling) {}

    /// A handler has returned or thrown.
    ///
    /// @param handling the same as at the beginning
    /// @param thrown its exception; null for none
    default void handled(Handling handling, @Nullable Throwable thrown) {}

    /// Events found no room in a registration's queue, or no memory, and are lost.
    ///
    /// @param registration its description
    /// @param events how many
    default void lost(String registration, long events) {}

    /// The state of a link has changed.
    ///
    /// @param uri the link
    default void linkChanged(String uri, LinkState state) {}

    /// A link is up again, and something may have happened meanwhile that no event told.
    ///
    /// @param uri the link
    default void gap(String uri, Gap gap) {}

    /// The event loop has turned on request, as a [Watchdog] makes it do.
    ///
    /// @param lag the time from the request to the turn: what an event has to wait as well
    default void loopTurned(Duration lag) {}
}
