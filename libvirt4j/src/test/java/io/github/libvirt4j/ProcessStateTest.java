package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.testing.SessionDaemon;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What all of a process share is as it was before libvirt came; `docs/process.md` says what is not.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class ProcessStateTest {
    @Test
    void isNotChanged() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start(Map.of("fred", "secret"))) {
            ChildVm vm = ChildVm.run(
                    Program.class,
                    List.of("--enable-native-access=ALL-UNNAMED"),
                    "test:///default",
                    daemon.tcpUri(),
                    daemon.unixUri("test:///default"),
                    "esx://127.0.0.1/?no_verify=1",
                    "test+ssh://127.0.0.1:1/default?no_tty=1&command=/bin/false");
            assertThat(vm.lines())
                    .containsExactly("opened", "opened", "opened", "not opened", "not opened", "as before", "ended");
            assertThat(vm.status()).isZero();
        }
    }

    /// Opens, hears of an event, and compares while the connections are open.
    static final class Program {
        private static final String STATUS =
                "Umask|SigBlk|SigIgn|SigCgt|ShdPnd|NoNewPrivs|Seccomp|Cap\\w+|Uid|Gid|Groups";

        private Program() {}

        public static void main(String[] uris) throws Throwable {
            List<String> before = state();
            for (String uri : uris) {
                try (Connect connect = Connect.to(uri)
                        .authenticator(Authenticator.of("fred", "secret".toCharArray()))
                        .open()) {
                    var heard = new CountDownLatch(1);
                    connect.on(DomainEvent.LIFECYCLE, _ -> heard.countDown());
                    try (Domain domain = connect.domains().lookupByName("test")) {
                        domain.suspend();
                        heard.await();
                        domain.resume();
                    }
                    System.out.println("opened");
                    compare(before);
                } catch (LibvirtException e) {
                    System.out.println("not opened");
                }
            }
            compare(before);
            System.out.println("as before");
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> System.out.println("ended")));
        }

        private static void compare(List<String> before) throws Throwable {
            List<String> now = state();
            for (int i = 0; i < now.size(); i++) {
                if (!now.get(i).equals(before.get(i))) {
                    System.out.println(before.get(i) + " is now " + now.get(i));
                }
            }
        }

        /// What the kernel knows of the process and of this thread, and what its C library does.
        private static List<String> state() throws Throwable {
            List<String> state = new ArrayList<>();
            for (String line : Files.readAllLines(Path.of("/proc/thread-self/status"))) {
                if (line.split(":", 2)[0].matches(STATUS)) {
                    state.add(line);
                }
            }
            state.addAll(Files.readAllLines(Path.of("/proc/self/limits")));
            state.add("cwd " + Path.of("/proc/self/cwd").toRealPath());
            for (int fd = 0; fd <= 2; fd++) {
                state.add("descriptor " + fd + " " + flags(fd));
            }
            state.add("locale " + locale());
            state.add("environment " + environment());
            state.add("class loader " + Thread.currentThread().getContextClassLoader());
            state.add("thread " + Thread.currentThread().getName());
            return state;
        }

        private static String flags(int fd) throws IOException {
            return Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd)).get(1);
        }

        @SuppressWarnings("restricted")
        private static String locale() throws Throwable {
            MethodHandle setlocale = Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("setlocale"),
                            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
            return ((MemorySegment) setlocale.invokeExact(6, MemorySegment.NULL))
                    .reinterpret(Long.MAX_VALUE)
                    .getString(0);
        }

        /// C's own, which the VM's is a copy of.
        @SuppressWarnings("restricted")
        private static List<String> environment() {
            List<String> all = new ArrayList<>();
            MemorySegment environ = Linker.nativeLinker()
                    .defaultLookup()
                    .findOrThrow("environ")
                    .reinterpret(Long.BYTES)
                    .get(ValueLayout.ADDRESS, 0)
                    .reinterpret(Long.MAX_VALUE);
            for (long i = 0; environ.getAtIndex(ValueLayout.ADDRESS, i).address() != 0; i++) {
                all.add(environ.getAtIndex(ValueLayout.ADDRESS, i)
                        .reinterpret(Long.MAX_VALUE)
                        .getString(0));
            }
            return all;
        }
    }
}
