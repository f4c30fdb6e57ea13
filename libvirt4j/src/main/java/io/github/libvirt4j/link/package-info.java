/// The states of links and domains as values, and the handler that hears of their changes. A link survives
/// the end of a connection; a view of a domain survives the link.
///
/// ```java
/// class Table implements DomainHandler {
///     @Override
///     public void added(DomainView now, Why why) {
///         show(now);
///     }
///
///     @Override
///     public void changed(DomainView was, DomainView now, Why why) {
///         show(now);
///     }
///
///     @Override
///     public void removed(DomainView last, boolean finalStateUnknown, Why why) {
///         hide(last.domain().uuid());
///     }
///
///     @Override
///     public void link(LinkState state) {
///         status(switch (state) {
///             case LinkState.Up up -> "connected since " + up.since();
///             case LinkState.Down down -> "down since " + down.since() + ", next try at " + down.nextTry();
///             case LinkState.Closed _ -> "closed";
///         });
///     }
/// }
/// ```
///
/// A *generation* is the life of one connection of a link, from the moment when all its registrations were
/// made until it ends. Generations are numbered from 1, in ascending order; a number can be missing. All
/// types of this package except the handlers are safe for use by any thread, and the records are immutable.
@NullMarked
package io.github.libvirt4j.link;

import org.jspecify.annotations.NullMarked;
