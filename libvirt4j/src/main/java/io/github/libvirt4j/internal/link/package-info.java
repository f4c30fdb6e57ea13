/// Links and watches without threads, libvirt or a clock: state machines that receive what happened and
/// answer what to do, so that tests run them through any order of events.
///
/// [Reconciler][io.github.libvirt4j.internal.link.Reconciler] knows the link and its domains; a
/// [Notices][io.github.libvirt4j.internal.link.Notices] knows what one handler has heard of them.
@NullMarked
package io.github.libvirt4j.internal.link;

import org.jspecify.annotations.NullMarked;
