package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectGetLibVersion;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.raw.LibvirtDomain;
import io.github.libvirt4j.internal.raw.LibvirtHost;
import io.github.libvirt4j.internal.raw.LibvirtNetwork;
import io.github.libvirt4j.internal.raw.LibvirtNodedev;
import io.github.libvirt4j.internal.raw.LibvirtSecret;
import io.github.libvirt4j.internal.raw.LibvirtStorage;
import io.github.libvirt4j.internal.raw.LibvirtStream;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.testing.SessionDaemon;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls into libvirt that come back, where the stack is nearly full, in a VM of its own: it could abort.
@ExtendWith(NothingLeft.class)
class NearlyFullStackTest {
    @ParameterizedTest
    @ValueSource(strings = {"-XX:TieredStopAtLevel=1", "-XX:+TieredCompilation"})
    void isAnExceptionOfTheCallAndNothingIsLost(String compiler) throws Exception {
        ChildVm vm = ChildVm.run(Program.class, List.of(compiler, "--enable-native-access=ALL-UNNAMED"));
        assertThat(vm.lines()).last().asString().matches("overflowed [1-9]\\d*, called back [1-9]\\d*, on loan 0");
        assertThat(vm.status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:TieredStopAtLevel=1", "-XX:+TieredCompilation"})
    void leavesNoUseOfAConnectionBehind(String compiler) throws Exception {
        overflowInOrdinaryCalls(compiler, 40);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"-XX:TieredStopAtLevel=1", "-XX:+TieredCompilation"})
    void leavesNoUseOfAConnectionBehindOnManyStacks(String compiler) throws Exception {
        overflowInOrdinaryCalls(compiler, 200);
    }

    private static void overflowInOrdinaryCalls(String compiler, int stacks) throws Exception {
        ChildVm vm = ChildVm.run(
                Ordinary.class, List.of(compiler, "--enable-native-access=ALL-UNNAMED"), String.valueOf(stacks));
        assertThat(vm.lines()).last().asString().matches("overflowed [1-9]\\d*, close returned 0, handles open 0");
        assertThat(vm.status()).isZero();
    }

    /// An interpreter fills a stack in the smallest steps.
    @Test
    void leavesNoUseBehindThatEndsWithoutRoom() throws Exception {
        ChildVm vm = ChildVm.run(Uses.class, List.of("-Xint", "--enable-native-access=ALL-UNNAMED"));
        assertThat(vm.lines()).last().asString().isEqualTo("overflowed 100, close returned 0");
        assertThat(vm.status()).isZero();
    }

    /// Every call to a daemon changes what the loop waits for, and so comes back to a loop in Java.
    @ParameterizedTest
    @ValueSource(strings = {"-XX:TieredStopAtLevel=1", "-XX:+TieredCompilation"})
    void isSafeWithALoopInJava(String compiler) throws Exception {
        overflowInCallsToADaemon(compiler, 10);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"-XX:TieredStopAtLevel=1", "-XX:+TieredCompilation"})
    void isSafeWithALoopInJavaOnManyStacks(String compiler) throws Exception {
        overflowInCallsToADaemon(compiler, 30);
    }

