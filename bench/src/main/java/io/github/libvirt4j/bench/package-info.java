/// Benchmarks: JMH for what lives in one process, programs of their own for what is compared with C.
@NullMarked
package io.github.libvirt4j.bench;

import org.jspecify.annotations.NullMarked;
