package io.github.libvirt4j.loop;

/// A time that libvirt waits for, on an [EventLoopImplementation].
public interface LoopTimeout extends LoopSource {
    /// Its number, which no other timeout has or had.
    int timer();

    /// Tells libvirt that the time is up, on the thread of the loop. Does nothing after its removal.
    void expired();
}
