package io.github.libvirt4j.link;

import io.github.libvirt4j.types.DomainState;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/// The domains of a link, kept up to date. Safe for use by any thread.
///
/// A watch believes no event: an event makes it look at the domain, and the look decides. It removes a domain
/// only if a lookup on a live connection did not find it, and it lists all domains again on a schedule, as
/// libvirt makes changes without events. While the link is down it keeps what it knows, marked by
/// [DomainView#asOf].
public final class DomainWatch implements AutoCloseable {
    private final Driver driver;
    private final Driver.Telling telling;

    DomainWatch(Link link, Driver driver, DomainHandler handler, Options options, Collection<DomainView> known) {
        this.driver = driver;
        this.telling = driver.watch(link, handler, options, known);
    }

    /// How domains are watched.
    ///
    /// @param resync the time between lists, more than zero; each pause is 0.8 to 1.2 times as long.
    ///     `ChronoUnit.FOREVER.getDuration()` for those at the beginning of each connection only
    /// @param settle the time for which a change to [DomainState#SHUTOFF] is held back, in case the domain
    ///     starts again, as one that reboots in some ways does; zero for none
    public record Options(Duration resync, Duration settle) {
        static final Options DEFAULT = new Options(Duration.ofMinutes(5), Duration.ZERO);

        /// Checks the durations.
        ///
        /// @throws IllegalArgumentException if `resync` is not positive or `settle` is negative
        public Options {
            if (!resync.isPositive() || settle.isNegative()) {
                throw new IllegalArgumentException("A resync every " + resync + " and a settle time of " + settle
                        + " are impossible; the former has to be more than zero, the latter zero or more");
            }
        }
    }

    /// The newest view of a domain; empty if there is no such domain, or none is known yet.
    public Optional<DomainView> get(UUID domain) {
        return Optional.ofNullable(driver.get(domain));
    }

    /// The newest view of each domain.
    public List<DomainView> all() {
        return driver.all();
    }

    /// Whether the views are up to date: the link is up, and has listed the domains. False from the moment the
    /// link is known to be down, and of a watch that was closed.
    public boolean isCurrent() {
        return telling.isCurrent();
    }

    /// Waits until the views are up to date.
    ///
    /// @return false if they were not within `limit`, or the watch or its link was closed
    public boolean awaitCurrent(Duration limit) throws InterruptedException {
        return driver.await(_ -> isCurrent() || telling.isOver(), limit) && isCurrent();
    }

    /// Waits until a domain is in a state, as far as a current watch knows. A domain that no longer exists counts
    /// as shut off.
    ///
    /// @return false if it was not within `limit`, or the watch or its link was closed
    public boolean await(UUID domain, DomainState state, Duration limit) throws InterruptedException {
        var seen = new AtomicBoolean();
        boolean _ = driver.await(
                link -> {
                    DomainView view = link.get(domain);
                    seen.set(isCurrent() && (view == null ? state == DomainState.SHUTOFF : view.state() == state));
                    return seen.get() || telling.isOver();
                },
                limit);
        return seen.get();
    }

    /// Ends the watch. Its handler is not called any more, except that a call in progress is not interrupted.
    @Override
    public void close() {
        telling.close();
    }
}
