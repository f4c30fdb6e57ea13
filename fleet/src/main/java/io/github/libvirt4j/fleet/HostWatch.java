package io.github.libvirt4j.fleet;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.fleet.FleetRecord.DomainRecord;
import io.github.libvirt4j.fleet.FleetRecord.EventRecord;
import io.github.libvirt4j.fleet.FleetRecord.GapRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostStatus;
import io.github.libvirt4j.fleet.FleetRecord.Origin;
import io.github.libvirt4j.fleet.FleetRecord.RemovalRecord;
import io.github.libvirt4j.link.DomainHandler;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.Gap;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.link.LinkHandler;
import io.github.libvirt4j.link.LinkState;
import io.github.libvirt4j.link.Why;
import io.github.libvirt4j.types.DomainState;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One assignment of a host: its link, and the records that are made of what the link tells. Safe for use by
/// any thread.
final class HostWatch implements DomainHandler {
    private final Host host;
    private final long epoch;
    private final Fleet.Steps settings;
    private final Outbox outbox;

    // All guarded by this.

    /// As the records tell before this assignment has found out whether the host is up.
    private Optional<HostStatus> before;

    /// The domains as the records tell, written or not.
    private final Map<UUID, DomainView> table = new HashMap<>();

    private @Nullable Link link;
    private boolean ended;
    private long seq;
    private int generation;

    /// Whether this assignment has found out whether the host is up, and a record tells it.
    private boolean told;

    private HostStatus status = HostStatus.DOWN;
    private Instant since = Instant.now();
    private Optional<Instant> asOf;
    private long events;
    private long gaps;

    HostWatch(Host host, long epoch, Known before, Fleet.Steps settings, Outbox outbox) {
        this.host = host;
        this.epoch = epoch;
        this.settings = settings;
        this.outbox = outbox;
        this.before = before.status();
        before.domains().forEach(view -> table.put(view.domain().uuid(), view));
        this.asOf = before.domains().stream().map(DomainView::asOf).max(Comparator.naturalOrder());
    }

    Host host() {
        return host;
    }

    /// Begins the assignment. A host whose last record says that it is up, because nobody was there to write
    /// another, has a record that it is not: until its first list, nothing is known of it.
    synchronized void begin() {
        if (before.equals(Optional.of(HostStatus.UP))) {
            put(HostStatus.DOWN, Instant.now(), Optional.of("not watched since the end of the assignment before"));
            told = false;
            before = Optional.of(HostStatus.DOWN);
        }
    }

    /// Opens the link, unless the assignment has ended meanwhile.
    ///
    /// @return false if the host refuses the registration of events. While it cannot be reached, its link
    ///     finds that out, and tries again
    boolean open() {
        Link opened;
        List<DomainView> known;
        synchronized (this) {
            if (ended) {
                return true;
            }
            opened = Link.to(host.uri()).opening(settings.opening()).open();
            link = opened;
            known = List.copyOf(table.values());
        }
        boolean isOpen = false;
        try {
            var log = new Log();
            log.registration = opened.on(settings.kinds(), Delivery.queued(), log);
            opened.watchDomains(this, settings.watching(), known);
            isOpen = true;
            return true;
        } catch (LibvirtException e) {
            down(Instant.now(), Optional.ofNullable(e.getMessage()));
            return false;
        } catch (IllegalStateException e) {
            if (hasEnded()) {
                // The link was closed meanwhile.
                return true;
            }
            throw e;
        } finally {
            // After an error as well: nobody else closes the link of a watch that was given up.
            if (!isOpen) {
                opened.close();
            }
        }
    }

    private synchronized boolean hasEnded() {
        return ended;
    }

    /// The state that the records tell, written or not.
    synchronized Known known() {
        return new Known(table.values(), told ? Optional.of(status) : before);
    }

    synchronized HostView view() {
        Map<DomainState, Integer> domains = new EnumMap<>(DomainState.class);
        table.values().forEach(each -> domains.merge(each.state(), 1, Integer::sum));
        LinkState state = link == null ? new LinkState.Closed() : link.state();
        return new HostView(host, status, since, state, domains, events, gaps);
    }

