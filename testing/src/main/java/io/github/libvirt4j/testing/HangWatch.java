package io.github.libvirt4j.testing;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Ends the tests when one of them hangs, and says where every thread was. A call into C that never comes
/// back cannot be interrupted, and JUnit's timeouts only interrupt.
///
/// JUnit finds it in `META-INF/services`. The system property `test.hangSeconds` sets the time.
public final class HangWatch implements TestExecutionListener {
    /// Longer than the slowest test needs on a slow machine.
    private static final Duration LIMIT = Duration.ofSeconds(Integer.getInteger("test.hangSeconds", 600));

    private volatile long since;
    private volatile String last = "nothing";

    /// By a service loader.
    public HangWatch() {}

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        note("starting");
        Thread.ofPlatform().daemon().name("hang-watch").start(this::watch);
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        note("start of " + test.getUniqueId());
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        note("end of " + test.getUniqueId());
    }

    private void note(String what) {
        last = what;
        since = System.nanoTime();
    }

    private void watch() {
        try {
            while (System.nanoTime() - since < LIMIT.toNanos()) {
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            return;
        }
        StringBuilder text =
                new StringBuilder("Nothing has happened for " + LIMIT.toSeconds() + " s after the " + last);
        for (Map.Entry<Thread, StackTraceElement[]> thread :
                Thread.getAllStackTraces().entrySet()) {
            text.append("\n").append(thread.getKey());
            for (StackTraceElement frame : thread.getValue()) {
                text.append("\n    at ").append(frame);
            }
        }
        // What is in charge of the tests has replaced System.err, and would not get it out in time.
        new PrintStream(new FileOutputStream(FileDescriptor.err), true).println(text);
        Runtime.getRuntime().halt(1);
    }
}
