package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.support.ChildVm;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A VM whose threads have small stacks.
@ExtendWith(NothingLeft.class)
class SmallStackTest {
    /// Hears an event: on the main thread, and on one with the stack that the message of the first one asks
    /// for.
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            attempt();
            Thread larger = Thread.ofPlatform().stackSize(512 << 10).start(Program::attempt);
            larger.join();
        }

        private static void attempt() {
            try (Connect connect = Embedded.open();
                    Domain domain = Embedded.define(connect)) {
                var heard = new CountDownLatch(1);
                domain.on(DomainEvent.LIFECYCLE, e -> heard.countDown());
                domain.create();
                heard.await();
                domain.destroy();
                System.out.println("heard");
            } catch (StackOverflowError | InterruptedException e) {
                System.out.println(e);
            }
        }
    }

    @Test
    void saysHowMuchACallNeeds() throws Exception {
        ChildVm vm = ChildVm.run(Program.class, List.of("-Xss180k", "--enable-native-access=ALL-UNNAMED"));
        assertThat(vm.lines()).hasSize(2);
        assertThat(vm.lines().getFirst())
                .startsWith("java.lang.StackOverflowError: libvirt4j needs 120 KiB of stack for this call")
                .contains("-Xss512k");
        assertThat(vm.lines().getLast()).isEqualTo("heard");
        assertThat(vm.status()).isZero();
    }
}