    /// Ends the assignment with a record that says so.
    synchronized void unwatch() {
        if (!ended) {
            put(HostStatus.UNWATCHED, Instant.now(), Optional.empty());
            end();
        }
    }

    /// Ends the assignment. No record of it comes after this call.
    synchronized void end() {
        ended = true;
    }

    /// Closes the connection, which can take its time.
    void close() {
        Link last;
        synchronized (this) {
            last = link;
        }
        if (last != null) {
            last.close();
        }
    }

    private Origin origin(int of) {
        return new Origin(host.name(), epoch, of, seq++, Instant.now());
    }

    /// @param when since when
    private void put(HostStatus now, Instant when, Optional<String> failure) {
        if (now == HostStatus.UP) {
            asOf = Optional.empty();
        } else if (status == HostStatus.UP) {
            asOf = Optional.of(when);
        }
        status = now;
        since = when;
        told = true;
        outbox.state(new HostRecord(
                origin(generation), now, when, asOf, table.size(), settings.worker(), host.labels(), failure));
    }

    private synchronized void down(Instant when, Optional<String> failure) {
        if (!ended && (status == HostStatus.UP || !told)) {
            put(HostStatus.DOWN, when, failure);
        }
    }

    /// Tells once that the host is down, and nothing of the tries that follow. A host that is being connected
    /// for the first time is not down before a try has failed.
    @Override
    public void link(LinkState state) {
        if (state instanceof LinkState.Down down
                && (down.cause() != Gap.Cause.BEGINNING || down.failure().isPresent())) {
            down(down.since(), down.failure().map(Throwable::getMessage));
        }
    }

    @Override
    public synchronized void gap(Gap gap) {
        generation = gap.to();
    }

    @Override
    public synchronized void synced(int of) {
        if (!ended) {
            put(HostStatus.UP, Instant.now(), Optional.empty());
        }
    }

    @Override
    public void added(DomainView now, Why why) {
        is(now, why);
    }

    @Override
    public void changed(DomainView was, DomainView now, Why why) {
        is(now, why);
    }

    private synchronized void is(DomainView now, Why why) {
        if (ended) {
            return;
        }
        boolean isNew = table.put(now.domain().uuid(), now) == null;
        var record = new DomainRecord(origin(generation), now, why);
        if (isNew) {
            outbox.added(record);
        } else {
            outbox.state(record);
        }
    }

    @Override
    public synchronized void removed(DomainView last, boolean finalStateUnknown, Why why) {
        if (!ended) {
            table.remove(last.domain().uuid());
            outbox.state(new RemovalRecord(origin(generation), last, finalStateUnknown, why));
        }
    }

    /// The events. They have a thread of their own, which can be in a generation that the table has left.
    final class Log implements LinkHandler<DomainEvent> {
        /// Counts the lost events; null until the link has returned it, which can be after the first.
        volatile @Nullable Registration registration;

        private int of;

        /// The number of lost events that records tell; unknown after a gap without a number.
        private OptionalLong lost = OptionalLong.of(0);

        @Override
        public void on(DomainEvent event) {
            synchronized (HostWatch.this) {
                if (!ended) {
                    events++;
                    outbox.event(new EventRecord(origin(of), event));
                }
            }
        }

        /// The gap in front of the first connection is one as well: another process may have watched before.
        @Override
        public void gap(Gap gap) {
            OptionalLong count = gap.cause() == Gap.Cause.OVERFLOW ? newlyLost() : OptionalLong.empty();
            synchronized (HostWatch.this) {
                of = gap.to();
                if (!ended) {
                    gaps += gap.cause() == Gap.Cause.BEGINNING ? 0 : 1;
                    outbox.event(new GapRecord(origin(of), gap, count));
                }
            }
        }

        private OptionalLong newlyLost() {
            Registration counting = registration;
            OptionalLong before = lost;
            lost = counting == null ? OptionalLong.empty() : OptionalLong.of(counting.lost());
            return lost.isPresent() && before.isPresent()
                    ? OptionalLong.of(lost.getAsLong() - before.getAsLong())
                    : OptionalLong.empty();
        }
    }
}
