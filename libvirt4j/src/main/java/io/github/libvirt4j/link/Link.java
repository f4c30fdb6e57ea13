package io.github.libvirt4j.link;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Opening;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A connection that is opened again whenever it ends. Safe for use by any thread.
///
/// ```java
/// try (Link link = Link.to("qemu+tls://host/system").open()) {
///     link.watchDomains(handler);
///     …
/// }
/// ```
///
/// A link opens its connection in the background, from [Opening#open] on: a host that cannot be reached is a
/// [state][LinkState], not an exception. When the connection breaks off, the link opens another one, after a
/// pause that grows exponentially with each failure. Each connection is a *generation*, and all registrations
/// of a generation are made, or it does not begin.
///
/// No handle survives a generation: a [Domain][io.github.libvirt4j.Domain] belongs to one connection and is
/// closed with it. [Identities][io.github.libvirt4j.event.DomainIdentity] and [views][DomainView] stay valid.
public final class Link implements AutoCloseable {
    private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    private final Driver driver;

    private Link(Driver driver) {
        this.driver = driver;
        driver.go();
    }

    /// Begins a link to a hypervisor.
    ///
    /// @param uri the URI of the hypervisor; null for libvirt's default, as for [Connect#open]
    public static Steps to(@Nullable String uri) {
        return new Steps(
                Objects.toString(uri, "the default connection"),
                Connect.to(uri).openTimeout(OPEN_TIMEOUT).callTimeout(CALL_TIMEOUT),
                Retry.exponential());
    }

    /// The settings of a link. Immutable: each method returns a new object.
    public static final class Steps {
        private final String name;
        private final Opening<?> opening;
        private final Retry retry;

        private Steps(String name, Opening<?> opening, Retry retry) {
            this.name = name;
            this.opening = opening;
            this.retry = retry;
        }

        /// Changes how connections are opened. Default: as [Connect#to], with an open timeout of 10 seconds and
        /// a call timeout of 30 seconds.
        ///
        /// ```java
        /// Link.to(uri).opening(opening -> opening.readOnly().authenticator(answers))
        /// ```
        public Steps opening(UnaryOperator<Opening<?>> change) {
            return new Steps(name, change.apply(opening), retry);
        }

        /// Changes the pauses between tries. Default: [Retry#exponential()].
        public Steps retry(Retry pauses) {
            return new Steps(name, opening, Objects.requireNonNull(pauses, "pauses"));
        }

        /// Opens the link, and returns at once: the first connection is opened in the background.
        public Link open() {
            return new Link(new Driver(name, opening::open, retry));
        }
    }

    /// A call on the connection of a link.
    ///
    /// @param <T> the result
    /// @param <X> the checked exceptions
    @FunctionalInterface
    public interface Call<T extends @Nullable Object, X extends Exception> {
        /// Makes the call.
        T on(Connect connect) throws X;
    }

    /// The state of the link.
    public LinkState state() {
        return driver.state();
    }

    /// Waits until the link is up.
    ///
    /// @return false if it was not within `limit`, or was closed
    public boolean awaitUp(Duration limit) throws InterruptedException {
        return driver.await(link -> !(link.state() instanceof LinkState.Down), limit)
                && state() instanceof LinkState.Up;
    }

    /// Makes a call on the connection. A call is not repeated, as it may have taken effect; and it does not wait
    /// for a link that is down.
    ///
    /// @param <T> the result
    /// @param <X> the checked exceptions of the call
    /// @param call is not to keep the connection, nor to close it
    /// @throws X if the call throws it
    /// @throws io.github.libvirt4j.error.DisconnectedException if the link is down, or the connection breaks off
    ///     during the call
    /// @throws IllegalStateException if the link was closed
    public <T extends @Nullable Object, X extends Exception> T call(Call<T, X> call) throws X {
        return call.on(driver.connect());
    }

    /// Watches the domains, with a resync every five minutes and without a settle time.
    public DomainWatch watchDomains(DomainHandler handler) {
        return watchDomains(handler, DomainWatch.Options.DEFAULT);
    }

    /// Watches the domains.
    public DomainWatch watchDomains(DomainHandler handler, DomainWatch.Options options) {
        return new DomainWatch(driver, Objects.requireNonNull(handler, "handler"), options);
    }

    /// Closes the link and its connection; see [Connect#close]. Its watches hear of that, and of nothing after
    /// it. Closing again does nothing.
    @Override
    public void close() {
        driver.close();
    }

    @Override
    public String toString() {
        return "link to " + driver;
    }
}
