package io.github.libvirt4j.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.OpenFile;
import io.github.libvirt4j.loop.LoopHandle;
import io.github.libvirt4j.loop.LoopSource;
import io.github.libvirt4j.loop.LoopTimeout;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.support.Pipe;
import io.github.libvirt4j.types.EventHandleType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One beside the process's, whose handles are not libvirt's: nothing of [JavaLoop] stands between that could
/// hide what it calls.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class EpollLoopTest {
    private static final int READABLE = EventHandleType.READABLE.bits();
    private static final int WRITABLE = EventHandleType.WRITABLE.bits();

    private static final AtomicInteger LAST = new AtomicInteger();

    /// A call of a handle, or of a timeout with no events.
    private record Called(Object source, int events) {}

    private final BlockingQueue<Called> called = new LinkedBlockingQueue<>();
    private final List<Pipe> pipes = new ArrayList<>();

    // Its thread lives as long as the process.
    private final EpollLoop loop = new EpollLoop();

    private final Thread thread = loop.start();

    private abstract static class Source implements LoopSource {
        final int id = LAST.incrementAndGet();
        private @Nullable Object attachment;

        @Override
        public void attach(@Nullable Object object) {
            attachment = object;
        }

        @Override
        public @Nullable Object attachment() {
            return attachment;
        }
    }

    /// Waits for nothing more when it was called.
    private final class Handle extends Source implements LoopHandle {
        private final int fd;

        Handle(int fd) {
            this.fd = fd;
        }

        @Override
        public int watch() {
            return id;
        }

        @Override
        public int fd() {
            return fd;
        }

        @Override
        public void ready(int events) {
            loop.updateHandle(this, 0);
            called.add(new Called(this, events));
        }
    }

    private class Time extends Source implements LoopTimeout {
        @Override
        public int timer() {
            return id;
        }

        @Override
        public void expired() {
            loop.removeTimeout(this);
            called.add(new Called(this, 0));
        }
    }

    /// Keeps the loop until it may go on.
    private final class Blocking extends Time {
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public void expired() {
            super.expired();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private Pipe pipe() {
        Pipe pipe = new Pipe();
        pipes.add(pipe);
        return pipe;
    }

    private Handle add(int fd, int events) {
        Handle handle = new Handle(fd);
        loop.addHandle(handle, events);
        return handle;
    }

    @AfterEach
    void close() {
        pipes.forEach(Pipe::close);
    }

    private Called next() throws InterruptedException {
        return Objects.requireNonNull(called.poll(10, TimeUnit.SECONDS), "nothing was called");
    }

    /// The loop has turned: what was ready before is called.
    private void turn() throws InterruptedException {
        Time timeout = new Time();
        loop.addTimeout(timeout, 0);
        assertThat(next()).isEqualTo(new Called(timeout, 0));
    }

    /// libvirt believes that it was not added.
    @Test
    void forgetsWhatTheKernelRefuses() throws Exception {
        Pipe closed = new Pipe();
        int number = closed.readEnd();
        closed.close();
        Handle refused = new Handle(number);
        assertThatThrownBy(() -> loop.addHandle(refused, READABLE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("file descriptor " + number);
        Pipe pipe = pipe();
        assertThat(pipe.readEnd()).isEqualTo(number);
        Handle other = add(number, READABLE);
        pipe.write();
        assertThat(next()).isEqualTo(new Called(other, READABLE));
        turn();
    }

    /// Those who wait for the same file descriptor are in a list, and each place of it can be left.
    @Test
    void removesOneOfSeveralThatWaitForTheSame() throws Exception {
        for (int removed = 0; removed < 3; removed++) {
            Pipe pipe = pipe();
            List<Handle> three = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                three.add(add(pipe.readEnd(), READABLE));
            }
            loop.removeHandle(three.remove(removed));
            pipe.write();
            assertThat(List.of(next().source(), next().source())).containsExactlyInAnyOrderElementsOf(three);
            turn();
            // The others are there as before.
            three.forEach(handle -> loop.updateHandle(handle, READABLE));
            assertThat(List.of(next().source(), next().source())).hasSize(2);
            turn();
        }
    }

    /// Its tables grow to the file descriptors that come, whichever comes first.
    @Test
    void takesFileDescriptorsOfAnyNumber() throws Exception {
        while (pipes.isEmpty() || pipes.getLast().writeEnd() <= 300) {
            pipe();
        }
        for (int first : List.of(64, 65, 127, 128, 129, 300)) {
            EpollLoop other = new EpollLoop();
            for (int number = first; number <= 300; number++) {
                for (Pipe pipe : pipes) {
                    if (number == pipe.writeEnd()) {
                        other.addHandle(new Handle(number), WRITABLE);
                    } else if (number == pipe.readEnd()) {
                        other.addHandle(new Handle(number), READABLE);
                    }
                }
            }
        }
        Handle last = add(pipes.getLast().writeEnd(), WRITABLE);
        assertThat(next()).isEqualTo(new Called(last, WRITABLE));
        Handle first = add(pipes.getFirst().writeEnd(), WRITABLE);
        assertThat(next()).isEqualTo(new Called(first, WRITABLE));
        turn();
    }

    /// epoll refuses regular files, which are always ready.
    @Test
    void callsSeveralFiles(@TempDir Path folder) throws Exception {
        Path one = Files.createFile(folder.resolve("one"));
        Path two = Files.createFile(folder.resolve("two"));
        try (OpenFile oneOpen = OpenFile.forReading(one);
                OpenFile twoOpen = OpenFile.forReading(two)) {
            Handle first = add(oneOpen.fd(), 0);
            Handle second = add(twoOpen.fd(), 0);
            for (int i = 0; i < 2; i++) {
                loop.updateHandle(first, READABLE);
                assertThat(next()).isEqualTo(new Called(first, READABLE));
                turn();
                loop.updateHandle(second, WRITABLE);
                assertThat(next()).isEqualTo(new Called(second, WRITABLE));
                turn();
            }
            loop.removeHandle(first);
            loop.updateHandle(second, READABLE);
            assertThat(next()).isEqualTo(new Called(second, READABLE));
            loop.removeHandle(second);
            turn();
        }
    }

    /// One whose mask was emptied waits for nothing, not even for the error that its file has.
    @Test
    void tellsNothingToWhoWaitsForNothing() throws Exception {
        Pipe pipe = pipe();
        Handle nothing = add(pipe.writeEnd(), 0);
        Handle something = add(pipe.writeEnd(), READABLE);
        pipe.closeReadEnd();
        assertThat(next()).isEqualTo(new Called(something, EventHandleType.ERROR.bits()));
        turn();
        loop.updateHandle(nothing, READABLE);
        assertThat(next()).isEqualTo(new Called(nothing, EventHandleType.ERROR.bits()));
        turn();
    }

    /// More at once than there is room for at first, of each sort.
    @Test
    void callsManyInOneTurn() throws Exception {
        Blocking blocking = new Blocking();
        loop.addTimeout(blocking, 0);
        assertThat(next().source()).isSameAs(blocking);
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            all.add(add(pipe().writeEnd(), WRITABLE));
            Time time = new Time();
            loop.addTimeout(time, 0);
            all.add(time);
        }
        blocking.goOn.countDown();
        List<Object> sources = new ArrayList<>();
        while (sources.size() < all.size()) {
            sources.add(next().source());
        }
        assertThat(sources).containsExactlyInAnyOrderElementsOf(all);
        turn();
    }

    /// The end of the VM waits for a thread that is in C, but not for one that is parked.
    @Test
    void parksWithNothingToWaitFor(@TempDir Path folder) throws Exception {
        awaitThread(Thread.State.WAITING);
        turn();
        awaitThread(Thread.State.WAITING);
        Pipe pipe = pipe();
        Handle handle = add(pipe.readEnd(), READABLE);
        awaitThread(Thread.State.RUNNABLE);
        pipe.write();
        assertThat(next()).isEqualTo(new Called(handle, READABLE));
        awaitThread(Thread.State.WAITING);
        loop.updateHandle(handle, READABLE);
        assertThat(next()).isEqualTo(new Called(handle, READABLE));
        Handle silent = add(pipe().readEnd(), READABLE);
        awaitThread(Thread.State.RUNNABLE);
        loop.removeHandle(silent);
        awaitThread(Thread.State.WAITING);
        Time later = new Time();
        loop.addTimeout(later, 60_000);
        awaitThread(Thread.State.RUNNABLE);
        loop.removeTimeout(later);
        awaitThread(Thread.State.WAITING);
        try (OpenFile file = OpenFile.forReading(Files.createFile(folder.resolve("file")))) {
            Handle ofFile = add(file.fd(), READABLE);
            assertThat(next()).isEqualTo(new Called(ofFile, READABLE));
            awaitThread(Thread.State.WAITING);
        }
    }

    /// An interrupt does not keep it from parking: it would use up a processor.
    @Test
    void parksThoughAHandlerInterruptedItsThread() throws Exception {
        loop.addTimeout(
                new Time() {
                    @Override
                    public void expired() {
                        super.expired();
                        thread.interrupt();
                    }
                },
                0);
        assertThat(next().events()).isZero();
        awaitThread(Thread.State.WAITING);
        assertThat(thread.isInterrupted()).isFalse();
    }

    /// Where there is no stack to wake it, the next try does.
    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1"})
    void wakesUpAfterATryThatFailed(String compiler) throws Exception {
        ChildVm vm = ChildVm.run(Wakes.class, List.of(compiler, "--enable-native-access=ALL-UNNAMED"));
        assertThat(vm.lines()).last().asString().matches("overflowed [1-9]\\d*, called 40");
        assertThat(vm.status()).isZero();
    }

    /// On the way back from a stack overflow each frame tries to wake a loop that is parked, until one can.
    static final class Wakes {
        private static final EpollLoop LOOP = new EpollLoop();
        private static long overflowed;
        private static boolean isTried;

        private Wakes() {}

        private static final class Once extends Source implements LoopTimeout {
            private final CountDownLatch due = new CountDownLatch(1);

            @Override
            public int timer() {
                return id;
            }

            @Override
            public void expired() {
                LOOP.removeTimeout(this);
                due.countDown();
            }
        }

        public static void main(String[] arguments) throws InterruptedException {
            Thread thread = LOOP.start();
            // All that is initialised lazily.
            for (int i = 0; i < 2_000; i++) {
                LOOP.wake();
            }
            int called = 0;
            while (called < 40 && isCalled(thread, called)) {
                called++;
            }
            System.out.println("overflowed " + overflowed + ", called " + called);
        }

        private static boolean isCalled(Thread thread, int frames) throws InterruptedException {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.sleep(1);
            }
            isTried = false;
            Thread diver = new Thread(null, () -> dive(frames), "dive", 200 * 1024L);
            diver.start();
            diver.join();
            var time = new Once();
            LOOP.addTimeout(time, 0);
            return time.due.await(10, TimeUnit.SECONDS);
        }

        /// Frames of another size first, so that the stack ends elsewhere each time.
        private static void dive(int frames) {
            if (frames > 0) {
                dive(frames - 1);
            } else {
                dive();
            }
        }

        @SuppressWarnings("InfiniteRecursion") // On purpose.
        private static void dive() {
            try {
                dive();
            } catch (StackOverflowError e) {
                // On the way back now.
            }
            try {
                if (!isTried) {
                    LOOP.wake();
                    isTried = true;
                }
            } catch (StackOverflowError e) {
                overflowed++;
            }
        }
    }

    private void awaitThread(Thread.State state) throws InterruptedException {
        long start = System.nanoTime();
        while (thread.getState() != state) {
            assertThat(System.nanoTime() - start)
                    .as("the loop's thread is %s", thread.getState())
                    .isLessThan(TimeUnit.SECONDS.toNanos(10));
            Thread.sleep(1);
        }
    }
}
