package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtStream.virStreamEventRemoveCallback;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.libvirt4j.error.ProtocolViolationException;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.callback.CallScope;
import io.github.libvirt4j.internal.callback.FakeC;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.event.CloseWatch;
import io.github.libvirt4j.internal.event.ConnectionCalls;
import io.github.libvirt4j.internal.event.ReadyListener;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.internal.stream.StreamCallbacks;
import io.github.libvirt4j.internal.stream.StreamCallbacks.Drain;
import io.github.libvirt4j.internal.stream.StreamCallbacks.Feed;
import io.github.libvirt4j.internal.stream.StreamEnd;
import io.github.libvirt4j.internal.stream.StreamWatch;
import io.github.libvirt4j.stream.SparseSink;
import io.github.libvirt4j.stream.SparseSource;
import io.github.libvirt4j.stream.StreamRegistration;
import io.github.libvirt4j.support.Threads;
import io.github.libvirt4j.types.StreamEventType;
import io.github.libvirt4j.types.StreamFlags;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The C sides of a stream's callbacks, called through their function pointers by a made-up C, with values
/// that libvirt does not send and with closures that throw.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class StreamCallbackTest {
    private static final MemorySegment NULL = MemorySegment.NULL;
    private static final MemorySegment NOBODY = MemorySegment.ofAddress(7);

    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void freeMemory() {
        arena.close();
    }

    private static Object call(Upcall upcall, Object... arguments) throws Throwable {
        MethodHandle function = FakeC.function(upcall.pointer(0), upcall.signature());
        return function.invokeWithArguments(arguments);
    }

    /// A source and sink, sparse and not, of which each part does as it is told and remembers what it saw.
    private static final class Closure implements SparseSource<Exception>, SparseSink<Exception> {
        private final List<Object> seen = new ArrayList<>();
        private @Nullable Exception thrown;
        private SparseSource.Section section = Section.END;
        private int result;

        private void see(Object what) throws Exception {
            seen.add(what);
            if (thrown != null) {
                throw thrown;
            }
        }

        @Override
        public int read(ByteBuffer into) throws Exception {
            see(into.remaining());
            if (result > 0) {
                into.put((byte) 5);
            }
            return result;
        }

        @Override
        public Section section() throws Exception {
            see("section");
            return section;
        }

        @Override
        public void skip(long length) throws Exception {
            see(length);
        }

        @Override
        public void write(ByteBuffer from) throws Exception {
            see(from.remaining());
            from.position(from.limit());
        }

        @Override
        public void hole(long length) throws Exception {
            see(length);
        }
    }

    @FunctionalInterface
    private interface FromC {
        Object call(MemorySegment opaque) throws Throwable;
    }

    /// C calls with nobody's number; with a closure that throws; and again after that.
    private static void contains(boolean source, FromC call) throws Throwable {
        long strays = Loans.strays();
        assertThat(call.call(NOBODY)).isEqualTo(-1);
        assertThat(call.call(NULL)).isEqualTo(-1);
        assertThat(Loans.strays()).isEqualTo(strays + 2);
        Closure closure = new Closure();
        IOException thrown = new IOException("on purpose");
        closure.thrown = thrown;
        try (CallScope<?> scope = CallScope.lend(source ? new Feed(closure, closure) : new Drain(closure, closure))) {
            assertThat(call.call(scope.opaque())).isEqualTo(-1);
            assertThat(closure.seen).hasSize(1);
            assertThat(call.call(scope.opaque())).isEqualTo(-1);
            assertThat(closure.seen).hasSize(1);
            assertThat(catchThrowable(() -> scope.check(null))).isSameAs(thrown);
        }
    }

    @Test
    void ofASource() throws Throwable {
        MemorySegment data = arena.allocate(10);
        contains(true, opaque -> call(StreamCallbacks.SOURCE, NULL, data, 10L, opaque));
        Closure closure = new Closure();
        try (CallScope<Feed> scope = CallScope.lend(new Feed(closure, closure))) {
            MemorySegment opaque = scope.opaque();
            closure.result = 1;
            assertThat(call(StreamCallbacks.SOURCE, NULL, data, 10L, opaque)).isEqualTo(1);
            assertThat(data.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 5);
            // More than a buffer can have, or C can be told; -1 is the largest of size_t.
            assertThat(call(StreamCallbacks.SOURCE, NULL, data, Long.MAX_VALUE, opaque))
                    .isEqualTo(1);
            assertThat(call(StreamCallbacks.SOURCE, NULL, data, -1L, opaque)).isEqualTo(1);
            assertThat(call(StreamCallbacks.SOURCE, NULL, NULL, 0L, opaque)).isEqualTo(0);
            closure.result = -1;
            assertThat(call(StreamCallbacks.SOURCE, NULL, data, 10L, opaque)).isEqualTo(0);
            // After its end it is not asked again.
            assertThat(call(StreamCallbacks.SOURCE, NULL, data, 10L, opaque)).isEqualTo(0);
            scope.check(null);
        }
        assertThat(closure.seen).containsExactly(10, Integer.MAX_VALUE - 8, Integer.MAX_VALUE - 8, 10);
    }

    @Test
    void ofASection() throws Throwable {
        MemorySegment inData = arena.allocate(ValueLayout.JAVA_INT);
        MemorySegment length = arena.allocate(ValueLayout.JAVA_LONG);
        contains(true, opaque -> call(StreamCallbacks.SOURCE_HOLE, NULL, inData, length, opaque));
        Closure closure = new Closure();
        try (CallScope<Feed> scope = CallScope.lend(new Feed(closure, closure))) {
            for (SparseSource.Section section : List.of(
                    SparseSource.Section.data(Long.MAX_VALUE),
                    SparseSource.Section.hole(Long.MAX_VALUE),
                    SparseSource.Section.END)) {
                closure.section = section;
                assertThat(call(StreamCallbacks.SOURCE_HOLE, NULL, inData, length, scope.opaque()))
                        .isEqualTo(0);
                assertThat(inData.get(ValueLayout.JAVA_INT, 0)).isEqualTo(section.isData() ? 1 : 0);
                assertThat(length.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(section.length());
            }
            // No place for the answer.
            assertThat(call(StreamCallbacks.SOURCE_SKIP, NULL, 1L, scope.opaque()))
                    .isEqualTo(0);
        }
    }

    @Test
    void ofASourceThatEndsBeforeItsSectionDoes() throws Throwable {
        MemorySegment data = arena.allocate(10);
        Closure closure = new Closure();
        try (CallScope<Feed> scope = CallScope.lend(new Feed(closure, closure))) {
            closure.section = SparseSource.Section.data(3);
            section(scope);
            closure.result = 1;
            assertThat(call(StreamCallbacks.SOURCE, NULL, data, 10L, scope.opaque()))
                    .isEqualTo(1);
            closure.result = -1;
            assertThat(call(StreamCallbacks.SOURCE, NULL, data, 10L, scope.opaque()))
                    .isEqualTo(-1);
            assertThat(catchThrowable(() -> scope.check(null)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("ended 2 bytes before the section of data did");
        }
        // A hole is no data that could be missing.
        try (CallScope<Feed> scope = CallScope.lend(new Feed(closure, closure))) {
            closure.section = SparseSource.Section.hole(10);
            section(scope);
            assertThat(call(StreamCallbacks.SOURCE, NULL, data, 10L, scope.opaque()))
                    .isEqualTo(0);
            scope.check(null);
        }
    }

    private void section(CallScope<Feed> scope) throws Throwable {
        MemorySegment inData = arena.allocate(ValueLayout.JAVA_INT);
        MemorySegment length = arena.allocate(ValueLayout.JAVA_LONG);
        assertThat(call(StreamCallbacks.SOURCE_HOLE, NULL, inData, length, scope.opaque()))
                .isEqualTo(0);
    }

    @Test
    void ofASourceThatPutsNothing() throws Throwable {
        MemorySegment data = arena.allocate(10);
        Closure closure = new Closure();
        try (CallScope<Feed> scope = CallScope.lend(new Feed(closure, closure))) {
            assertThat(call(StreamCallbacks.SOURCE, NULL, data, 10L, scope.opaque()))
                    .isEqualTo(-1);
            assertThat(catchThrowable(() -> scope.check(null)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("put nothing into the buffer, and did not return -1");
        }
    }

    @Test
    void ofASkip() throws Throwable {
        contains(true, opaque -> call(StreamCallbacks.SOURCE_SKIP, NULL, 1L, opaque));
        Closure closure = new Closure();
        try (CallScope<Feed> scope = CallScope.lend(new Feed(closure, closure))) {
            for (long length : List.of(Long.MAX_VALUE, 0L, -1L)) {
                assertThat(call(StreamCallbacks.SOURCE_SKIP, NULL, length, scope.opaque()))
                        .isEqualTo(0);
            }
        }
        assertThat(closure.seen).containsExactly(Long.MAX_VALUE, 0L, -1L);
    }

    @Test
    void ofASink() throws Throwable {
        MemorySegment data = arena.allocate(10);
        contains(false, opaque -> call(StreamCallbacks.SINK, NULL, data, 10L, opaque));
        Closure closure = new Closure();
        try (CallScope<Drain> scope = CallScope.lend(new Drain(closure, closure))) {
            assertThat(call(StreamCallbacks.SINK, NULL, data, 10L, scope.opaque()))
                    .isEqualTo(10);
            assertThat(call(StreamCallbacks.SINK, NULL, data, -1L, scope.opaque()))
                    .isEqualTo(Integer.MAX_VALUE - 8);
            assertThat(call(StreamCallbacks.SINK, NULL, NULL, 0L, scope.opaque()))
                    .isEqualTo(0);
        }
        assertThat(closure.seen).containsExactly(10, Integer.MAX_VALUE - 8);
    }

    @Test
    void ofAHoleForASink() throws Throwable {
        contains(false, opaque -> call(StreamCallbacks.SINK_HOLE, NULL, 1L, opaque));
        Closure closure = new Closure();
        try (CallScope<Drain> scope = CallScope.lend(new Drain(closure, closure))) {
            for (long length : List.of(0L, Long.MAX_VALUE, 0L)) {
                assertThat(call(StreamCallbacks.SINK_HOLE, NULL, length, scope.opaque()))
                        .isEqualTo(0);
            }
        }
        assertThat(closure.seen).containsExactly(0L, Long.MAX_VALUE, 0L);
    }

    /// A hole counts from the end of the data and holes before it.
    @Test
    void ofAHoleBehindData() throws Throwable {
        MemorySegment data = arena.allocate(10);
        Closure closure = new Closure();
        try (CallScope<Drain> scope = CallScope.lend(new Drain(closure, closure))) {
            assertThat(call(StreamCallbacks.SINK, NULL, data, 10L, scope.opaque()))
                    .isEqualTo(10);
            assertThat(call(StreamCallbacks.SINK_HOLE, NULL, 5L, scope.opaque()))
                    .isEqualTo(0);
            assertThat(call(StreamCallbacks.SINK_HOLE, NULL, Long.MAX_VALUE - 15, scope.opaque()))
                    .isEqualTo(0);
            assertThat(call(StreamCallbacks.SINK_HOLE, NULL, 1L, scope.opaque()))
                    .isEqualTo(-1);
            assertThat(catchThrowable(() -> scope.check(null)))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("a hole of 1 bytes behind " + Long.MAX_VALUE);
        }
        assertThat(closure.seen).containsExactly(10, 5L, Long.MAX_VALUE - 15);
    }

    /// Without the checks a sink would go back, and the VM would die of C's NULL.
    @Test
    void ofSizesThatCannotBe() throws Throwable {
        Closure closure = new Closure();
        refused(new Drain(closure, closure), opaque -> call(StreamCallbacks.SINK_HOLE, NULL, -1L, opaque));
        refused(new Drain(closure, closure), opaque -> call(StreamCallbacks.SINK, NULL, NULL, 1L, opaque));
        refused(new Feed(closure, closure), opaque -> call(StreamCallbacks.SOURCE, NULL, NULL, 1L, opaque));
        assertThat(closure.seen).isEmpty();
    }

    private static void refused(Object closure, FromC call) throws Throwable {
        try (CallScope<?> scope = CallScope.lend(closure)) {
            assertThat(call.call(scope.opaque())).isEqualTo(-1);
            assertThat(catchThrowable(() -> scope.check(null))).isInstanceOf(ProtocolViolationException.class);
        }
    }

    /// A sink's closure where a source is asked, as if the numbers were mixed up.
    @Test
    void ofAnotherCall() throws Throwable {
        Closure closure = new Closure();
        MemorySegment data = arena.allocate(10);
        try (CallScope<Drain> scope = CallScope.lend(new Drain(closure, closure))) {
            assertThat(call(StreamCallbacks.SOURCE, NULL, data, 10L, scope.opaque()))
                    .isEqualTo(-1);
            assertThat(catchThrowable(() -> scope.check(null))).isInstanceOf(ClassCastException.class);
        }
        assertThat(closure.seen).isEmpty();
    }

    private static Upcall event() {
        return StreamCallbacks.upcalls().getLast();
    }

    private static void ready(MemorySegment opaque, int events) throws Throwable {
        call(event(), NULL, events, opaque);
    }

    @Test
    void ofReadiness() throws Throwable {
        long strays = Loans.strays();
        ready(NOBODY, 1);
        ready(NULL, -1);
        assertThat(Loans.strays()).isEqualTo(strays + 2);
        BlockingQueue<Set<StreamEventType>> seen = new LinkedBlockingQueue<>();
        try (Connect connect = Embedded.open();
                Stream stream = connect.newStream(StreamFlags.NONBLOCK)) {
            connect.domains().lookupByName("test").console().screenshot(stream, 0);
            StreamEnd end = new StreamEnd(connect.object, connect.closeWatch(), false);
            StreamWatch watch = end.watch();
            long number = Loans.lend(watch);
            StreamRegistration writer = add(watch, stream, end, seen);
            ready(Loans.opaque(number), 0);
            ready(Loans.opaque(number), StreamEventType.READABLE.bits() | 1 << 30);
            assertThat(seen.poll(50, TimeUnit.MILLISECONDS)).isNull();
            ready(Loans.opaque(number), StreamEventType.WRITABLE.bits());
            assertThat(next(seen)).containsExactly(StreamEventType.WRITABLE);
            awaitRearmed();
            // All there is, and bits without a name, as when libvirt aborts a stream.
            ready(Loans.opaque(number), -1);
            assertThat(next(seen))
                    .containsExactly(StreamEventType.WRITABLE, StreamEventType.ERROR, StreamEventType.HANGUP);
            awaitRearmed();
            ready(Loans.opaque(number), StreamEventType.ERROR.bits());
            assertThat(next(seen)).containsExactly(StreamEventType.ERROR);
            assertThat(writer.closeAndAwait(Duration.ofSeconds(10))).isTrue();
            ready(Loans.opaque(number), -1);
            assertThat(seen.poll(50, TimeUnit.MILLISECONDS)).isNull();
            Loans.end(number);
            assertThat(watch.takeBack()).isTrue();
            ProcessLoop.turn();
            watch.endLoan();
        }
    }

    /// Remembers what it is told.
    private static final class Remembering extends ReadyListener {
        private final StreamWatch watch;
        private final BlockingQueue<Integer> told = new LinkedBlockingQueue<>();
        private final CountDownLatch goOn = new CountDownLatch(1);

        Remembering(StreamWatch watch) {
            super(StreamEventType.WRITABLE.bits());
            this.watch = watch;
        }

        @Override
        protected boolean ready(int events, boolean last) {
            told.add(events);
            try {
                return goOn.await(10, TimeUnit.SECONDS) && !last;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        protected void served(boolean goesOn) {
            watch.served(this, goesOn);
        }

        int next() throws InterruptedException {
            return Objects.requireNonNull(told.poll(10, TimeUnit.SECONDS), "not called");
        }
    }

    /// C has one place for a callback: it refuses that of another watch.
    @Test
    void ofListenersThatCRefuses() throws Throwable {
        List<String> asked = new ArrayList<>();
        ObjIntConsumer<String> check = (function, result) -> asked.add(function + " " + result);
        try (Connect connect = Embedded.open();
                Stream stream = connect.newStream(StreamFlags.NONBLOCK)) {
            connect.domains().lookupByName("test").console().screenshot(stream, 0);
            MemorySegment pointer = stream.object.pointer();
            StreamWatch first = new StreamWatch();
            StreamWatch second = new StreamWatch();
            assertThat(first.add(pointer, new Remembering(first), check)).isZero();
            Remembering refused = new Remembering(second);
            assertThat(second.add(pointer, refused, check)).isEqualTo(-1);
            var thrown = new IllegalStateException("on purpose");
            assertThat(catchThrowable(() -> second.add(pointer, refused, (_, _) -> {
                        throw thrown;
                    })))
                    .isSameAs(thrown);
            assertThat(Libvirt.closuresOnLoan()).isEqualTo(1);
            virStreamEventRemoveCallback(pointer);
            // Without a callback in C there is nothing to update.
            assertThat(first.add(pointer, new Remembering(first), check)).isEqualTo(-1);
            ProcessLoop.turn();
            first.endLoan();
            Remembering taken = new Remembering(second);
            assertThat(second.add(pointer, taken, check)).isZero();
            assertThat(asked)
                    .containsExactly(
                            "virStreamEventAddCallback 0",
                            "virStreamEventAddCallback -1",
                            "virStreamEventUpdateCallback -1",
                            "virStreamEventAddCallback 0");
            second.ready(StreamEventType.WRITABLE.bits());
            assertThat(taken.next()).isEqualTo(StreamEventType.WRITABLE.bits());
            taken.goOn.countDown();
            awaitRearmed();
            assertThat(refused.told).isEmpty();
            assertThat(second.takeBack()).isTrue();
            assertThat(second.takeBack()).isFalse();
            ProcessLoop.turn();
            second.endLoan();
            assertThat(catchThrowable(() -> second.add(pointer, taken, check)))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    /// One that cannot be told of the end of the connection is not told of anything.
    @Test
    void ofListenersThatTheConnectionRefuses() throws Throwable {
        var thrown = new IllegalStateException("on purpose");
        try (Connect connect = Embedded.open();
                Stream stream = connect.newStream(StreamFlags.NONBLOCK)) {
            connect.domains().lookupByName("test").console().screenshot(stream, 0);
            StreamEnd end = new StreamEnd(connect.object, new CloseWatch(ConnectionCalls.CONNECT), false);
            Remembering refused = new Remembering(end.watch());
            assertThat(catchThrowable(() -> end.await(stream.object.pointer(), refused, (function, _) -> {
                        if (function.equals("virConnectRegisterCloseCallback")) {
                            throw thrown;
                        }
                    })))
                    .isSameAs(thrown);
            end.watch().ready(StreamEventType.WRITABLE.bits());
            awaitRearmed();
            assertThat(refused.told).isEmpty();
            assertThat(end.watch().takeBack()).isTrue();
            ProcessLoop.turn();
            end.watch().endLoan();
        }
    }

    /// A listener that is at work then is told when it has returned.
    @Test
    void ofAConnectionThatBrokeOff() throws Throwable {
        try (Connect connect = Embedded.open();
                Stream stream = connect.newStream(StreamFlags.NONBLOCK)) {
            connect.domains().lookupByName("test").console().screenshot(stream, 0);
            StreamWatch watch = new StreamWatch();
            Remembering listener = new Remembering(watch);
            assertThat(watch.add(stream.object.pointer(), listener, (_, _) -> {}))
                    .isZero();
            watch.ready(StreamEventType.WRITABLE.bits());
            assertThat(listener.next()).isEqualTo(StreamEventType.WRITABLE.bits());
            watch.brokenOff();
            listener.goOn.countDown();
            assertThat(listener.next()).isEqualTo(StreamEventType.HANGUP.bits());
            awaitRearmed();
            assertThat(listener.told).isEmpty();
            assertThat(watch.takeBack()).isTrue();
            ProcessLoop.turn();
            watch.endLoan();
        }
    }

    /// C is asked to abort what is under way, once, and whatever it answers.
    @Test
    void ofAnAbort() throws Throwable {
        List<Integer> results = new ArrayList<>();
        try (Connect connect = Embedded.open();
                Stream stream = connect.newStream(StreamFlags.NONBLOCK)) {
            connect.domains().lookupByName("test").console().screenshot(stream, 0);
            MemorySegment pointer = stream.object.pointer();
            StreamEnd unused = end(connect);
            unused.abort(pointer, results::add);
            StreamEnd finished = opened(connect);
            finished.finish(pointer, _ -> {});
            finished.abort(pointer, results::add);
            assertThat(results).isEmpty();
            StreamEnd abandoned = opened(connect);
            abandoned.abandoned();
            abandoned.abort(pointer, results::add);
            abandoned.abort(pointer, results::add);
            assertThat(results).hasSize(1);
            for (boolean isFinish : List.of(true, false)) {
                StreamEnd failing = opened(connect);
                IntConsumer check = _ -> {
                    throw new IllegalStateException("on purpose");
                };
                assertThat(catchThrowable(() -> {
                            if (isFinish) {
                                failing.finish(pointer, check);
                            } else {
                                failing.abort(pointer, check);
                            }
                        }))
                        .hasMessage("on purpose");
                // Nor does it keep others.
                Threads.together(1, _ -> failing.abort(pointer, results::add));
            }
            assertThat(results).hasSize(1);
        }
    }

    private static StreamEnd end(Connect connect) {
        return new StreamEnd(connect.object, connect.closeWatch(), false);
    }

    private static StreamEnd opened(Connect connect) {
        StreamEnd end = end(connect);
        end.beginAttaching(false);
        end.endAttaching(true);
        return end;
    }

    /// A listener that has served what it was told of may take the next one's place before C's call is
    /// through: that one would believe it, and wait for data in C.
    @Test
    void ofReadinessIsToldOnce() throws Throwable {
        int calls = 100_000;
        AtomicInteger told = new AtomicInteger();
        try (Connect connect = Embedded.open();
                Stream stream = connect.newStream(StreamFlags.NONBLOCK)) {
            connect.domains().lookupByName("test").console().screenshot(stream, 0);
            StreamWatch watch = new StreamWatch();
            long number = Loans.lend(watch);
            AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
            new Listening(watch, stream, told, failed).listen();
            for (int i = 0; i < calls; i++) {
                ready(Loans.opaque(number), StreamEventType.WRITABLE.bits());
            }
            awaitRearmed();
            assertThat(told.get()).isBetween(1, calls);
            assertThat(failed).hasNullValue();
            Loans.end(number);
            assertThat(watch.takeBack()).isTrue();
            ProcessLoop.turn();
            watch.endLoan();
        }
    }

    /// Listens anew whenever it was told, by another listener.
    private static final class Listening extends ReadyListener {
        private final StreamWatch watch;
        private final Stream stream;
        private final AtomicInteger told;
        private final AtomicReference<@Nullable Throwable> failed;

        Listening(StreamWatch watch, Stream stream, AtomicInteger told, AtomicReference<@Nullable Throwable> failed) {
            super(StreamEventType.WRITABLE.bits());
            this.watch = watch;
            this.stream = stream;
            this.told = told;
            this.failed = failed;
        }

        void listen() {
            assertThat(watch.add(stream.object.pointer(), this, (_, _) -> {})).isNotNegative();
        }

        @Override
        protected boolean ready(int events, boolean last) {
            told.incrementAndGet();
            try {
                watch.remove(this);
                new Listening(watch, stream, told, failed).listen();
            } catch (Throwable t) {
                failed.set(t);
            }
            return true;
        }

        @Override
        protected void served(boolean goesOn) {
            watch.served(this, goesOn);
        }
    }

    private static StreamRegistration add(
            StreamWatch watch, Stream stream, StreamEnd end, BlockingQueue<Set<StreamEventType>> seen) {
        StreamReadiness registration =
                new StreamReadiness(stream, end, Set.of(StreamEventType.WRITABLE), (_, events) -> seen.add(events));
        // The embedded driver's stream is never writable: only the made-up C says so.
        assertThat(watch.add(stream.object.pointer(), registration, (_, _) -> {}))
                .isNotNegative();
        return registration;
    }

    /// The handler has returned, and what comes after it is done.
    private static void awaitRearmed() {
        while (Workers.busy() > 0) {
            Thread.onSpinWait();
        }
    }

    private static Set<StreamEventType> next(BlockingQueue<Set<StreamEventType>> seen) throws InterruptedException {
        return Objects.requireNonNull(seen.poll(10, TimeUnit.SECONDS), "not called");
    }
}
