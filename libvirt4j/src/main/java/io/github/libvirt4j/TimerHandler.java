package io.github.libvirt4j;

/// A lambda that is called when a time is up; see [EventLoop#every].
///
/// It runs on a thread of the library's and may block, throw, or close its timer. It is not called again
/// before it has returned.
@FunctionalInterface
public interface TimerHandler {
    /// The time is up. What this throws is reported to [Libvirt#setUncaughtHandler] and ends the timer.
    ///
    /// @param timer itself, to close or change it
    void on(Timer timer) throws Exception;
}
