package io.github.libvirt4j.spring;

import io.github.libvirt4j.Opening;
import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Link;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The properties of libvirt4j. Immutable, safe for use by any thread.
///
/// @param enabled Whether links are made.
/// @param uri URI of the hypervisor. Default: if there are no named links, that of libvirt.
/// @param readOnly Whether connections are read-only.
/// @param openTimeout Time limit for opening a connection. Default: 10s.
/// @param callTimeout Time limit for each call. Default: 30s.
/// @param keepAlive Probes of silent connections.
/// @param retry Pauses between tries to open a connection.
/// @param links Further links, by their names. The settings of the first link apply where they have none.
/// @param watch The watch of the domains of each link.
/// @param events Kinds of events to publish, such as domain.reboot. Default: none, as a watch needs none.
@ConfigurationProperties("libvirt4j")
public record LibvirtProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String uri,
        @DefaultValue("false") boolean readOnly,
        @Nullable Duration openTimeout,
        @Nullable Duration callTimeout,
        @Nullable KeepAlive keepAlive,
        @Nullable Retry retry,
        @DefaultValue Map<String, Named> links,
        @DefaultValue Watch watch,
        @DefaultValue List<String> events) {
    /// The name of the link to [#uri].
    static final String FIRST = "libvirt";

    /// Copies the collections. The links keep their order, in which they become beans. An empty URI counts as
    /// none.
    ///
    /// @throws IllegalArgumentException if a named link has the name of the first
    public LibvirtProperties {
        uri = given(uri);
        links = Collections.unmodifiableMap(new LinkedHashMap<>(links));
        events = List.copyOf(events);
        if (links.containsKey(FIRST)) {
            throw new IllegalArgumentException("libvirt4j.links." + FIRST
                    + " has the name of the link to libvirt4j.uri; set that, or choose another name");
        }
    }

    /// As by a placeholder without a value, `${X:}`. libvirt would open its default connection.
    private static @Nullable String given(@Nullable String uri) {
        return uri == null || uri.isBlank() ? null : uri;
    }

    /// A link with a name.
    ///
    /// @param uri URI of the hypervisor.
    /// @param readOnly Whether connections are read-only. Default: libvirt4j.read-only.
    /// @param openTimeout Time limit for opening a connection. Default: libvirt4j.open-timeout.
    /// @param callTimeout Time limit for each call. Default: libvirt4j.call-timeout.
    /// @param keepAlive Probes of silent connections.
    /// @param retry Pauses between tries to open a connection.
    public record Named(
            @Nullable String uri,
            @Nullable Boolean readOnly,
            @Nullable Duration openTimeout,
            @Nullable Duration callTimeout,
            @Nullable KeepAlive keepAlive,
            @Nullable Retry retry) {
        /// An empty URI counts as none.
        public Named {
            uri = given(uri);
        }
    }

    /// Probes of silent connections.
    ///
    /// @param interval Silence before a probe, in whole seconds; 0 for no probes.
    /// @param count Probes without an answer after which a connection is given up.
    public record KeepAlive(
            @Nullable Duration interval, @Nullable Integer count) {
        private static final Duration INTERVAL = Duration.ofSeconds(5);
        private static final int COUNT = 5;
    }

    /// Pauses between tries to open a connection, which grow exponentially.
    ///
    /// @param first Upper limit of the first pause.
    /// @param longest Upper limit of all pauses.
    public record Retry(@Nullable Duration first, @Nullable Duration longest) {}

    /// The watch of the domains of each link.
    ///
    /// @param enabled Whether the domains of each link are watched.
    /// @param resync Time between lists of all domains.
    /// @param settle Time for which the end of a domain is held back, in case it starts again.
    public record Watch(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("5m") Duration resync,
            @DefaultValue("0s") Duration settle) {
        DomainWatch.Options options() {
            return new DomainWatch.Options(resync, settle);
        }
    }

    /// The settings of all links, by name. A link that is not to be has none.
    Map<String, Named> all() {
        Map<String, Named> all = new LinkedHashMap<>();
        if (uri != null || links.isEmpty()) {
            all.put(FIRST, new Named(uri, readOnly, openTimeout, callTimeout, keepAlive, retry));
        }
        links.forEach((name, link) -> all.put(name, complete(name, link)));
        return all;
    }

    private Named complete(String name, Named link) {
        if (link.uri == null) {
            throw new IllegalArgumentException(
                    "The link '" + name + "' goes nowhere; set libvirt4j.links." + name + ".uri");
        }
        return new Named(
                link.uri,
                or(link.readOnly, readOnly),
                or(link.openTimeout, openTimeout),
                or(link.callTimeout, callTimeout),
                merge(link.keepAlive, keepAlive),
                merge(link.retry, retry));
    }

    private static @Nullable KeepAlive merge(@Nullable KeepAlive own, @Nullable KeepAlive all) {
        return own == null || all == null
                ? or(own, all)
                : new KeepAlive(or(own.interval, all.interval), or(own.count, all.count));
    }

    private static @Nullable Retry merge(@Nullable Retry own, @Nullable Retry all) {
        return own == null || all == null
                ? or(own, all)
                : new Retry(or(own.first, all.first), or(own.longest, all.longest));
    }

    private static <T> @Nullable T or(@Nullable T own, @Nullable T otherwise) {
        return own != null ? own : otherwise;
    }

    /// A link with these settings; the library's defaults apply where there are none.
    static Link.Steps steps(Named link) {
        Link.Steps steps = Link.to(link.uri).opening(opening -> change(opening, link));
        Retry retry = link.retry;
        if (retry == null) {
            return steps;
        }
        var standard = io.github.libvirt4j.link.Retry.exponential();
        return steps.retry(new io.github.libvirt4j.link.Retry(
                Objects.requireNonNullElse(retry.first, standard.first()),
                Objects.requireNonNullElse(retry.longest, standard.longest())));
    }

    private static Opening<?> change(Opening<?> opening, Named link) {
        Opening<?> changed = opening;
        if (Boolean.TRUE.equals(link.readOnly)) {
            changed = changed.readOnly();
        }
        if (link.openTimeout != null) {
            changed = changed.openTimeout(link.openTimeout);
        }
        if (link.callTimeout != null) {
            changed = changed.callTimeout(link.callTimeout);
        }
        KeepAlive keepAlive = link.keepAlive;
        return keepAlive == null
                ? changed
                : changed.keepAlive(
                        Objects.requireNonNullElse(keepAlive.interval, KeepAlive.INTERVAL),
                        Objects.requireNonNullElse(keepAlive.count, KeepAlive.COUNT));
    }
}