    private static void overflowInCallsToADaemon(String compiler, int stacks) throws Exception {
        ChildVm vm = ChildVm.run(
                Remote.class,
                List.of(compiler, "--enable-native-access=ALL-UNNAMED", "-Dlibvirt4j.eventLoop=epoll"),
                SessionDaemon.shared().unixUri(Embedded.URI),
                String.valueOf(stacks));
        assertThat(vm.lines()).last().asString().matches("overflowed [1-9]\\d*, close returned 0, handles open 0");
        assertThat(vm.status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:TieredStopAtLevel=1", "-XX:+TieredCompilation"})
    void closesAConnectionWhollyOrNotAtAll(String compiler) throws Exception {
        ChildVm vm = ChildVm.run(Closes.class, List.of(compiler, "--enable-native-access=ALL-UNNAMED"));
        assertThat(vm.lines()).last().asString().matches("overflowed [1-9]\\d*, close returned 0");
        assertThat(vm.status()).isZero();
    }

    @Tag("once")
    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:+TieredCompilation"})
    void leavesNoFunctionThatNeverWorksAgain(String compiler) throws Exception {
        ChildVm vm = ChildVm.run(First.class, List.of(compiler, "--enable-native-access=ALL-UNNAMED"));
        assertThat(vm.lines()).last().asString().matches("overflowed [1-9]\\d*, broken 0 of 24");
        assertThat(vm.status()).isZero();
    }

    /// The first call of a function ever, on the way back from an overflow: in the frames that have no room
    /// for it, and in the first one that has.
    static final class First {
        private static final MemorySegment NULL = MemorySegment.NULL;
        private static final List<Runnable> CALLS = List.of(
                () -> LibvirtHost.virConnectGetCapabilities(NULL),
                () -> LibvirtHost.virConnectGetMaxVcpus(NULL, NULL),
                () -> LibvirtHost.virConnectGetSysinfo(NULL, 0),
                () -> LibvirtHost.virNodeGetFreeMemory(NULL),
                () -> LibvirtHost.virNodeGetCPUStats(NULL, 0, NULL, NULL, 0),
                () -> LibvirtHost.virNodeGetFreePages(NULL, 0, NULL, 0, 0, NULL, 0),
                () -> LibvirtDomain.virDomainGetName(NULL),
                () -> LibvirtDomain.virDomainGetMaxMemory(NULL),
                () -> LibvirtDomain.virDomainSetMemory(NULL, 1),
                () -> LibvirtDomain.virDomainPinVcpu(NULL, 0, NULL, 0),
                () -> LibvirtDomain.virDomainBlockStats(NULL, NULL, NULL, 0),
                () -> LibvirtDomain.virDomainBlockCopy(NULL, NULL, NULL, NULL, 0, 0),
                () -> LibvirtDomain.virDomainMigrate(NULL, NULL, 0, NULL, NULL, 0),
                () -> LibvirtDomain.virDomainGetTime(NULL, NULL, NULL, 0),
                () -> LibvirtNetwork.virNetworkGetName(NULL),
                () -> LibvirtNetwork.virNetworkUpdate(NULL, 0, 0, 0, NULL, 0),
                () -> LibvirtStorage.virStorageVolResize(NULL, 0, 0),
                () -> LibvirtStorage.virStorageVolDownload(NULL, NULL, 0, 0, 0),
                () -> LibvirtStorage.virStoragePoolGetName(NULL),
                () -> LibvirtSecret.virSecretGetUsageType(NULL),
                () -> LibvirtSecret.virSecretGetValue(NULL, NULL, 0),
                () -> LibvirtNodedev.virNodeDeviceGetParent(NULL),
                () -> LibvirtStream.virStreamSend(NULL, NULL, 0),
                () -> LibvirtStream.virStreamRecvFlags(NULL, NULL, 0, 0));
        private static long overflowed;

        private First() {}

        public static void main(String[] arguments) throws InterruptedException {
            Libvirt.version();
            long broken = 0;
            for (int i = 0; i < CALLS.size(); i++) {
                Runnable call = CALLS.get(i);
                Thread thread = new Thread(null, () -> dive(call), "dive", 512 * 1024L + i * 80L);
                thread.start();
                thread.join();
                try {
                    call.run();
                } catch (LinkageError e) {
                    broken++;
                }
            }
            System.out.println("overflowed " + overflowed + ", broken " + broken + " of " + CALLS.size());
        }

        @SuppressWarnings("InfiniteRecursion") // On purpose.
        private static void dive(Runnable call) {
            try {
                dive(call);
            } catch (StackOverflowError e) {
                // On the way back now.
            }
            try {
                call.run();
            } catch (StackOverflowError | LinkageError e) {
                overflowed++;
            }
        }
    }

    /// Each frame of a recursion makes ordinary calls, which nothing comes back from: the overflow can be
    /// anywhere in them. Then the connection must close all the same.
    static final class Ordinary {
        private static final AtomicLong OVERFLOWED = new AtomicLong();

        public static void main(String[] stacks) throws InterruptedException {
            Connect connect = Embedded.open();
            for (int i = 0; i < 20_000; i++) {
                attempt(connect);
            }
            for (int i = 0; i < Integer.parseInt(stacks[0]); i++) {
                // Frames of other sizes, so that it ends elsewhere each time.
                long size = 256 * 1024L + i * 16L;
                Thread thread = new Thread(null, () -> dive(connect), "dive", size);
                thread.start();
                thread.join();
            }
            connect.close();
            System.out.println("overflowed " + OVERFLOWED + ", close returned " + connect.closeResult()
                    + ", handles open " + Libvirt.handlesOpen());
        }

        @SuppressWarnings("InfiniteRecursion") // On purpose.
        private static void dive(Connect connect) {
            attempt(connect);
            dive(connect);
        }

        private static void attempt(Connect connect) {
            try (Domain domain = connect.domains().lookupByName("test")) {
                domain.id();
            } catch (StackOverflowError e) {
                OVERFLOWED.incrementAndGet();
                throw e;
            }
        }
    }

    /// Each frame of a recursion calls C, without anything of ours around it.
    static final class Remote {
        private static final MemorySegment VERSION = Arena.global().allocate(ValueLayout.JAVA_LONG);
        private static final AtomicLong OVERFLOWED = new AtomicLong();

        public static void main(String[] uriAndStacks) throws InterruptedException {
            Connect connect = Connect.open(uriAndStacks[0]);
            MemorySegment pointer = connect.object.pointer();
            for (int i = 0; i < 5_000; i++) {
                virConnectGetLibVersion(pointer, VERSION);
            }
            for (int i = 0; i < Integer.parseInt(uriAndStacks[1]); i++) {
                Thread thread = new Thread(null, () -> dive(pointer), "dive", 256 * 1024L + i * 80L);
                thread.start();
                thread.join();
            }
            connect.close();
            System.out.println("overflowed " + OVERFLOWED + ", close returned " + connect.closeResult()
                    + ", handles open " + Libvirt.handlesOpen());
        }

        @SuppressWarnings("InfiniteRecursion") // On purpose.
        private static void dive(MemorySegment pointer) {
            try {
                virConnectGetLibVersion(pointer, VERSION);
            } catch (StackOverflowError e) {
                OVERFLOWED.incrementAndGet();
                throw e;
            }
            dive(pointer);
        }
    }

    /// On the way back from a stack overflow each frame makes a call that fails, with an error handler set,
    /// and one that registers and ends a registration.
    static final class Program {
        private static final AtomicLong CALLED_BACK = new AtomicLong();
        private static long overflowed;

        public static void main(String[] arguments) throws InterruptedException {
            Libvirt.setErrorHandler(_ -> CALLED_BACK.incrementAndGet());
            try (Connect connect = Embedded.open()) {
                // A class whose initialiser overflows is broken for good, in any Java program. So all that is
                // initialised lazily, here and in the JDK's method handles, is so before.
                try (Registration _ = connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {})) {
                    for (int i = 0; i < 1_000; i++) {
                        attempt(connect);
                    }
                }
                for (int size = 512; size <= 1024; size += 512) {
                    CALLED_BACK.set(0);
                    Thread thread = new Thread(null, () -> dive(connect), "dive", size * 1024L);
                    thread.start();
                    thread.join();
                }
            }
            System.out.println("overflowed " + overflowed + ", called back " + CALLED_BACK + ", on loan "
                    + Libvirt.closuresOnLoan());
        }

        @SuppressWarnings("InfiniteRecursion") // On purpose.
        private static void dive(Connect connect) {
            try {
                dive(connect);
            } catch (StackOverflowError e) {
                // On the way back now.
            }
            if (CALLED_BACK.get() < 100) {
                attempt(connect);
            }
        }

        private static void attempt(Connect connect) {
            Registration registration = null;
            try {
                registration = connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {});
                connect.domains().lookupByName("nobody");
            } catch (NotFoundException e) {
                // As it should.
            } catch (StackOverflowError e) {
                overflowed++;
            } finally {
                close(registration);
            }
        }

        /// Where there is no room to close it now, the connection's close does.
        private static void close(@org.jspecify.annotations.Nullable Registration registration) {
            try {
                if (registration != null) {
                    registration.close();
                }
            } catch (StackOverflowError e) {
                overflowed++;
            }
        }
    }

