/// The domains and events of many hosts as one stream of records.
///
/// ```java
/// try (Fleet fleet = Fleet.of(Hosts.read(Path.of("hosts.yaml"))).to(JsonLines.stdout()).start()) {
///     …
/// }
/// ```
///
/// A [Fleet][io.github.libvirt4j.fleet.Fleet] has a link to each host, and hands what happens there to one
/// [Sink][io.github.libvirt4j.fleet.Sink]: the state of each domain and host, the events, and the places
/// where events are missing, each a [FleetRecord][io.github.libvirt4j.fleet.FleetRecord].
/// [CloudEvents][io.github.libvirt4j.fleet.CloudEvents] writes records as JSON.
@NullMarked
package io.github.libvirt4j.fleet;

import org.jspecify.annotations.NullMarked;
