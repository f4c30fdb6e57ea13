package io.github.libvirt4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.testing.SessionDaemon;
import org.junit.jupiter.api.Test;

class DaemonVersionTest {
    @Test
    void isTold() {
        try (Connect connect = Connect.open(SessionDaemon.shared().unixUri("test:///default"))) {
            assertThat(connect.libVersion().toString()).isNotEmpty();
        }
    }
}
