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
@NullMarked
package io.github.libvirt4j.junit;

import org.jspecify.annotations.NullMarked;
