package io.github.libvirt4j.spring;

import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.link.Why;

/// An application event for a notice of a watch; see [DomainHandler][io.github.libvirt4j.link.DomainHandler]
/// for the meaning and the order of notices. Immutable, safe for use by any thread.
///
/// ```java
/// @EventListener
/// void on(DomainWatchEvent.Changed event) {
///     log.info("{}: {} -> {}", event.now().domain().name(), event.was().state(), event.now().state());
/// }
/// ```
///
/// A listener may block: the watch then reports fewer changes, and not older ones. An exception of a listener
/// is reported to [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler].
public sealed interface DomainWatchEvent {
    /// The name of the link: its key in `libvirt4j.links`, or `libvirt` for that of `libvirt4j.uri`.
    String link();

    /// A domain exists that was not known.
    ///
    /// @param link the name of the link
    /// @param now the domain
    /// @param why the reason for the notice
    record Added(String link, DomainView now, Why why) implements DomainWatchEvent {}

    /// A domain has another state, name or id.
    ///
    /// @param link the name of the link
    /// @param was the domain as the last event showed it
    /// @param now the domain as it is
    /// @param why the reason for the notice
    record Changed(String link, DomainView was, DomainView now, Why why) implements DomainWatchEvent {}

    /// A domain no longer exists.
    ///
    /// @param link the name of the link
    /// @param last the domain as the last event showed it
    /// @param finalStateUnknown whether nothing told of the domain's end
    /// @param why the reason for the notice
    record Removed(String link, DomainView last, boolean finalStateUnknown, Why why) implements DomainWatchEvent {}

    /// The link has another state.
    ///
    /// @param link the name of the link
    /// @param state the new state
    record LinkChanged(String link, LinkState state) implements DomainWatchEvent {}

    /// Events of libvirt are missing at this place.
    ///
    /// @param link the name of the link
    /// @param gap the place
    record Missing(String link, Gap gap) implements DomainWatchEvent {}

    /// All domains of the first list of a generation have been reported.
    ///
    /// @param link the name of the link
    /// @param generation the number of the connection
    record Synced(String link, int generation) implements DomainWatchEvent {}
}
