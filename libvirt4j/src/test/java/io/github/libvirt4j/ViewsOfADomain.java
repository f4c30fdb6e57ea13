package io.github.libvirt4j;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/// A test of a view of a domain, such as its memory: on the test driver, and of a guest of QEMU that stands
/// still and serves all tests of the class.
@Timeout(120)
abstract class ViewsOfADomain {
    private static PausedGuest guest;

    final Connect embedded = Embedded.open();
    final Connect qemu = Connect.open(PausedGuest.URI);

    /// The guest.
    Domain paused;

    @BeforeAll
    static void start() {
        guest = PausedGuest.start();
    }

    @AfterAll
    static void stop() {
        guest.close();
    }

    @BeforeEach
    void find() {
        paused = guest.on(qemu);
    }

    @AfterEach
    void close() {
        embedded.close();
        qemu.close();
    }
}
