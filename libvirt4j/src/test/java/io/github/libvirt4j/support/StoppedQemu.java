package io.github.libvirt4j.support;

import java.io.IOException;

/// A guest's QEMU that answers nobody until this is closed.
public final class StoppedQemu implements AutoCloseable {
    private final ProcessHandle process;

    /// @param guest the name or UUID of a running guest on this machine
    public StoppedQemu(String guest) throws IOException {
        process = ProcessHandle.allProcesses()
                .filter(each -> each.info()
                        .commandLine()
                        .filter(line -> line.contains("qemu-system") && line.contains(guest))
                        .isPresent())
                .findFirst()
                .orElseThrow();
        signal("STOP");
    }

    private void signal(String signal) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .inheritIO()
                .start();
        int result = kill.onExit().join().exitValue();
        if (result != 0) {
            throw new IllegalStateException("kill -" + signal + " " + process.pid() + " ended with " + result);
        }
    }

    @Override
    public void close() throws IOException {
        signal("CONT");
    }
}
