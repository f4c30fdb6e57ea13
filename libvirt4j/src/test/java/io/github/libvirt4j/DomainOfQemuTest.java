package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.error.InvalidArgumentException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainCoreDumpFlags;
import io.github.libvirt4j.types.DomainCoreDumpFormat;
import io.github.libvirt4j.types.DomainCreateFlags;
import io.github.libvirt4j.types.DomainQemuMonitorCommandFlags;
import io.github.libvirt4j.types.DomainSaveParamKeys;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.NodeSuspendTarget;
import io.github.libvirt4j.types.TypedParameters;
import io.github.libvirt4j.types.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Functions of domains that QEMU's driver has, and the test driver does not.
@ExtendWith(NothingLeft.class)
@Timeout(120)
class DomainOfQemuTest {
    private final Connect connect = Connect.open(PausedGuest.URI);
    private final Domains domains = connect.domains();

    @AfterEach
    void close() {
        connect.close();
    }

    private static Path file(String name) {
        return SessionDaemon.shared().folder().resolve(name);
    }

    @Test
    void isSavedAndRestoredWithParameters() throws IOException {
        Path file = file("guest.save");
        TypedParameters parameters = TypedParameters.builder()
                .set(DomainSaveParamKeys.FILE, file.toString())
                .build();
        try (PausedGuest guest = PausedGuest.start()) {
            Domain domain = guest.on(connect);
            domain.saveParams(parameters);
            assertThat(domain.isActive()).isFalse();
            assertThatExceptionOfType(OperationInvalidException.class).isThrownBy(() -> domain.saveParams(parameters));
            assertThat(domains.saveImageXmlDesc(file.toString()))
                    .contains(domain.uuid().toString());
            domains.restoreParams(parameters);
            assertThat(domain.state().state()).isEqualTo(DomainState.PAUSED);
            domain.save(file.toString(), null);
            domains.restore(file.toString(), null);
            assertThat(domain.isActive()).isTrue();
        } finally {
            Files.deleteIfExists(file);
        }
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(
                        () -> domains.restoreParams(TypedParameters.builder().build()));
    }

    @Test
    void isDumped() throws IOException {
        Path file = file("guest.core");
        try (PausedGuest guest = PausedGuest.start()) {
            Domain domain = guest.on(connect);
            domain.coreDump(file.toString(), DomainCoreDumpFormat.RAW, DomainCoreDumpFlags.MEMORY_ONLY);
            assertThat(Files.size(file)).isGreaterThan(32 << 20);
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> domain.coreDump(file.toString(), DomainCoreDumpFormat.KDUMP_ZLIB));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Test
    void sleepsOnlyIfItRuns() throws IOException {
        try (PausedGuest guest = PausedGuest.start();
                OpenFile file = OpenFile.forReading(Path.of("/dev/null"))) {
            Domain domain = guest.on(connect);
            assertThatExceptionOfType(LibvirtException.class)
                    .isThrownBy(domain::pmWakeup)
                    .withMessageContaining("not in suspended state");
            assertThatExceptionOfType(OperationInvalidException.class)
                    .isThrownBy(() -> domain.pmSuspendForDuration(NodeSuspendTarget.MEM, Duration.ZERO));
            assertThat(domain.messages()).isEmpty();
            domain.destroy();
            assertThatExceptionOfType(OperationInvalidException.class).isThrownBy(domain::pmWakeup);
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> domain.createWithFiles(List.of(file)));
        }
    }

    /// A file in a folder that the daemon's user cannot even enter.
    @Test
    void getsADiskAsAnOpenFile(@TempDir Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Path image = Files.write(folder.resolve("image"), new byte[1 << 20]);
        Domain domain = domains.define("""
                <domain type='qemu'>
                  <name>%s</name>
                  <memory unit='MiB'>32</memory>
                  <os><type arch='x86_64' machine='q35'>hvm</type></os>
                  <devices>
                    <disk type='file'>
                      <driver name='qemu' type='raw'/>
                      <source file='/no/such/image' fdgroup='group'/>
                      <target dev='vda' bus='virtio'/>
                    </disk>
                  </devices>
                </domain>
                """.formatted(Embedded.newName()));
        try {
            assertThatExceptionOfType(LibvirtException.class)
                    .isThrownBy(() -> domain.create(DomainCreateFlags.START_PAUSED))
                    .withMessageContaining("group");
            try (OpenFile file = OpenFile.forReadingAndWriting(image)) {
                domain.fdAssociate("group", List.of(file));
            }
            domain.create(DomainCreateFlags.START_PAUSED);
            assertThat(domain.qemu().monitorCommand("info block -v", DomainQemuMonitorCommandFlags.HMP))
                    .contains("/dev/fdset/")
                    .contains("1 MiB");
            domain.destroy();
        } finally {
            domain.undefine();
        }
        assertThatExceptionOfType(LibvirtException.class).isThrownBy(() -> domain.fdAssociate("group", List.of()));
    }

    @Test
    void isTranslated() {
        String xml = """
                <domain type='qemu'>
                  <name>translated</name>
                  <memory unit='MiB'>32</memory>
                  <os><type arch='x86_64' machine='q35'>hvm</type></os>
                </domain>
                """;
        assertThat(domains.xmlToNative("qemu-argv", xml)).contains("-name guest=translated");
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> domains.xmlToNative("nothing", xml))
                .withMessageContaining("nothing");
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> domains.xmlFromNative("qemu-argv", "qemu"));
        assertThatExceptionOfType(UnsupportedException.class).isThrownBy(() -> domains.qemuAttach(1));
    }

    @Test
    void isOfferedWhatItsEmulatorCan() {
        assertThat(domains.capabilities(null, "x86_64", "q35", "qemu"))
                .startsWith("<domainCapabilities>")
                .contains("<domain>qemu</domain>", "<arch>x86_64</arch>");
        assertThatExceptionOfType(InvalidArgumentException.class)
                .isThrownBy(() -> domains.capabilities(null, "nothing", null, null))
                .withMessageContaining("nothing");
        try (Connect embedded = Embedded.open()) {
            assertThat(embedded.domains().capabilities(null, null, null, null)).startsWith("<domainCapabilities>");
        } catch (UnsupportedException e) {
            // The test driver has learnt it since 9.0.
            assertThat(Libvirt.version()).isLessThan(new Version(12, 8, 0));
        }
    }
}
