package io.github.libvirt4j;

import static io.github.libvirt4j.support.Refusals.assertUnsupported;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.error.InvalidArgumentException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.testing.SessionDaemon;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDriver.class)
@ExtendWith(NothingLeft.class)
class NodeDeviceTest {
    private final TestDriver driver;
    private Connect connect;

    NodeDeviceTest(TestDriver driver) {
        this.driver = driver;
    }

    @BeforeEach
    void open() {
        connect = driver.open();
    }

    @AfterEach
    void close() {
        connect.close();
    }

    @Test
    void tellsAboutItselfAndIsCreated() {
        List<NodeDevice> all = connect.nodeDevices().listAll();
        assertThat(all).isNotEmpty();
        NodeDevice computer = connect.nodeDevices().lookupByName("computer");
        assertThat(computer.parent()).isEmpty();
        assertThat(computer.caps()).containsExactly("system");
        assertThat(computer.xmlDesc()).contains("<name>computer</name>");
        NodeDevice host = connect.nodeDevices().lookupByName("scsi_host1");
        assertThat(host.parent()).isPresent();
        assertThat(host.caps()).contains("scsi_host");
        assertThat(connect.nodeDevices().lookup(host.identity())).isEqualTo(host);
        assertThat(connect.nodeDevices().findByName("nothing")).isEmpty();
        NodeDevice vhba = connect.nodeDevices().create("""
                <device>
                  <parent>scsi_host1</parent>
                  <capability type='scsi_host'>
                    <capability type='fc_host'>
                      <wwnn>2000000012341234</wwnn><wwpn>1000000012341234</wwpn>
                    </capability>
                  </capability>
                </device>
                """);
        assertThat(connect.nodeDevices().listAll()).contains(vhba);
        vhba.destroy();
        assertThat(connect.nodeDevices().listAll()).doesNotContain(vhba);
    }

    @Test
    void isNeitherChangedNorLentByTheTestDriver() {
        NodeDevice device = connect.nodeDevices().lookupByName("scsi_host1");
        assertUnsupported(() -> device.update("<device/>"));
        assertUnsupported(() -> device.detach(null));
        assertUnsupported(device::reAttach);
        assertUnsupported(device::reset);
        assertUnsupported(() -> connect.nodeDevices().lookupScsiHostByWwn("2000000012341234", "1000000012341234"));
    }

    /// Of a device that is not a PCI device, to QEMU's driver.
    @Test
    void isLentOnlyAsAPciDevice() {
        try (Connect qemu = Connect.open(SessionDaemon.shared().unixUri("qemu:///session"))) {
            NodeDevice computer = qemu.nodeDevices().lookupByName("computer");
            // Where the host does not have VFIO, libvirt looks neither at the driver nor at the device.
            for (@Nullable String driver : new @Nullable String[] {null, "vfio", "nothing"}) {
                assertThatExceptionOfType(LibvirtException.class)
                        .isThrownBy(() -> computer.detach(driver))
                        .isInstanceOfAny(InvalidArgumentException.class, UnsupportedException.class);
            }
            assertThatExceptionOfType(InvalidArgumentException.class).isThrownBy(computer::reAttach);
            assertThatExceptionOfType(InvalidArgumentException.class).isThrownBy(computer::reset);
            assertThatExceptionOfType(LibvirtException.class)
                    .isThrownBy(() -> qemu.nodeDevices().lookupScsiHostByWwn("2000000012341234", "1000000012341234"));
        }
    }
}
