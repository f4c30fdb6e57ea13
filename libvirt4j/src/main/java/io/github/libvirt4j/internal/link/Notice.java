package io.github.libvirt4j.internal.link;

import io.github.libvirt4j.link.DomainHandler;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.link.Why;

/// A call of a method of [DomainHandler] as a value.
public sealed interface Notice {
    /// Calls the method.
    void tell(DomainHandler handler) throws Exception;

    /// [DomainHandler#link].
    record Link(LinkState state) implements Notice {
        @Override
        public void tell(DomainHandler handler) throws Exception {
            handler.link(state);
        }
    }

    /// [DomainHandler#gap].
    record Missing(Gap gap) implements Notice {
        @Override
        public void tell(DomainHandler handler) throws Exception {
            handler.gap(gap);
        }
    }

    /// [DomainHandler#added].
    record Added(DomainView now, Why why) implements Notice {
        @Override
        public void tell(DomainHandler handler) throws Exception {
            handler.added(now, why);
        }
    }

    /// [DomainHandler#changed].
    record Changed(DomainView was, DomainView now, Why why) implements Notice {
        @Override
        public void tell(DomainHandler handler) throws Exception {
            handler.changed(was, now, why);
        }
    }

    /// [DomainHandler#removed].
    record Removed(DomainView last, boolean finalStateUnknown, Why why) implements Notice {
        @Override
        public void tell(DomainHandler handler) throws Exception {
            handler.removed(last, finalStateUnknown, why);
        }
    }

    /// [DomainHandler#synced].
    record Synced(int generation) implements Notice {
        @Override
        public void tell(DomainHandler handler) throws Exception {
            handler.synced(generation);
        }
    }
}
