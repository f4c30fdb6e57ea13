package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.call.LastingMemory;
import io.github.libvirt4j.internal.call.TimedCalls;
import io.github.libvirt4j.loop.EventLoop;
import io.github.libvirt4j.support.ExecutorLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Fails a test that leaves something behind: a closure on loan, an open handle, memory of a timed call, a
/// connection that was closed while something referred to it, or a busy thread of the library's other than
/// the event loop. Every test class of the module uses the extension; [NothingLeftTest] checks that.
///
/// It also fails a test in whose handlers something was thrown, such as an assertion error. A test that
/// expects that sets an uncaught handler of its own, which the extension replaces before the next test.
@SuppressWarnings({"exports", "missing-explicit-ctor"}) // The module is the library's; tests only stand in it.
public final class NothingLeft implements BeforeEachCallback, AfterEachCallback {
    /// Work in the background gets this time to end. Mutation runs, where tests are meant to fail, shorten
    /// it.
    private static final Duration LIMIT = Duration.ofSeconds(Integer.getInteger("test.patience", 10));

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(NothingLeft.class);

    /// The leftovers of a test that has failed for them, so that the tests after it do not.
    private static List<String> reported = List.of();

    private static final Queue<Throwable> UNCAUGHT = new ConcurrentLinkedQueue<>();

    static {
        // Before the first test: a process cannot change its loop.
        if ("executor".equals(System.getProperty("test.eventLoop"))) {
            EventLoop.use(new ExecutorLoop());
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put("badly closed", Connect.CLOSED_WITH_REFERENCES.sum());
        Libvirt.setUncaughtHandler((callback, thrown) -> UNCAUGHT.add(new AssertionError(callback + " threw", thrown)));
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        List<List<String>> fine = List.of(List.of(), reported);
        while (!fine.contains(left()) && System.nanoTime() < deadline) {
            Thread.sleep(1);
        }
        List<String> left = left();
        List<Throwable> uncaught = takeUncaught();
        if (!fine.contains(left) || !uncaught.isEmpty()) {
            reported = left;
            var failure = new AssertionError(context.getDisplayName() + " left " + left + " and threw "
                    + uncaught.size() + " exceptions in handlers");
            uncaught.forEach(failure::addSuppressed);
            throw failure;
        }
        assertThat(Connect.CLOSED_WITH_REFERENCES.sum())
                .as("connections closed with something referring to them")
                .isEqualTo(context.getStore(NAMESPACE).get("badly closed", Long.class));
    }

    /// The exceptions that handlers have thrown since the last call, and that no test has expected.
    static List<Throwable> takeUncaught() {
        List<Throwable> all = new ArrayList<>();
        for (Throwable next = UNCAUGHT.poll(); next != null; next = UNCAUGHT.poll()) {
            all.add(next);
        }
        return all;
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
