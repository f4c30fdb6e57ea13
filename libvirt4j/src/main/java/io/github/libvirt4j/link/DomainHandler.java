package io.github.libvirt4j.link;

/// The methods that hear of the domains of a link. All have a default that does nothing.
///
/// The library calls one method at a time, off the event loop, in the order of the notices. A handler may
/// block: it then hears of fewer changes, and not of older ones. The `was` of a change is what the handler
/// heard of that domain last, and the `now` is the newest state that is known. A change that was undone
/// before the handler could hear of it is not reported.
///
/// While the link is down, the library calls [#link] only. The order of a new generation is: `link` with
/// [LinkState.Up], [#gap], the domains that differ from what the handler knows, [#synced], later changes.
///
/// An exception of any method is reported to
/// [Libvirt#setUncaughtHandler][io.github.libvirt4j.Libvirt#setUncaughtHandler], and the next notice is
/// delivered as usual.
public interface DomainHandler {
    /// A domain exists that the handler has not heard of, or has heard was removed.
    ///
    /// @throws Exception is reported as described for this type
    default void added(DomainView now, Why why) throws Exception {}

    /// A domain has another state, name or id than the handler heard last.
    ///
    /// @param was the domain as the handler knows it
    /// @param now the domain as it is
    /// @throws Exception is reported as described for this type
    default void changed(DomainView was, DomainView now, Why why) throws Exception {}

    /// A domain no longer exists: a lookup on a live connection answered so. A domain that is missing from a
    /// list, or on a host that cannot be reached, is not removed.
    ///
    /// @param last the domain as the handler knows it
    /// @param finalStateUnknown whether no event told of the domain's end: it may have run, stopped and
    ///     changed between `last` and its removal
    /// @throws Exception is reported as described for this type
    default void removed(DomainView last, boolean finalStateUnknown, Why why) throws Exception {}

    /// The link has another state. A try that failed is another state, too.
    ///
    /// @throws Exception is reported as described for this type
    default void link(LinkState state) throws Exception {}

    /// Events are missing at this place. Each new generation begins with one gap.
    ///
    /// @throws Exception is reported as described for this type
    default void gap(Gap gap) throws Exception {}

    /// The handler has heard of all domains that the first list of the generation contained. A domain that
    /// was missing from the list can still be reported as removed, after a lookup has confirmed it; a domain
    /// whose end the settle time holds back is reported later.
    ///
    /// @throws Exception is reported as described for this type
    default void synced(int generation) throws Exception {}
}
