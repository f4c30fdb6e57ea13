package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventAddHandle;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventAddTimeout;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRemoveHandle;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRemoveTimeout;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventUpdateHandle;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventUpdateTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.internal.callback.FakeC;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.loop.FileReadiness;
import io.github.libvirt4j.internal.loop.JavaLoop;
import io.github.libvirt4j.internal.loop.LibvirtHandle;
import io.github.libvirt4j.internal.loop.LibvirtTimeout;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.internal.raw.CallbackTypes;
import io.github.libvirt4j.loop.EventLoop;
import io.github.libvirt4j.loop.EventLoopImplementation;
import io.github.libvirt4j.loop.LoopHandle;
import io.github.libvirt4j.loop.LoopTimeout;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.support.ExecutorLoop;
import io.github.libvirt4j.support.Pipe;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The six functions that libvirt gets of a loop in Java, with a loop that throws and a C that passes what
/// libvirt does not; in a VM of its own, as a process has one loop for ever.
@Tag("loop")
@ExtendWith(NothingLeft.class)
@Timeout(60)
class EventLoopFunctionsTest {
    @Test
    void tellLibvirtThatTheyFailed() throws Exception {
        ChildVm vm = ChildVm.run(Program.class, List.of("--enable-native-access=ALL-UNNAMED"));
        assertThat(vm.lines())
                .containsExactly(
                        "add -1 -1, on loan 0",
                        "reported [virEventAddHandleFunc handle, virEventAddTimeoutFunc timeout]",
                        "remove 0 0, again -1 -1, on loan 0",
                        "reported [virEventUpdateHandleFunc handle, virEventUpdateTimeoutFunc timeout,"
                                + " virEventRemoveHandleFunc handle, virEventRemoveTimeoutFunc timeout]",
                        "without free 0 0",
                        "unknown -1 -1 -1 -1",
                        "reported []",
                        "libvirt runs on it: 0");
        assertThat(vm.status()).isZero();
    }

    @Test
    void areNotMadeForALoopThatIsNotInJava() throws Exception {
        List<String> initialised = Chosen.run("libvirt", "-Xlog:class+init=info");
        assertThat(initialised)
                .anyMatch(line -> line.contains("ProcessLoop'"))
                .noneMatch(line -> line.contains("JavaLoop'"));
        assertThat(Chosen.run("epoll", "-Xlog:class+init=info"))
                .anyMatch(line -> line.contains("JavaLoop'"))
                .contains("runs on epoll true");
    }

    @Test
    void areOfTheLoopThatIsChosen() throws Exception {
        assertThat(Chosen.run("libvirt")).containsExactly("runs on epoll false");
        assertThat(Chosen.run("epoll")).containsExactly("runs on epoll true");
        assertThat(Chosen.run("libvirt", "-Dchosen=useEpoll")).containsExactly("runs on epoll true");
        assertThat(Chosen.run("poll"))
                .containsExactly("The system property libvirt4j.eventLoop is 'poll'; it can be epoll or libvirt");
    }

    /// Opens and closes a connection.
    static final class Chosen {
        private Chosen() {}

        private static List<String> run(String name, String... more) throws Exception {
            List<String> options = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED"));
            options.add("-Dlibvirt4j.eventLoop=" + name);
            options.addAll(List.of(more));
            return ChildVm.run(Chosen.class, options).lines();
        }

