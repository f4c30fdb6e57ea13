/// Errors of libvirt as exceptions, one type for each error that programs handle.
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
/// [LibvirtException][io.github.libvirt4j.error.LibvirtException] is the superclass of all errors that C
/// functions report, and carries libvirt's code, domain and strings.
@NullMarked
package io.github.libvirt4j.error;

import org.jspecify.annotations.NullMarked;
