package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.error.UnsupportedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Calls of `libvirt-lxc` in this process, and its refusals for drivers without containers.
@ExtendWith(NothingLeft.class)
class DomainLxcTest {
    private static final DomainSecurity.Label LABEL = new DomainSecurity.Label("a label", true);

    private final Connect connect = Embedded.open();
    private final Domain domain = Embedded.define(connect);
    private final DomainLxc lxc = domain.lxc();

    @AfterEach
    void close() {
        if (!domain.isClosed()) {
            domain.undefine();
        }
        connect.close();
    }

    @Test
    void hasNoNamespacesElsewhere() {
        assertThatExceptionOfType(UnsupportedException.class).isThrownBy(lxc::openNamespace);
    }

    /// A file that is none is skipped, so this moves nothing, and needs no privilege.
    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void tellsThePreviousNamespaces() throws IOException {
        try (OpenFile file = OpenFile.forReading(Path.of("/dev/null"))) {
            List<OpenFile> previous = lxc.enterNamespace(List.of(file));
            assertThat(previous)
                    .map(namespace -> Files.readSymbolicLink(Path.of("/proc/self/fd/" + namespace.fd())))
                    .contains(Files.readSymbolicLink(Path.of("/proc/self/ns/net")));
            previous.forEach(OpenFile::close);
            file.close();
            assertThatIllegalStateException().isThrownBy(() -> lxc.enterNamespace(List.of(file)));
        }
    }

    @Test
    void entersLabels() {
        Node.SecurityModel none = new Node.SecurityModel("none", "0");
        assertThat(lxc.enterSecurityLabel(none, LABEL)).isEqualTo(new DomainSecurity.Label("", false));
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> lxc.enterSecurityLabel(new Node.SecurityModel("nothing", "0"), LABEL))
                .withMessageContaining("Security model nothing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> lxc.enterSecurityLabel(none, new DomainSecurity.Label("x".repeat(4097), true)))
                .withMessageContaining("4096");
        assertThat(lxc.enterSecurityLabel(none, new DomainSecurity.Label("x".repeat(4096), true))
                        .enforcing())
                .isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> lxc.enterSecurityLabel(new Node.SecurityModel("ä".repeat(200), "0"), LABEL));
    }

    @Test
    void isGoneWithItsDomain() {
        domain.undefine();
        domain.close();
        assertThatIllegalStateException().isThrownBy(lxc::openNamespace);
        assertThatIllegalStateException().isThrownBy(() -> lxc.enterNamespace(List.of()));
        assertThatIllegalStateException().isThrownBy(lxc::enterCGroup);
        assertThatIllegalStateException()
                .isThrownBy(() -> lxc.enterSecurityLabel(new Node.SecurityModel("none", "0"), LABEL));
    }
}
