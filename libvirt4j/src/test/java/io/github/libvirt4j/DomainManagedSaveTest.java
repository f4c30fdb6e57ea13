package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.types.DomainSaveRestoreFlags;
import io.github.libvirt4j.types.DomainState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The managed save image of a domain of the test driver, and of a guest of QEMU.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class DomainManagedSaveTest {
    private final Connect connect = Embedded.open();
    private final Domain domain = Embedded.define(connect);
    private final DomainManagedSave image = domain.managedSave();

    @AfterEach
    void close() {
        connect.close();
    }

    @Test
    void isWhereADomainContinues() {
        assertThatExceptionOfType(OperationInvalidException.class).isThrownBy(image::save);
        domain.create();
        assertThat(image.hasImage()).isFalse();
        image.save();
        assertThat(image.hasImage()).isTrue();
        assertThat(domain.isActive()).isFalse();
        domain.create();
        assertThat(image.hasImage()).isFalse();
        image.save();
        image.remove();
        assertThat(image.hasImage()).isFalse();
        assertThatExceptionOfType(UnsupportedException.class).isThrownBy(image::xmlDesc);
        assertThatExceptionOfType(UnsupportedException.class).isThrownBy(() -> image.define("<domain/>"));
        domain.undefine();
    }

    @Test
    void hasADescription() {
        try (PausedGuest guest = PausedGuest.start();
                Connect qemu = Connect.open(PausedGuest.URI)) {
            Domain running = guest.on(qemu);
            DomainManagedSave saved = running.managedSave();
            assertThatExceptionOfType(OperationInvalidException.class).isThrownBy(saved::xmlDesc);
            assertThatExceptionOfType(LibvirtException.class).isThrownBy(saved::remove);
            saved.save();
            String xml = saved.xmlDesc();
            assertThat(xml).contains(running.uuid().toString());
            saved.define(xml.replace("<memory ", "<title>other</title><memory "), DomainSaveRestoreFlags.PAUSED);
            assertThat(saved.xmlDesc()).contains("<title>other</title>");
            running.create();
            assertThat(running.state().state()).isEqualTo(DomainState.PAUSED);
            assertThat(running.title()).hasValue("other");
            assertThat(saved.hasImage()).isFalse();
        }
    }

    @Test
    void isGoneWithItsDomain() {
        domain.close();
        assertThatIllegalStateException().isThrownBy(image::hasImage);
        assertThatIllegalStateException().isThrownBy(image::save);
        assertThatIllegalStateException().isThrownBy(image::xmlDesc);
    }
}
