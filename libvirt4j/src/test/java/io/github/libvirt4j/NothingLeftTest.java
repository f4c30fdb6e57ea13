package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.internal.raw.LibvirtHost;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(NothingLeft.class)
class NothingLeftTest {
    @Test
    void isUsedByEveryTestClass() throws Exception {
        List<Path> without = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
                if (!Files.readString(file).contains("@ExtendWith(NothingLeft.class)")) {
                    without.add(file);
                }
            }
        }
        assertThat(without).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("deliveries")
    void seesWhatHandlersThrow(Delivery delivery) throws Exception {
        var thrown = new AssertionError("in a handler");
        try (Connect connect = Embedded.open();
                Domain domain = connect.domains().lookupByName("test");
                Registration registration = domain.on(DomainEvent.LIFECYCLE, delivery, (DomainEvent.Lifecycle _) -> {
                    throw thrown;
                })) {
            domain.suspend();
            assertThat(ProcessLoop.barrier(Duration.ofSeconds(10).toNanos())).isTrue();
            assertThat(registration.closeAndAwait(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(NothingLeft.takeUncaught())
                .singleElement()
                .satisfies(one -> assertThat(one).hasCause(thrown));
    }

    static List<Delivery> deliveries() {
        return List.of(Delivery.direct(), Delivery.queued());
    }

    @Test
    @Timeout(60)
    void seesWhatIsLeft() throws Exception {
        assertThat(NothingLeft.left()).isEmpty();
        try (Connect connect = Embedded.open()) {
            awaitLeft("1 handles open");
            try (Registration _ = connect.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {})) {
                awaitLeft("1 closures on loan", "1 handles open");
            }
        }
    }

    /// A worker that has made a function pointer can be busy for a moment longer.
    private static void awaitLeft(String... expected) throws InterruptedException {
        while (!NothingLeft.left().equals(List.of(expected))) {
            Thread.sleep(1);
        }
    }

    @Test
    void seesAConnectionThatIsStillReferredTo() {
        long before = Connect.CLOSED_WITH_REFERENCES.sum();
        Connect connect = Embedded.open();
        MemorySegment pointer = connect.object.pointer();
        assertThat(LibvirtHost.virConnectRef(pointer)).isZero();
        connect.close();
        assertThat(connect.closeResult()).isOne();
        assertThat(Connect.CLOSED_WITH_REFERENCES.sum()).isEqualTo(before + 1);
        assertThat(LibvirtHost.virConnectClose(pointer)).isZero();
        Connect.CLOSED_WITH_REFERENCES.decrement();
    }
}
