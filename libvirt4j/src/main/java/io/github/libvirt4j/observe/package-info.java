/// Observation of the library at work: calls of C and how they ended, events, the time that handlers
/// take, what was lost, the state of links.
///
/// ```java
/// Libvirt.addObserver(new Observer() {
///     @Override
///     public void returned(Call call, @Nullable Throwable thrown) {
///         if (call.nanos() > 1_000_000_000) {
///             log.warn("{} took {} ms", call, call.nanos() / 1_000_000);
///         }
///     }
/// });
/// ```
///
/// An [Observer][io.github.libvirt4j.observe.Observer] is the source of metrics, traces and JFR events; a
/// [Watchdog][io.github.libvirt4j.observe.Watchdog] is an observer that finds handlers, and an event loop,
/// that are stuck. Without an observer a call pays nothing measurable.
@NullMarked
package io.github.libvirt4j.observe;

import org.jspecify.annotations.NullMarked;
