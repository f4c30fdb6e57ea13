package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.internal.loop.ProcessLoop;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// GLib's default main context belongs to the toolkit of the process, if there is one: GTK by SWT, JavaFX or
/// java-gi. Only libvirt's own loop turns it as well.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class MainContextTest {
    private static final int KEEP = 1;
    private static final int REMOVE = 0;

    private static final Set<Thread> CALLED_ON = ConcurrentHashMap.newKeySet();
    private static final CountDownLatch CALLED = new CountDownLatch(20);

    @SuppressWarnings("unused") // By name.
    private static int tick(MemorySegment data) {
        CALLED_ON.add(Thread.currentThread());
        CALLED.countDown();
        return CALLED.getCount() > 0 ? KEEP : REMOVE;
    }

    @Test
    @SuppressWarnings("restricted")
    void isTurnedByNobodyButItsOwner() throws Throwable {
        boolean isLibvirts = "libvirt".equals(System.getProperty("libvirt4j.eventLoop"));
        Linker linker = Linker.nativeLinker();
        SymbolLookup glib = SymbolLookup.libraryLookup("libglib-2.0.so.0", Arena.global());
        MethodHandle add = linker.downcallHandle(
                glib.findOrThrow("g_timeout_add"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        MethodHandle turn = linker.downcallHandle(
                glib.findOrThrow("g_main_context_iteration"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        MemorySegment tick = linker.upcallStub(
                MethodHandles.lookup()
                        .findStatic(
                                MainContextTest.class, "tick", MethodType.methodType(int.class, MemorySegment.class)),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
                Arena.global());
        try (Connect connect = Embedded.open()) {
            int _ = (int) add.invokeExact(1, tick, MemorySegment.NULL);
            // The toolkit is busy elsewhere, and calls of libvirt's keep the library's loop turning.
            for (int i = 0; i < 20; i++) {
                assertThat(connect.isAlive()).isTrue();
                ProcessLoop.turn();
            }
            if (isLibvirts) {
                assertThat(CALLED.await(10, TimeUnit.SECONDS)).isTrue();
                assertThat(CALLED_ON).extracting(Thread::getName).containsExactly("libvirt4j-events");
                return;
            }
            assertThat(CALLED_ON).isEmpty();
            while (CALLED.getCount() > 0) {
                int _ = (int) turn.invokeExact(MemorySegment.NULL, 1);
            }
            assertThat(CALLED_ON).containsExactly(Thread.currentThread());
        }
    }
}
