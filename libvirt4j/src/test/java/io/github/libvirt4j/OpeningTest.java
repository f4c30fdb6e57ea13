package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.types.ErrorNumber;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDriver.class)
@ExtendWith(NothingLeft.class)
class OpeningTest {
    private final TestDriver driver;

    OpeningTest(TestDriver driver) {
        this.driver = driver;
    }

    @Test
    void takesItsSettingsStepByStep() {
        try (Connect readOnly = Connect.to(driver.uri()).readOnly().open()) {
            assertThatThrownBy(() -> readOnly.domains().create(Embedded.xml("x")))
                    .isInstanceOf(LibvirtException.class);
        }
        try (Connect writable = Connect.to(driver.uri()).open();
                Domain domain = Embedded.define(writable)) {
            domain.undefine();
        }
    }

    @Test
    void refusesAKeepaliveThatLibvirtCannotHave() {
        for (Duration wrong : List.of(Duration.ofSeconds(-1), Duration.ofMillis(999), Duration.ofSeconds(1L << 31))) {
            assertThatThrownBy(() -> Connect.to(driver.uri()).keepAlive(wrong, 3))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Connect.to(driver.uri()).keepAlive(Duration.ofSeconds(1), -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// And each is kept when another is set.
    @Test
    void takesTheExtremesOfAKeepalive() {
        for (Duration interval : List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(Integer.MAX_VALUE))) {
            for (int count : List.of(0, 1, Integer.MAX_VALUE)) {
                try (Connect connect = Connect.to(driver.uri())
                        .keepAlive(interval, count)
                        .readOnly()
                        .open()) {
                    assertThat(connect.isBroken()).isFalse();
                }
            }
        }
    }

    /// Keepalive excepted, which `ConnectionClosedTest` tests.
    @Test
    void keepsEachSettingWhenAnotherIsSet() {
        Opening<RuntimeException> opening = Connect.to(driver.uri())
                .readOnly()
                .callTimeout(Duration.ofSeconds(60))
                .flags();
        try (Connect connect = opening.open()) {
            assertThat(connect.timedCalls).isNotNull();
            assertThatThrownBy(() -> connect.domains().define(Embedded.xml("x")))
                    .isInstanceOfSatisfying(
                            LibvirtException.class, e -> assertThat(e.code()).isEqualTo(ErrorNumber.OPERATION_DENIED));
        }
    }
}