        public static void main(String[] none) {
            if ("useEpoll".equals(System.getProperty("chosen"))) {
                EventLoop.useEpoll();
            }
            try (Connect _ = Embedded.open()) {
                System.out.println("runs on epoll "
                        + Thread.getAllStackTraces().values().stream()
                                .flatMap(Arrays::stream)
                                .anyMatch(frame -> frame.getClassName().endsWith("EpollLoop")));
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    /// Such as one of the VM's memory, before C was called: here there is no function to call.
    @Test
    void keepErrorsFromTheLoop() {
        ConcurrentLinkedQueue<String> reported = new ConcurrentLinkedQueue<>();
        Libvirt.setUncaughtHandler((where, _) -> reported.add(where));
        new LibvirtHandle(1, 2, 0, 0, 0).ready(1);
        new LibvirtTimeout(3, 0, 0, 0).expired();
        assertThat(reported).containsExactly("handle 1 of file descriptor 2", "timeout 3");
    }

    /// Throws on demand.
    private static final class Faulty implements EventLoopImplementation {
        private final ExecutorLoop loop = new ExecutorLoop();
        private volatile boolean broken;

        private void check(String what) {
            if (broken) {
                throw new IllegalStateException(what);
            }
        }

        @Override
        public void addHandle(LoopHandle handle, int events) {
            check("handle");
            loop.addHandle(handle, events);
        }

        @Override
        public void updateHandle(LoopHandle handle, int events) {
            check("handle");
            loop.updateHandle(handle, events);
        }

        @Override
        public void removeHandle(LoopHandle handle) {
            check("handle");
            loop.removeHandle(handle);
        }

        @Override
        public void addTimeout(LoopTimeout timeout, int millis) {
            check("timeout");
            loop.addTimeout(timeout, millis);
        }

        @Override
        public void updateTimeout(LoopTimeout timeout, int millis) {
            // The loop's own turns go on.
            if (timeout.timer() > 1) {
                check("timeout");
            }
            loop.updateTimeout(timeout, millis);
        }

        @Override
        public void removeTimeout(LoopTimeout timeout) {
            check("timeout");
            loop.removeTimeout(timeout);
        }
    }

    static final class Program {
        private static final ConcurrentLinkedQueue<String> REPORTED = new ConcurrentLinkedQueue<>();
        private static final MemorySegment NULL = MemorySegment.NULL;

        private Program() {}

        public static void main(String[] none) throws Throwable {
            Faulty loop = new Faulty();
            EventLoop.use(loop);
            ProcessLoop.ensure();
            Libvirt.setUncaughtHandler((where, thrown) -> REPORTED.add(where + " " + thrown.getMessage()));
            try (Pipe pipe = new Pipe()) {
                loop.broken = true;
                long first = Loans.lend("first");
                long second = Loans.lend("second");
                int watch = addHandle(pipe, first);
                int timer = addTimeout(second);
                // It did not take them.
                System.out.println("add " + watch + " " + timer + ", on loan "
                        + (Loans.end(first) && Loans.end(second) ? Loans.onLoan() : -1));
                report();
                loop.broken = false;
                watch = addHandle(pipe, Loans.lend("third"));
                timer = addTimeout(Loans.lend("fourth"));
                loop.broken = true;
                virEventUpdateHandle(watch, 1);
                virEventUpdateTimeout(timer, 1000);
                int removed = virEventRemoveHandle(watch);
                int removedTimer = virEventRemoveTimeout(timer);
                ProcessLoop.turn();
                System.out.println("remove " + removed + " " + removedTimer + ", again " + virEventRemoveHandle(watch)
                        + " " + virEventRemoveTimeout(timer) + ", on loan " + Loans.onLoan());
                report();
                loop.broken = false;
                edges(pipe);
                report();
            }
            Connect connect = Embedded.open();
            connect.close();
            System.out.println("libvirt runs on it: " + connect.closeResult());
        }

        private static int addHandle(Pipe pipe, long loan) {
            return virEventAddHandle(
                    pipe.readEnd(), 1, FileReadiness.UPCALL.pointer(0), Loans.opaque(loan), Loans.free());
        }

        private static int addTimeout(long loan) {
            return virEventAddTimeout(-1, ProcessLoop.upcall().pointer(0), Loans.opaque(loan), Loans.free());
        }

        private static void report() {
            System.out.println("reported " + REPORTED);
            REPORTED.clear();
        }

        /// What libvirt would not pass.
        private static void edges(Pipe pipe) throws Throwable {
            int watch = number(
                    call("virEventAddHandleFunc", pipe.readEnd(), -1, FileReadiness.UPCALL.pointer(0), NULL, NULL));
            int timer = number(
                    call("virEventAddTimeoutFunc", -5, ProcessLoop.upcall().pointer(0), NULL, NULL));
            System.out.println("without free " + call("virEventRemoveHandleFunc", watch) + " "
                    + call("virEventRemoveTimeoutFunc", timer));
            call("virEventUpdateHandleFunc", -1, Integer.MAX_VALUE);
            call("virEventUpdateTimeoutFunc", 0, Integer.MIN_VALUE);
            System.out.println("unknown " + call("virEventRemoveHandleFunc", 0) + " "
                    + call("virEventRemoveHandleFunc", -1) + " " + call("virEventRemoveTimeoutFunc", Integer.MAX_VALUE)
                    + " " + call("virEventRemoveTimeoutFunc", Integer.MIN_VALUE));
        }

        private static int number(@Nullable Object result) {
            return (int) Objects.requireNonNull(result);
        }

        private static @Nullable Object call(String type, Object... arguments) throws Throwable {
            Upcall upcall = JavaLoop.upcalls().stream()
                    .filter(each -> each.cName().equals(type))
                    .findFirst()
                    .orElseThrow();
            return FakeC.function(upcall.pointer(0), CallbackTypes.of(type)).invokeWithArguments(arguments);
        }
    }
}