    /// Each frame of a recursion uses the connection, without a call into C, which would overflow first.
    static final class Uses {
        private static long overflowed;

        private Uses() {}

        public static void main(String[] arguments) throws InterruptedException {
            Connect connect = Embedded.open();
            // All that is initialised lazily.
            use(connect);
            for (int i = 0; i < 100; i++) {
                Thread thread = new Thread(null, () -> overflow(connect), "dive", 200 * 1024L + i * 16L);
                thread.start();
                thread.join();
            }
            connect.close();
            System.out.println("overflowed " + overflowed + ", close returned " + connect.closeResult());
        }

        private static void overflow(Connect connect) {
            try {
                dive(connect);
            } catch (StackOverflowError e) {
                overflowed++;
            }
        }

        @SuppressWarnings("InfiniteRecursion") // On purpose.
        private static void dive(Connect connect) {
            use(connect);
            dive(connect);
        }

        private static void use(Connect connect) {
            int _ = connect.call("a use", (Handle.IntCall) _ -> 1);
        }
    }

    /// On the way back from a stack overflow each frame tries to close a connection, until that returns.
    static final class Closes {
        private static long overflowed;
        private static boolean returned;

        private Closes() {}

        public static void main(String[] arguments) throws InterruptedException {
            // All that is initialised lazily.
            open().close();
            Connect connect = open();
            Thread thread = new Thread(null, () -> dive(connect), "dive", 512 * 1024L);
            thread.start();
            thread.join();
            connect.close();
            System.out.println("overflowed " + overflowed + ", close returned " + connect.closeResult());
        }

        private static Connect open() {
            Connect connect = Embedded.open();
            connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {});
            return connect;
        }

        @SuppressWarnings("InfiniteRecursion") // On purpose.
        private static void dive(Connect connect) {
            try {
                dive(connect);
            } catch (StackOverflowError e) {
                // On the way back now.
            }
            try {
                if (!returned) {
                    connect.close();
                    returned = true;
                }
            } catch (StackOverflowError e) {
                overflowed++;
            }
        }
    }
}
