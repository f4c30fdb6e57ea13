package io.github.libvirt4j.loop;

/// A timeout that libvirt waits for, on an [EventLoopImplementation].
public interface LoopTimeout extends LoopSource {
    /// The number of the timeout, unique within the process.
    int timer();

    /// Notifies libvirt that the timeout has expired. The loop calls this method on its own thread. It does
    /// nothing after the removal of the timeout.
    void expired();
}
