package io.github.libvirt4j.internal.c;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.internal.raw.Virterror;
import io.github.libvirt4j.support.Malloc;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class ErrorsTest {
    private final Connect connect = Connect.open("test:///default");

    @BeforeEach
    void begin() {
        Virterror.virResetLastError();
    }

    @AfterEach
    void close() {
        Libvirt.setErrorHandler(null);
        connect.close();
    }

    @Test
    void areOfResultsThatAreNegativeOrNull() {
        assertThat(Errors.check(0, "f")).isZero();
        assertThat(Errors.check(7, "f")).isEqualTo(7);
        MemorySegment one = MemorySegment.ofAddress(1);
        assertThat(Errors.check(one, "f")).isSameAs(one);
        for (int result : new int[] {-1, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> Errors.check(result, "f")).isInstanceOf(LibvirtException.class);
        }
        assertThatThrownBy(() -> Errors.check(MemorySegment.NULL, "f")).isInstanceOf(LibvirtException.class);
    }

    /// A call can fail and set none.
    @Test
    void canBeMissing() {
        LibvirtException failure = Errors.last("f");
        assertThat(failure.function()).isEqualTo("f");
        assertThat(failure.error().rawCode()).isZero();
        assertThat(failure.error().message()).isNull();
    }

    /// Those of a handler's own calls are C's memory: of these it would be 17 MB.
    @Test
    void ofAHandlersCallsAreFreed() throws Throwable {
        String name = "x".repeat(1_000);
        var raised = new AtomicInteger();
        Libvirt.setErrorHandler(_ -> {
            raised.incrementAndGet();
            assertThat(catchThrowable(() -> connect.networks().lookupByName(name)))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining(name);
        });
        long before = 0;
        for (int i = 0; i < 11_000; i++) {
            if (i == 1_000) {
                before = Malloc.allocated();
            }
            assertThat(catchThrowable(() -> connect.networks().lookupByName("nobody")))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("nobody");
        }
        assertThat(raised).hasValue(11_000);
        assertThat(Malloc.isWithin(10L << 20, before)).isTrue();
    }
}
