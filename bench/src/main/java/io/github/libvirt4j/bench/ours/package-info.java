/// The peer with this library: the works of `bench/README.md`, a class each. On the class path, so that it
/// sees the core.
@NullMarked
package io.github.libvirt4j.bench.ours;

import org.jspecify.annotations.NullMarked;
