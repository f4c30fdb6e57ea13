package io.github.libvirt4j;

/// What a host has. Immutable, for use by any thread. C: `virNodeInfo`.
///
/// @param model its kind of processor: `x86_64`, …
/// @param memory its memory, in KiB
/// @param cpus how many processors are on
/// @param mhz their frequency, in MHz; 0 if it is not known
/// @param nodes how many NUMA nodes it has
/// @param sockets how many sockets a node has
/// @param cores how many cores a socket has
/// @param threads how many threads a core has
public record NodeInfo(String model, long memory, int cpus, int mhz, int nodes, int sockets, int cores, int threads) {}
