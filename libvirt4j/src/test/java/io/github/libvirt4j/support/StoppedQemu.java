package io.github.libvirt4j.support;

import io.github.libvirt4j.testing.QemuMonitor;
import java.io.IOException;
import java.util.UUID;

/// A guest's QEMU that answers nobody until this is closed.
public final class StoppedQemu implements AutoCloseable {
    private final long pid;

    /// @param guest a running guest on this machine
    public StoppedQemu(UUID guest) throws IOException {
        pid = QemuMonitor.pid(guest);
        signal("STOP");
    }

    private void signal(String signal) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                .inheritIO()
                .start();
        int result = kill.onExit().join().exitValue();
        if (result != 0) {
            throw new IllegalStateException("kill -" + signal + " " + pid + " ended with " + result);
        }
    }

    @Override
    public void close() throws IOException {
        signal("CONT");
    }
}
