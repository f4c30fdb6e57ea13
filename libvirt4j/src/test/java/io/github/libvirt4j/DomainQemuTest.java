package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.types.DomainQemuAgentCommandTimeoutValues;
import io.github.libvirt4j.types.DomainQemuMonitorCommandFlags;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// QEMU's monitor. `it` has the agent of a guest.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class DomainQemuTest {
    private static final String STATUS = "{\"execute\": \"query-status\"}";
    private static final String GETFD = "{\"execute\": \"getfd\", \"arguments\": {\"fdname\": \"file\"}}";

    private static PausedGuest guest;

    private final Connect embedded = Embedded.open();
    private final Connect connect = Connect.open(PausedGuest.URI);
    private final DomainQemu none = embedded.domains().lookupByName("test").qemu();
    private DomainQemu qemu;

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
        qemu = guest.on(connect).qemu();
    }

    @AfterEach
    void close() {
        embedded.close();
        connect.close();
    }

    @Test
    void answersCommands() {
        assertThat(qemu.monitorCommand(STATUS)).contains("\"return\"").contains("\"prelaunch\"");
        assertThat(qemu.monitorCommand("info status", DomainQemuMonitorCommandFlags.HMP))
                .startsWith("VM status: paused");
        assertThat(qemu.monitorCommand("{\"execute\": \"nothing\"}")).contains("\"CommandNotFound\"");
        assertThatExceptionOfType(LibvirtException.class).isThrownBy(() -> qemu.monitorCommand("no JSON"));
        assertThatExceptionOfType(UnsupportedException.class).isThrownBy(() -> none.monitorCommand(STATUS));
    }

    /// `getfd` fails without a file.
    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void takesFiles() throws IOException {
        assertThat(qemu.monitorCommandWithFiles(GETFD, List.of()).result()).contains("\"error\"");
        try (OpenFile file = OpenFile.forReading(Path.of("/dev/null"))) {
            DomainQemu.Answer answer = qemu.monitorCommandWithFiles(GETFD, List.of(file));
            assertThat(answer.result()).contains("\"return\"");
            assertThat(answer.files()).isEmpty();
            file.close();
            assertThatIllegalStateException().isThrownBy(() -> qemu.monitorCommandWithFiles(GETFD, List.of(file)));
        }
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> none.monitorCommandWithFiles(STATUS, List.of()));
    }

    /// A guest that does not run has no agent to ask.
    @Test
    void asksTheAgent() {
        String ping = "{\"execute\": \"guest-ping\"}";
        int standard = DomainQemuAgentCommandTimeoutValues.DEFAULT.value();
        assertThatExceptionOfType(OperationInvalidException.class)
                .isThrownBy(() -> qemu.agentCommand(ping, standard))
                .withMessageContaining("not running");
        assertThatExceptionOfType(UnsupportedException.class).isThrownBy(() -> none.agentCommand(ping, 1));
    }

    @Test
    void isGoneWithItsDomain() {
        none.domain().close();
        assertThatIllegalStateException().isThrownBy(() -> none.monitorCommand(STATUS));
        assertThatIllegalStateException().isThrownBy(() -> none.monitorCommandWithFiles(STATUS, List.of()));
        assertThatIllegalStateException().isThrownBy(() -> none.agentCommand(STATUS, 1));
    }
}
