/// The side-by-side measurements: [io.github.libvirt4j.bench.Measurements] says what is measured, of whom,
/// and what is to be reached; the rest runs the peers, compares, and draws. See `bench/README.md`.
@NullMarked
package io.github.libvirt4j.bench;

import org.jspecify.annotations.NullMarked;
