package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.support.ChildVm;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What the library says where it cannot work, in VMs of their own.
@ExtendWith(NothingLeft.class)
class LoadingTest {
    /// Opens a connection and prints how that went, then the same in another class loader.
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            attempt(() -> Connect.open(Embedded.URI).close());
            attempt(() -> Connect.open(Embedded.URI).close());
            if (arguments.length > 0) {
                try (var copy = new URLClassLoader(
                        new URL[] {Path.of("target/classes").toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
                    attempt(() -> copy.loadClass("io.github.libvirt4j.Libvirt")
                            .getMethod("version")
                            .invoke(null));
                }
            }
        }

        private interface Attempt {
            void run() throws Exception;
        }

        private static void attempt(Attempt attempt) {
            try {
                attempt.run();
                System.out.println("works");
            } catch (Throwable t) {
                Throwable cause = t instanceof java.lang.reflect.InvocationTargetException ? t.getCause() : t;
                System.out.println(cause);
            }
        }
    }

    private static List<String> run(List<String> options, String... arguments) throws Exception {
        return ChildVm.run(Program.class, options, arguments).lines();
    }

    @Test
    void worksFromTheClassPath() throws Exception {
        assertThat(run(List.of("--enable-native-access=ALL-UNNAMED"))).containsExactly("works", "works");
    }

    @Test
    void namesTheFlagWhenNativeAccessIsDenied() throws Exception {
        assertThat(run(List.of("--illegal-native-access=deny")))
                .hasSize(2)
                .allMatch(line -> line.startsWith("java.lang.IllegalCallerException: ")
                        && line.endsWith("Start it with --enable-native-access=ALL-UNNAMED"));
    }

    @Test
    void saysWhatToInstallWhenLibvirtIsNotThere() throws Exception {
        assertThat(run(List.of("--enable-native-access=ALL-UNNAMED", "-Dlibvirt4j.library.path=/nowhere")))
                .hasSize(2)
                .allMatch(line -> line.startsWith("io.github.libvirt4j.FunctionMissingException: ")
                        && line.contains("needs /nowhere/libvirt.so.0, which cannot be loaded. Install"));
    }

    @Test
    void refusesASecondCopyInTheSameProcess() throws Exception {
        assertThat(run(List.of("--enable-native-access=ALL-UNNAMED"), "second copy"))
                .hasSize(3)
                .last()
                .asString()
                .startsWith("java.lang.IllegalStateException: Another copy of libvirt4j")
                .contains("Load libvirt4j once");
    }

    @Test
    void saysOnWhichPlatformsItRuns() {
        assertThatThrownBy(() -> io.github.libvirt4j.internal.Startup.requirePlatform("Mac OS X", "aarch64"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("libvirt4j runs on Linux on x86-64 and aarch64; this is Mac OS X on aarch64");
        io.github.libvirt4j.internal.Startup.requirePlatform("Linux", "aarch64");
    }
}
