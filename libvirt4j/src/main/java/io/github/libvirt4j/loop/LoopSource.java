package io.github.libvirt4j.loop;

import org.jspecify.annotations.Nullable;

/// What libvirt waits for on an [EventLoopImplementation]. Safe for use by any thread.
public interface LoopSource {
    /// Keeps something of the event loop's own with it, or nothing any more.
    void attach(@Nullable Object object);

    /// What the event loop keeps with it; null if nothing.
    @Nullable
    Object attachment();
}
