/// From a callback of libvirt to a handler.
@NullMarked
package io.github.libvirt4j.internal.event;

import org.jspecify.annotations.NullMarked;
