package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.call.LastingMemory;
import io.github.libvirt4j.internal.call.TimedCalls;
import io.github.libvirt4j.loop.EventLoop;
import io.github.libvirt4j.support.ExecutorLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Every test leaves things as it found them: no closure is on loan, no handle open, no memory of a timed
/// call held, no connection was closed with something still referring to it, and no thread of the library's
/// is at work beyond the event loop. Every test class of the module uses it; [NothingLeftTest] sees to that.
@SuppressWarnings({"exports", "missing-explicit-ctor"}) // The module is the library's; tests only stand in it.
public final class NothingLeft implements BeforeEachCallback, AfterEachCallback {
    /// What ends in the background gets that time; less of it where faults are put in and tests are meant to
    /// fail.
    private static final Duration LIMIT = Duration.ofSeconds(Integer.getInteger("test.patience", 10));

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(NothingLeft.class);

    /// What a test was found to have left: only that one is to blame.
    private static List<String> reported = List.of();

    static {
        // Before the first test: the loop is the process's for ever.
        if ("executor".equals(System.getProperty("test.eventLoop"))) {
            EventLoop.use(new ExecutorLoop());
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put("badly closed", Connect.CLOSED_WITH_REFERENCES.sum());
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        List<List<String>> fine = List.of(List.of(), reported);
        while (!fine.contains(left()) && System.nanoTime() < deadline) {
            Thread.sleep(1);
        }
        List<String> left = left();
        if (!fine.contains(left)) {
            reported = left;
            fail("left by " + context.getDisplayName() + ": " + left);
        }
        assertThat(Connect.CLOSED_WITH_REFERENCES.sum())
                .as("connections closed with something referring to them")
                .isEqualTo(context.getStore(NAMESPACE).get("badly closed", Long.class));
    }

    static List<String> left() {
        List<String> left = new ArrayList<>();
        if (Libvirt.closuresOnLoan() != 0) {
            left.add(Libvirt.closuresOnLoan() + " closures on loan");
        }
        if (Libvirt.handlesOpen() != 0) {
            left.add(Libvirt.handlesOpen() + " handles open");
        }
        if (LastingMemory.held() != 0) {
            left.add(LastingMemory.held() + " bytes of calls with a time limit");
        }
        if (TimedCalls.urisOpening() != 0) {
            left.add(TimedCalls.urisOpening() + " URIs being opened");
        }
        if (Workers.busy() != 0) {
            left.add(Workers.busy() + " workers busy");
        }
        return left;
    }
}
