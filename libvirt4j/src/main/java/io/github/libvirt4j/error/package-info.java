/// Failures, as exceptions to be caught by their type.
///
/// ```java
/// try {
///     domain.resume();
/// } catch (OperationInvalidException e) {
///     log.warn("{0} is not suspended: {1}", domain, e.getMessage());
/// } catch (DisconnectedException e) {
///     reconnect();
/// }
/// ```
///
/// [LibvirtException][io.github.libvirt4j.error.LibvirtException] is the root of all that C functions report,
/// with libvirt's code, domain and strings.
@NullMarked
package io.github.libvirt4j.error;

import org.jspecify.annotations.NullMarked;
