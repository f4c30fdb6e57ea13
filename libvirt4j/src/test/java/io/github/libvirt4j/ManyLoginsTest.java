package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.support.ChildVm;
import io.github.libvirt4j.testing.SessionDaemon;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Many threads that log in at once. Without locks SASL's DIGEST-MD5 brings the process down within half a
/// minute.
@ExtendWith(NothingLeft.class)
class ManyLoginsTest {
    private static final int THREADS = 24;

    /// Logs in at a daemon for so many milliseconds, and prints how often.
    static final class Program {
        public static void main(String[] arguments) {
            long end = System.nanoTime()
                    + Duration.ofMillis(Long.parseLong(arguments[1])).toNanos();
            var done = new AtomicLong();
            try (var threads = Executors.newFixedThreadPool(THREADS)) {
                for (int i = 0; i < THREADS; i++) {
                    threads.execute(() -> {
                        while (System.nanoTime() < end) {
                            Connect.to(arguments[0])
                                    .authenticator(Authenticator.of("fred", "secret".toCharArray()))
                                    .open()
                                    .close();
                            done.incrementAndGet();
                        }
                    });
                }
            }
            System.out.println(done);
        }
    }

    @Test
    @Tag("slow")
    @Timeout(120)
    void doNotHarmEachOther() throws Exception {
        try (SessionDaemon daemon = SessionDaemon.start("digest-md5", Map.of("fred", "secret"))) {
            ChildVm vm = ChildVm.run(
                    Program.class,
                    List.of("--enable-native-access=ALL-UNNAMED"),
                    daemon.unixUri("test:///default"),
                    "20000");

            assertThat(vm.status()).as(String.join("\n", vm.lines())).isZero();
            assertThat(Long.parseLong(vm.lines().getLast())).isGreaterThan(THREADS);
        }
    }
}
