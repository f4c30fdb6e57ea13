/// The handwritten native room: loading libvirt and linking its functions, C's memory and strings, errors,
/// the event loop, and the one table of events.
///
/// Used by the API in `io.github.libvirt4j` and by the generated raw layer; exported to nobody.
package io.github.libvirt4j.internal;
