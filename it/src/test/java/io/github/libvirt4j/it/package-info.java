/// Tests of the library against real daemons, guests and hosts. They use what users can use, and nothing
/// of the library's inside.
///
/// `./test --all` runs them. What runs them by themselves is told in `it/README.md`.
@org.jspecify.annotations.NullMarked
package io.github.libvirt4j.it;
