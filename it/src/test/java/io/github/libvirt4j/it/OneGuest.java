package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.EnumValue;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Tests that share a guest of a daemon of an ordinary user.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
abstract class OneGuest {
    static final SessionDaemon DAEMON = SessionDaemon.shared();
    static final String URI = DAEMON.unixUri("qemu:///session");

    private @Nullable Connect connect;
    private @Nullable Guest guest;

    /// Makes the guest.
    abstract Guest make(Connect on) throws Exception;

    @BeforeAll
    void open() throws Exception {
        connect = Connect.open(URI);
        guest = make(connect());
    }

    @AfterAll
    void close() throws IOException {
        if (guest != null) {
            guest.close();
        }
        connect().close();
        assertThat(Libvirt.closuresOnLoan()).isZero();
        assertThat(Libvirt.handlesOpen()).isZero();
    }

    Connect connect() {
        return Objects.requireNonNull(connect);
    }

    Guest guest() {
        return Objects.requireNonNull(guest);
    }

    DomainIdentity identity() {
        return guest().identity();
    }

    /// Runs `virsh` on the daemon.
    static String virsh(String... arguments) throws IOException, InterruptedException {
        return Virsh.run(URI, arguments);
    }

    /// The numbers C has for the constants, which records are made of.
    static int raw(EnumValue value) {
        return value.value();
    }
}
