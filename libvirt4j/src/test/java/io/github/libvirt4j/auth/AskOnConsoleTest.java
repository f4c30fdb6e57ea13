package io.github.libvirt4j.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.NothingLeft;
import io.github.libvirt4j.types.ConnectCredentialType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class AskOnConsoleTest {
    /// The server's words could act on the terminal.
    @Test
    void asksWithoutWhatActsOnATerminal() {
        assertThat(AskOnConsole.question(
                        " a\u001b[2J\u009b\u202e\u2028\n\u00e9 b\n", ConnectCredentialType.REALM, "x\u007f"))
                .isEqualTo("a?[2J????\u00e9 b [x?]: ");
        assertThat(AskOnConsole.question(null, ConnectCredentialType.REALM, null))
                .isEqualTo("REALM: ");
    }
}
