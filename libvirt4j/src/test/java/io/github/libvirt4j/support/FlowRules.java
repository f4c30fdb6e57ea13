package io.github.libvirt4j.support;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

/// The rules of reactive streams, as their technology compatibility kit checks them. Its tests are TestNG's.
///
/// @param <T> the elements of the publisher
public abstract class FlowRules<T> extends FlowPublisherVerification<T> {
    private static final long PATIENCE = 2_000;
    private static final long SILENCE = 50;

    /// More than any of its tests asks for, and fewer than a queue holds.
    private static final long MOST = 1_000;

    protected FlowRules() {
        super(new TestEnvironment(PATIENCE, SILENCE), SILENCE);
    }

    @Override
    public final long maxElementsFromPublisher() {
        return MOST;
    }

    /// A test for each rule.
    ///
    /// @param kits makes a kit for one test
    /// @param close what the publishers of a test have left open
    public static Stream<DynamicTest> tests(Supplier<? extends FlowRules<?>> kits, Executable close) {
        return Arrays.stream(kits.get().getClass().getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .filter(method -> !method.getName().startsWith("untested_"))
                .sorted(Comparator.comparing(method -> method.getName()))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> {
                    FlowRules<?> kit = kits.get();
                    kit.setUp();
                    try {
                        method.invoke(kit);
                    } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof SkipException skipped) {
                            throw new TestAbortedException(skipped.getMessage(), skipped);
                        }
                        throw e.getCause();
                    } finally {
                        close.execute();
                    }
                }));
    }

    /// Runs a task after the last element of a test: publishers of events have no other end.
    ///
    /// @param <T> the elements
    public record Counting<T>(Flow.Subscriber<? super T> to, AtomicLong left, Runnable last)
            implements Flow.Subscriber<T> {
        public Counting(Flow.Subscriber<? super T> to, long elements, Runnable last) {
            this(to, new AtomicLong(elements), last);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            to.onSubscribe(subscription);
        }

        @Override
        public void onNext(T element) {
            to.onNext(element);
            if (left.decrementAndGet() == 0) {
                last.run();
            }
        }

        @Override
        public void onError(Throwable t) {
            to.onError(t);
        }

        @Override
        public void onComplete() {
            to.onComplete();
        }
    }
}
