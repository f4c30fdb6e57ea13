package io.github.libvirt4j.loop;

import org.jspecify.annotations.Nullable;

/// A handle or timeout that libvirt waits for on an [EventLoopImplementation]. Safe for use by any thread.
public interface LoopSource {
    /// Associates an object of the event loop's with this source, and replaces an earlier one.
    ///
    /// @param object the object; null for none
    void attach(@Nullable Object object);

    /// The object that the event loop attached; null if there is none.
    @Nullable
    Object attachment();
}
