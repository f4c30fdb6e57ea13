/// Events as values, their kinds, and the handlers that receive them. Events are records without native
/// resources, which a program can keep, compare, queue and print indefinitely.
///
/// An event carries the identity of its object; `connect.domains().lookup(event.domain())` returns a handle.
/// A component named `raw…` is the number that C passed; the method of the same name without `raw` returns
/// the enum constant.
@NullMarked
package io.github.libvirt4j.event;

import org.jspecify.annotations.NullMarked;
