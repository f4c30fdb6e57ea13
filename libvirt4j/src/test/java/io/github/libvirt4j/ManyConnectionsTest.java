package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.support.Threads;
import io.github.libvirt4j.testing.SessionDaemon;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// A thousand connections to a daemon, in one process.
@Tag("loop")
@ExtendWith(NothingLeft.class)
@Timeout(300)
class ManyConnectionsTest {
    private static final int THREADS = 8;

    @Test
    void allHearAnEventAndAreClosed() throws Exception {
        all(200);
    }

    @Test
    @Tag("slow")
    void aThousandHearAnEventAndAreClosed() throws Exception {
        all(1000);
    }

    private static void all(int count) throws Exception {
        String uri = SessionDaemon.shared().unixUri(Embedded.URI);
        ConcurrentLinkedQueue<Connect> open = new ConcurrentLinkedQueue<>();
        CountDownLatch heard = new CountDownLatch(count);
        try (Connect connect = Connect.open(uri)) {
            Domain domain = Embedded.define(connect);
            Threads.together(THREADS, _ -> {
                for (int i = 0; i < count / THREADS; i++) {
                    Connect each = Connect.open(uri);
                    open.add(each);
                    each.domains()
                            .lookup(domain.identity())
                            .on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> heard.countDown());
                }
            });
            assertThat(open).hasSize(count);
            domain.create();
            assertThat(heard.await(60, TimeUnit.SECONDS)).isTrue();
            domain.destroy();
            domain.undefine();
        }
        Threads.together(THREADS, _ -> {
            Connect each;
            while ((each = open.poll()) != null) {
                each.close();
                assertThat(each.closeResult()).isZero();
            }
        });
    }
}
