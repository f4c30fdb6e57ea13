/// Meters of libvirt4j for Micrometer.
///
/// ```java
/// try (var metrics = new LibvirtMetrics()) {
///     metrics.bindTo(registry);
///     …
/// }
/// ```
///
/// [LibvirtMetrics][io.github.libvirt4j.micrometer.LibvirtMetrics] has those of the process: calls, events,
/// handlers, links. [DomainWatchMetrics][io.github.libvirt4j.micrometer.DomainWatchMetrics] has those of the
/// domains of one link. No meter has a tag for a domain, and only on request one for a connection: the number
/// of time series does not grow with that of domains.
@NullMarked
package io.github.libvirt4j.micrometer;

import org.jspecify.annotations.NullMarked;
