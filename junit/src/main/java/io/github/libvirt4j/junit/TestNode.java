package io.github.libvirt4j.junit;

/// The hypervisor of a test.
///
/// @param uri its URI. The test driver has no state that connections share: each connection to this URI
///     begins with a copy of [LibvirtTest#node], and has events of its own
public record TestNode(String uri) {}
