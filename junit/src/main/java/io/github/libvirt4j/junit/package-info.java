/// Tests of programs that use libvirt4j: a hypervisor for each test, and a check of what the test leaves.
///
/// ```java
/// @LibvirtTest
/// class ShutdownTest {
///     @Test
///     void stopsTheDomain(Connect connect) {
///         try (Domain domain = connect.domains().lookupByName("test")) {
///             …
///         }
///     }
/// }
/// ```
///
/// [Faults] is a hypervisor whose events get lost, come late, twice or in another order, whose connections
/// break, and whose calls fail or hang. The faults are made by a proxy that speaks libvirt's protocol, in
/// front of a daemon. Three places were considered for them:
///
/// - *An [Observer][io.github.libvirt4j.observe.Observer]* is told of calls and events, and can change
///   neither.
/// - *A switch in the library*, between libvirt's callback and the queue of a handler, could drop and reorder
///   events. It could not break a connection or let a call hang in C, which are the faults that links, time
///   limits and closing are made for, and it would be code for tests in every program.
/// - *The protocol* has all of these faults by nature. The library and libvirt's client are those of
///   production: a connection that breaks is a socket that was closed, and an error is a reply. The price is
///   the program `libvirtd` on the machine of the tests, and that calls are counted as messages and not as
///   functions.
@NullMarked
package io.github.libvirt4j.junit;

import org.jspecify.annotations.NullMarked;
