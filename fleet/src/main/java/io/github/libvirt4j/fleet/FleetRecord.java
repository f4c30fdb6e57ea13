package io.github.libvirt4j.fleet;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Why;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// A record of a [Fleet]. Immutable, safe for use by any thread.
///
/// Records of domains and hosts are states: the newest one of a [key][#key] counts, and a slow sink receives
/// no other. Records of events and gaps are a log: a sink receives each, in the order of the host.
public sealed interface FleetRecord {
    /// The host, and the place of the record in its order.
    Origin origin();

    /// The key of the state, or the object that the event is of: `HOST/UUID` for a domain, `HOST` for a host
    /// and a gap.
    String key();

    /// The place of a record. Of two records of a host, the one with the larger `epoch` is newer, and of two
    /// with the same `epoch` the one with the larger `seq`.
    ///
    /// @param host the name of the host
    /// @param epoch the number of the assignment of the host: larger for each that follows, in any process
    /// @param generation the number of the connection in this assignment; 0 before the first
    /// @param seq the number of the record in this assignment, from 0. Numbers are missing where a newer
    ///     state has replaced one, and where a gap says so
    /// @param time the time when the record was made; for an event, of its receipt
    record Origin(String host, long epoch, int generation, long seq, Instant time) {
        /// Rejects null.
        public Origin {
            Objects.requireNonNull(host, "host");
            Objects.requireNonNull(time, "time");
        }
    }

    /// A domain as it is.
    ///
    /// @param now the domain
    /// @param why the reason for the record
    record DomainRecord(Origin origin, DomainView now, Why why) implements FleetRecord {
        /// Rejects null.
        public DomainRecord {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(now, "now");
            Objects.requireNonNull(why, "why");
        }

        @Override
        public String key() {
            return keyOf(origin, now.domain().uuid());
        }
    }

    /// A domain that no longer exists on this host: a lookup on a live connection answered so.
    ///
    /// @param last the domain as it was last known
    /// @param finalStateUnknown whether no event told of the domain's end
    /// @param why the reason for the record
    record RemovalRecord(Origin origin, DomainView last, boolean finalStateUnknown, Why why) implements FleetRecord {
        /// Rejects null.
        public RemovalRecord {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(last, "last");
            Objects.requireNonNull(why, "why");
        }

        @Override
        public String key() {
            return keyOf(origin, last.domain().uuid());
        }
    }

    /// A host as it is. While it is not up, its domains have no new records: the last ones are true as of
    /// `asOf`.
    ///
    /// @param status whether the domains of the host are known
    /// @param since the time since which the host has this status
    /// @param asOf the time at which the records of its domains were true; empty if the host is up, and if it
    ///     never was
    /// @param domains the number of domains that it has, or had
    /// @param worker the name of the process that watches the host
    /// @param labels the labels of the host
    /// @param failure the reason why there is no connection; empty if there is one, or none is known
    record HostRecord(
            Origin origin,
            HostStatus status,
            Instant since,
            Optional<Instant> asOf,
            int domains,
            String worker,
            Map<String, String> labels,
            Optional<String> failure)
            implements FleetRecord {
        /// Rejects null, and copies the labels.
        public HostRecord {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(since, "since");
            Objects.requireNonNull(asOf, "asOf");
            Objects.requireNonNull(worker, "worker");
            labels = Map.copyOf(labels);
            Objects.requireNonNull(failure, "failure");
        }

        @Override
        public String key() {
            return origin.host();
        }
    }

    /// Whether the domains of a host are known.
    enum HostStatus {
        /// There is a connection, and the records of the domains are true.
        UP,
        /// There is no connection, and the fleet tries to open one.
        DOWN,
        /// No process of the fleet watches the host.
        UNWATCHED
    }

    /// An event of libvirt, as it came.
    ///
    /// @param event the event
    record EventRecord(Origin origin, DomainEvent event) implements FleetRecord {
        /// Rejects null.
        public EventRecord {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(event, "event");
        }

        @Override
        public String key() {
            return keyOf(origin, event.domain().uuid());
        }
    }

    /// A place in the events of a host where events are missing. The records of the domains are not
    /// concerned.
    ///
    /// @param gap the gap. The sink was slow if its cause is [Gap.Cause#OVERFLOW]: `lost` and `back` are the
    ///     times of the first and last event that is missing
    /// @param count the number of events; empty if it is not known
    record GapRecord(Origin origin, Gap gap, OptionalLong count) implements FleetRecord {
        /// Rejects null.
        public GapRecord {
            Objects.requireNonNull(origin, "origin");
            Objects.requireNonNull(gap, "gap");
            Objects.requireNonNull(count, "count");
        }

        @Override
        public String key() {
            return origin.host();
        }
    }

    private static String keyOf(Origin origin, UUID domain) {
        return origin.host() + "/" + domain;
    }
}
