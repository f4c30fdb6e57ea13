package io.github.libvirt4j.internal.c;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.libvirt4j.NothingLeft;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class StackProbeTest {
    /// The VM keeps 110 KiB of it. What is left is less than fifteen frames need, compiled or not.
    private static final int SMALL = 150 << 10;

    private static final int LARGE = 1 << 20;

    /// The result of `code` on a thread with a stack of that size.
    private static <T> T on(int stack, Supplier<T> code) throws Exception {
        var given = new CompletableFuture<T>();
        Thread.ofPlatform().stackSize(stack).start(() -> {
            try {
                given.complete(code.get());
            } catch (Throwable t) {
                given.completeExceptionally(t);
            }
        });
        return given.get(10, TimeUnit.SECONDS);
    }

    private static void assertNeedsMore(Runnable probe) throws Exception {
        assertThat(on(SMALL, () -> catchThrowable(probe::run)))
                .isInstanceOf(StackOverflowError.class)
                .hasMessageStartingWith("libvirt4j needs 120 KiB of stack for this call")
                .hasMessageContaining("libvirt was not called");
        assertThat(on(LARGE, () -> Optional.ofNullable(catchThrowable(probe::run))))
                .isEmpty();
    }

    @Test
    void refusesACallThatMayCallBackOnASmallStack() throws Exception {
        assertNeedsMore(StackProbe::always);
    }

    @Test
    void refusesAnyCallOnceItIsArmed() throws Exception {
        StackProbe.arm();
        assertNeedsMore(StackProbe::whenArmed);
    }

    @Test
    void hasRoomForBookkeepingOnASmallStack() throws Exception {
        assertThat(on(SMALL, () -> Optional.ofNullable(catchThrowable(StackProbe::brief))))
                .isEmpty();
    }

    /// It needs more than a frame of the digging does, and is what overflows.
    @Test
    void refusesBookkeepingWhereHardlyAFrameIsLeft() throws Exception {
        assertThat(on(SMALL, () -> catchThrowable(() -> dig(0))))
                .isInstanceOf(StackOverflowError.class)
                .hasMessageStartingWith("libvirt4j needs ");
    }

    @SuppressWarnings("InfiniteRecursion") // On purpose.
    private static int dig(int depth) {
        StackProbe.brief();
        return depth + dig(depth + 1);
    }

    @Test
    void tellsARoomyStack() throws Exception {
        assertThat(on(SMALL, StackProbe::isRoomy)).isFalse();
        assertThat(on(LARGE, StackProbe::isRoomy)).isTrue();
    }
}
