package io.github.libvirt4j;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.error.FunctionMissingException;
import io.github.libvirt4j.error.InvalidArgumentException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.types.DomainGraphicsReloadType;
import io.github.libvirt4j.types.DomainOpenGraphicsFlags;
import io.github.libvirt4j.types.KeycodeSet;
import io.github.libvirt4j.types.Version;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The keyboard and the screen of a guest of QEMU, over VNC.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class DomainConsoleTest {
    private static final int KEY_ENTER = 28;

    private static PausedGuest guest;

    private final Connect embedded = Embedded.open();
    private final Connect qemu = Connect.open(PausedGuest.URI);
    private final Domain stopped = Embedded.define(embedded);
    private DomainConsole console;

    @BeforeAll
    static void start() {
        guest = PausedGuest.start("<graphics type='vnc' port='-1'/>");
    }

    @AfterAll
    static void stop() {
        guest.close();
    }

    @BeforeEach
    void find() {
        console = guest.on(qemu).console();
    }

    @AfterEach
    void close() {
        embedded.close();
        qemu.close();
    }

    private static String greeting(OpenFile socket) throws IOException {
        ByteBuffer greeting = ByteBuffer.allocate(12);
        while (greeting.hasRemaining() && socket.read(greeting) >= 0) {
            // More may come.
        }
        return US_ASCII.decode(greeting.flip()).toString();
    }

    @Test
    void hasAKeyboard() {
        console.sendKey(KeycodeSet.LINUX, Duration.ofMillis(50), KEY_ENTER);
        console.sendKey(KeycodeSet.QNUM, Duration.ZERO, KEY_ENTER, KEY_ENTER + 1);
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> console.sendKey(KeycodeSet.LINUX, Duration.ZERO, 9999))
                .withMessageContaining("9999");
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> console.sendKey(KeycodeSet.LINUX, Duration.ZERO));
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> console.sendKey(KeycodeSet.LINUX, Duration.ZERO, new int[17]));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> console.sendKey(KeycodeSet.LINUX, Duration.ofDays(100), KEY_ENTER));
    }

    @Test
    void hasAnInterrupt() {
        console.injectNmi();
        try (PausedGuest other = PausedGuest.start()) {
            DomainConsole off = other.on(qemu).console();
            other.on(qemu).destroy();
            assertThatExceptionOfType(OperationInvalidException.class).isThrownBy(off::injectNmi);
            assertThatExceptionOfType(OperationInvalidException.class)
                    .isThrownBy(() -> off.sendKey(KeycodeSet.LINUX, Duration.ZERO, KEY_ENTER));
            assertThatExceptionOfType(OperationInvalidException.class).isThrownBy(() -> off.openGraphicsFd(0));
        }
    }

    @Test
    void givesASocketOfItsScreen() throws IOException {
        try (OpenFile socket = console.openGraphicsFd(0, DomainOpenGraphicsFlags.SKIPAUTH)) {
            assertThat(greeting(socket)).isEqualTo("RFB 003.008\n");
        }
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> console.openGraphicsFd(9))
                .withMessageContaining("9");
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> stopped.console().openGraphicsFd(0));
    }

    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void takesASocketForItsScreen() throws IOException {
        List<OpenFile> pair = OpenFile.socketPair();
        try (OpenFile own = pair.getFirst();
                OpenFile its = pair.getLast()) {
            console.openGraphics(0, its);
            its.close();
            assertThat(greeting(own)).isEqualTo("RFB 003.008\n");
            assertThatIllegalStateException().isThrownBy(() -> console.openGraphics(0, its));
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> stopped.console().openGraphics(0, own));
        }
    }

    /// Only newer daemons have it, and then for guests with certificates.
    @Test
    void loadsItsCertificatesAgain() {
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> stopped.console().graphicsReload(DomainGraphicsReloadType.VNC))
                .isInstanceOf(
                        Libvirt.version().compareTo(new Version(10, 2, 0)) < 0
                                ? FunctionMissingException.class
                                : UnsupportedException.class);
    }

    @Test
    void isGoneWithItsDomain() throws IOException {
        stopped.close();
        DomainConsole gone = stopped.console();
        assertThatIllegalStateException().isThrownBy(gone::injectNmi);
        assertThatIllegalStateException().isThrownBy(() -> gone.sendKey(KeycodeSet.LINUX, Duration.ZERO, KEY_ENTER));
        assertThatIllegalStateException().isThrownBy(() -> gone.openGraphicsFd(0));
        assertThatIllegalStateException().isThrownBy(() -> gone.graphicsReload(DomainGraphicsReloadType.ANY));
    }
}
