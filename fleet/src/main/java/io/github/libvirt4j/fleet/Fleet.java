package io.github.libvirt4j.fleet;

import io.github.libvirt4j.Opening;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.DomainWatch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Watches many hosts, and hands what happens there to one [Sink]. Safe for use by any thread.
///
/// A fleet that watches a fixed inventory is started with it, and [#update] changes it. A worker that shares an
/// inventory with others starts without hosts, and [assigns][#assign] and [unassigns][#unassign] them.
public final class Fleet implements AutoCloseable {
    /// Begins a fleet that watches these hosts from its start.
    public static Steps of(Collection<Host> hosts) {
        throw new UnsupportedOperationException();
    }

    /// The settings of a fleet. Immutable: each method returns a new object.
    public static final class Steps {
        /// Sets the sink. The fleet closes it.
        public Steps to(Sink sink) {
            throw new UnsupportedOperationException();
        }

        /// Keeps the state of all domains in a file, so that the next start with this file tells of domains
        /// that were removed meanwhile. Default: none.
        public Steps state(Path file) {
            throw new UnsupportedOperationException();
        }

        /// Changes the kinds of events. Default: [DomainEvent#LIFECYCLE]. A host whose driver does not have one
        /// of them stays down.
        public Steps kinds(Collection<? extends EventKind<? extends DomainEvent>> kinds) {
            throw new UnsupportedOperationException();
        }

        /// Changes how connections are opened. Default: as [io.github.libvirt4j.link.Link#to].
        public Steps opening(UnaryOperator<Opening<?>> change) {
            throw new UnsupportedOperationException();
        }

        /// Changes how domains are watched. Default: a resync every five minutes, and no settle time.
        public Steps watching(DomainWatch.Options options) {
            throw new UnsupportedOperationException();
        }

        /// Changes the number of events that wait for a slow sink. Default: 10,000.
        public Steps queue(int events) {
            throw new UnsupportedOperationException();
        }

        /// Changes the name of this process in the records of hosts. Default: the name of the machine and the
        /// number of the process.
        public Steps worker(String name) {
            throw new UnsupportedOperationException();
        }

        /// Starts the fleet, and returns at once.
        public Fleet start() {
            throw new UnsupportedOperationException();
        }
    }

    /// Watches a host from now on. A host of this name that was assigned before is no longer watched, and has no
    /// record of that.
    ///
    /// @param epoch the number of the assignment; larger than those of all assignments of the host before, in
    ///     any process
    /// @param known the domains as the last records tell; after the first list of the host, there are records
    ///     of what differs, and of those that no longer exist
    /// @throws IllegalStateException if the fleet was closed
    public void assign(Host host, long epoch, Collection<DomainView> known) {
        throw new UnsupportedOperationException();
    }

    /// Watches a host no longer. Its last record says so.
    ///
    /// @param host the name of the host; a host that is not assigned is ignored
    public void unassign(String host) {
        throw new UnsupportedOperationException();
    }

    /// Watches a host no longer, because another process does. It has no record of that, and those that wait
    /// for the sink are dropped.
    ///
    /// @param host the name of the host; a host that is not assigned is ignored
    public void lose(String host) {
        throw new UnsupportedOperationException();
    }

    /// Replaces the inventory: watches the hosts that are new or differ, and those that are missing no longer.
    public void update(Collection<Host> hosts) {
        throw new UnsupportedOperationException();
    }

    /// Waits until the sink has written all records that there are now, or a newer one of their key.
    ///
    /// @return false if it has not within `limit`
    public boolean flush(Duration limit) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /// The hosts that are assigned, by their names.
    public List<HostView> hosts() {
        throw new UnsupportedOperationException();
    }

    /// Watches no host any longer, writes the records of that, and closes the sink. Waits ten seconds at most
    /// for a slow sink.
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
