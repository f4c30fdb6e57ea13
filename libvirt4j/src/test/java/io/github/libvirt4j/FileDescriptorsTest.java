package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.error.NoFileDescriptorsException;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.testing.SessionDaemon;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Connections that are opened where few file descriptors are left. GLib would abort the process.
@ExtendWith(NothingLeft.class)
class FileDescriptorsTest {
    /// Opens eight connections with each number of free file descriptors from none to 40.
    static final class Program {
        public static void main(String[] uri) throws Exception {
            Connect first = Connect.open(uri[0]);
            Deque<AutoCloseable> taken = new ArrayDeque<>();
            try {
                while (true) {
                    taken.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException full) {
                System.out.println(attempt(uri[0], new ArrayList<>()));
            }
            int refused = 0;
            int opened = 0;
            for (int free = 1; free <= 40; free++) {
                taken.removeLast().close();
                List<Connect> connections = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    if (attempt(uri[0], connections) != null) {
                        refused++;
                    }
                }
                opened += connections.size();
                connections.forEach(Connect::close);
            }
            System.out.println("refused " + refused + ", opened " + opened + ", first is alive " + first.isAlive());
        }

        private static @Nullable NoFileDescriptorsException attempt(String uri, List<Connect> connections) {
            try {
                connections.add(Connect.open(uri));
                return null;
            } catch (NoFileDescriptorsException e) {
                return e;
            }
        }
    }

    @Test
    void areLookedForBeforeAConnectionIsOpened() throws Exception {
        String uri = SessionDaemon.shared().unixUri(Embedded.URI);
        ChildVm vm = ChildVm.run(
                List.of("sh", "-c", "ulimit -n 200; exec \"$@\"", "sh"),
                ChildVm.CLASSES,
                Program.class,
                List.of("--enable-native-access=ALL-UNNAMED"),
                uri);
        assertThat(vm.lines()).hasSize(2);
        assertThat(vm.lines().getFirst())
                .isEqualTo("io.github.libvirt4j.error.NoFileDescriptorsException: Opening " + uri
                        + " was refused: the process has too few file descriptors left. It needs 16 free file descriptors: "
                        + "close files or connections, or raise the process's limit (ulimit -n)");
        assertThat(vm.lines().getLast()).matches("refused [1-9]\\d*, opened [1-9]\\d*, first is alive true");
        assertThat(vm.status()).isZero();
    }
}
