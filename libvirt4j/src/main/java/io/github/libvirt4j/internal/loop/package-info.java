/// The event loop of the process: libvirt's own, the one on epoll, or the program's.
@NullMarked
package io.github.libvirt4j.internal.loop;

import org.jspecify.annotations.NullMarked;
