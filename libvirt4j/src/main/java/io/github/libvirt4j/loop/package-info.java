/// The event loop of libvirt, timers and file descriptors that a program registers on it, and event loops of
/// the program's own.
///
/// ```java
/// Timer timer = EventLoop.every(Duration.ofSeconds(10), t -> report());
/// FileWatch watch = EventLoop.onReadable(fd, (w, events) -> read(fd));
/// ```
@NullMarked
package io.github.libvirt4j.loop;

import org.jspecify.annotations.NullMarked;
