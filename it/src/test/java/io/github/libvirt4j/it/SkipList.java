package io.github.libvirt4j.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Writes down which tests were skipped and why, for `./test --all` to compare with `it/skips.txt`.
///
/// JUnit finds it in `META-INF/services`.
public final class SkipList implements TestExecutionListener {
    private final Set<String> skips = new ConcurrentSkipListSet<>();

    /// By a service loader.
    public SkipList() {}

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        skips.add(name(test) + ": " + reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == Status.ABORTED) {
            String reason = result.getThrowable()
                    .map(thrown -> String.valueOf(thrown.getMessage()))
                    .orElse("no reason given");
            skips.add(name(test) + ": " + reason);
        }
    }

    private static String name(TestIdentifier test) {
        TestSource source = test.getSource().orElse(null);
        return switch (source) {
            case MethodSource method -> method.getJavaClass().getSimpleName() + "." + method.getMethodName();
            case ClassSource all -> all.getJavaClass().getSimpleName();
            case null, default -> test.getDisplayName();
        };
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        try {
            Files.write(Path.of(Objects.requireNonNull(System.getProperty("it.skips"))), skips);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
