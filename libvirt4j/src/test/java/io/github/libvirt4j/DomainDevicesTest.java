package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.error.InvalidArgumentException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.DomainXmlFlags;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The devices in the definition of a domain of QEMU's. `it` has those of a guest that runs.
@ExtendWith(NothingLeft.class)
@Timeout(60)
class DomainDevicesTest {
    private static final String CDROM = """
            <disk type='file' device='cdrom'>%s<target dev='sda' bus='sata'/><alias name='ua-cd'/></disk>
            """;

    private final Connect connect = Connect.open(PausedGuest.URI);
    private Domain domain;
    private DomainDevices devices;

    @BeforeEach
    void define() {
        domain = connect.domains().define("""
                <domain type='qemu'>
                  <name>%s</name>
                  <memory unit='MiB'>32</memory>
                  <os><type arch='x86_64' machine='q35'>hvm</type></os>
                </domain>
                """.formatted(Embedded.newName()));
        devices = domain.devices();
    }

    @AfterEach
    void undefine() {
        if (!domain.isClosed()) {
            domain.undefine();
        }
        connect.close();
    }

    private String xml() {
        return domain.xmlDesc(DomainXmlFlags.INACTIVE);
    }

    @Test
    void areAttachedChangedAndDetached() {
        devices.attach(CDROM.formatted(""));
        assertThat(xml()).contains("ua-cd").doesNotContain("/no/image");
        devices.update(CDROM.formatted("<source file='/no/image'/>"), DomainModificationImpact.CONFIG);
        assertThat(xml()).contains("<source file='/no/image'/>");
        devices.detachAlias("ua-cd");
        assertThat(xml()).doesNotContain("ua-cd");
        devices.attach(CDROM.formatted(""));
        devices.detach(CDROM.formatted(""));
        assertThat(xml()).doesNotContain("ua-cd");
    }

    @Test
    void haveToExist() {
        assertThatExceptionOfType(LibvirtException.class)
                .isThrownBy(() -> devices.detachAlias("ua-cd"))
                .withMessageContaining("ua-cd");
        assertThatExceptionOfType(InvalidArgumentException.class).isThrownBy(() -> devices.update(CDROM.formatted("")));
        try (Connect embedded = Embedded.open()) {
            DomainDevices none = embedded.domains().lookupByName("test").devices();
            // Not supported by an older test driver, and not found by a newer one.
            assertThatExceptionOfType(LibvirtException.class)
                    .isThrownBy(() -> none.detachAlias("x"))
                    .withMessageMatching(".*\\((NO_SUPPORT|INTERNAL_ERROR)\\)");
            assertThatExceptionOfType(LibvirtException.class)
                    .isThrownBy(() -> none.update(CDROM.formatted("")))
                    .withMessageMatching(".*\\((NO_SUPPORT|INVALID_ARG)\\)");
        }
    }

    @Test
    void areGoneWithTheirDomain() {
        domain.undefine();
        domain.close();
        assertThatIllegalStateException().isThrownBy(() -> devices.attach(CDROM.formatted("")));
        assertThatIllegalStateException().isThrownBy(() -> devices.detachAlias("ua-cd"));
        assertThatIllegalStateException().isThrownBy(() -> devices.update(CDROM.formatted("")));
    }
}
