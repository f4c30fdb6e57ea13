package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.error.InvalidArgumentException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.types.DomainLaunchSecurityKeys;
import io.github.libvirt4j.types.TypedParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The labels of a domain of the test driver, and of a guest of QEMU, whose security driver has none.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class DomainSecurityTest {
    private static final DomainSecurity.Label NONE = new DomainSecurity.Label("", false);

    private final Connect connect = Embedded.open();
    private final Domain domain = connect.domains().lookupByName("test");

    @AfterEach
    void close() {
        connect.close();
    }

    @Test
    void hasLabels() {
        assertThat(domain.security().label()).isEqualTo(new DomainSecurity.Label("libvirt-test", true));
        assertThatExceptionOfType(UnsupportedException.class).isThrownBy(domain.security()::labelList);
        try (PausedGuest guest = PausedGuest.start();
                Connect qemu = Connect.open(PausedGuest.URI)) {
            DomainSecurity security = guest.on(qemu).security();
            assertThat(security.label()).isEqualTo(NONE);
            assertThat(security.labelList()).containsExactly(NONE);
            assertThat(security.launchInfo().size()).isZero();
            guest.on(qemu).destroy();
            assertThat(security.labelList()).isEmpty();
        }
    }

    /// Without a processor that encrypts memory there are only refusals.
    @Test
    void hasAStateAtLaunch() {
        TypedParameters secret = TypedParameters.builder()
                .set(DomainLaunchSecurityKeys.SEV_SECRET, "c2VjcmV0")
                .set(DomainLaunchSecurityKeys.SEV_SECRET_HEADER, "aGVhZGVy")
                .build();
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> domain.security().setLaunchState(secret));
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> domain.security()
                        .setLaunchState(TypedParameters.builder().build()));
        try (PausedGuest guest = PausedGuest.start();
                Connect qemu = Connect.open(PausedGuest.URI)) {
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> guest.on(qemu).security().setLaunchState(secret))
                    .withMessageContaining("SEV");
        }
    }

    @Test
    void isGoneWithItsDomain() {
        domain.close();
        assertThatIllegalStateException().isThrownBy(domain.security()::label);
        assertThatIllegalStateException().isThrownBy(domain.security()::labelList);
        assertThatIllegalStateException().isThrownBy(domain.security()::launchInfo);
    }
}
