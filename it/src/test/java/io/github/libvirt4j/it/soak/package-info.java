/// A mix of all that is done with the library, faults included, for as long as one likes: whether anything
/// grows or is left. `it/soak` runs it.
@org.jspecify.annotations.NullMarked
package io.github.libvirt4j.it.soak;
