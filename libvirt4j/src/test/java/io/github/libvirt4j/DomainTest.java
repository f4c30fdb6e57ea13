package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.error.FunctionMissingException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.DomainControlErrorReason;
import io.github.libvirt4j.types.DomainControlState;
import io.github.libvirt4j.types.DomainCoreDumpFlags;
import io.github.libvirt4j.types.DomainCoreDumpFormat;
import io.github.libvirt4j.types.DomainLifecycle;
import io.github.libvirt4j.types.DomainLifecycleAction;
import io.github.libvirt4j.types.DomainMemoryModFlags;
import io.github.libvirt4j.types.DomainMessageType;
import io.github.libvirt4j.types.DomainMetadataType;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.DomainVcpuFlags;
import io.github.libvirt4j.types.DomainXmlFlags;
import io.github.libvirt4j.types.NodeSuspendTarget;
import io.github.libvirt4j.types.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDriver.class)
@ExtendWith(NothingLeft.class)
class DomainTest {
    private final TestDriver driver;
    private Connect connect;

    DomainTest(TestDriver driver) {
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
    void tellsAboutItself() {
        Domain domain = connect.domains().lookupByName("test");
        assertThat(domain.id()).hasValue(1);
        assertThat(domain.osType()).isEqualTo("linux");
        assertThat(domain.isActive()).isTrue();
        assertThat(domain.isPersistent()).isTrue();
        assertThat(domain.isUpdated()).isFalse();
        Domain.Info info = domain.info();
        assertThat(info.state()).isEqualTo(DomainState.RUNNING);
        assertThat(info.memory()).isEqualTo(2_097_152).isLessThanOrEqualTo(info.maxMemory());
        assertThat(info.maxMemory()).isEqualTo(domain.memory().max());
        assertThat(info.vcpus()).isEqualTo(2).isEqualTo(domain.cpu().vcpus());
        assertThat(info.cpuTime()).isPositive();
        assertThat(domain.xmlDesc(DomainXmlFlags.SECURE))
                .startsWith("<domain type='test'")
                .contains(domain.uuid().toString());
        assertThat(connect.domains().lookup(domain.identity())).isEqualTo(domain);
        assertThat(connect.domains().findByName("test")).contains(domain);
        assertThat(connect.domains().findByName("nobody")).isEmpty();
        assertThat(connect.domains().findByUuid(domain.uuid())).contains(domain);
        assertThat(connect.domains().findByUuid(new UUID(1, 2))).isEmpty();
        try (Domain stopped = Embedded.define(connect)) {
            assertThat(stopped.id()).isEmpty();
            stopped.undefine();
        }
    }

    @Test
    void isChanged() {
        Domain domain = Embedded.define(connect);
        String name = Embedded.newName();
        domain.rename(name);
        assertThat(connect.domains().lookupByUuid(domain.uuid()).name()).isEqualTo(name);

        assertThat(domain.title()).isEmpty();
        domain.setTitle("a title");
        assertThat(domain.title()).hasValue("a title");
        assertThat(domain.title(DomainModificationImpact.CONFIG)).hasValue("a title");
        domain.setTitle(null);
        assertThat(domain.title()).isEmpty();
        domain.setMetadata(DomainMetadataType.ELEMENT, "<note>kept</note>", "a", "urn:x");
        assertThat(domain.metadata(DomainMetadataType.ELEMENT, "urn:x").orElseThrow())
                .contains("kept");
        assertThat(domain.metadata(DomainMetadataType.ELEMENT, "urn:y")).isEmpty();
        assertThatThrownBy(() -> domain.setTitle("two\nlines")).isInstanceOf(LibvirtException.class);

        assertThat(domain.autostart()).isFalse();
        domain.setAutostart(true);
        assertThat(domain.autostart()).isTrue();

        domain.memory().set(512 * 1024, DomainMemoryModFlags.MAXIMUM);
        domain.memory().set(384 * 1024, DomainModificationImpact.CONFIG);
        assertThat(domain.memory().max()).isEqualTo(512 * 1024);
        assertThat(domain.info().memory()).isEqualTo(384 * 1024);
        domain.cpu().setVcpus(4, DomainVcpuFlags.MAXIMUM, DomainModificationImpact.CONFIG);
        domain.cpu().setVcpus(3, DomainModificationImpact.CONFIG);
        assertThat(domain.cpu().vcpus(DomainVcpuFlags.MAXIMUM)).isEqualTo(4);
        assertThat(domain.cpu().vcpus()).isEqualTo(3);

        domain.create();
        domain.reboot();
        assertThat(domain.isActive()).isTrue();
        domain.shutdown();
        assertThat(domain.state()).hasToString("SHUTOFF (SHUTDOWN)");
        domain.undefine();
    }

    @Test
    void isGoneWhenItStopsIfItIsTransient() {
        try (Domain domain = connect.domains().create(Embedded.xml(Embedded.newName()))) {
            assertThat(domain.isPersistent()).isFalse();
            domain.destroy();
            assertThatThrownBy(domain::state).isInstanceOf(NotFoundException.class);
            // That it has no title is not what one is told of a domain that is gone.
            assertThatThrownBy(domain::title).isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void tellsHowItIsControlled() {
        try (Domain domain = Embedded.define(connect)) {
            assertThatThrownBy(domain::controlInfo).isInstanceOf(OperationInvalidException.class);
            domain.create();
            assertThat(domain.controlInfo()).isEqualTo(new Domain.ControlInfo(0, 0, 0));
            assertThat(domain.controlInfo().state()).isEqualTo(DomainControlState.OK);
            assertThat(domain.controlInfo().details()).isEqualTo(DomainControlErrorReason.NONE);
            assertThat(new Domain.ControlInfo(3, 2, 5).details()).isEqualTo(DomainControlErrorReason.MONITOR);
            assertThat(domain.messages()).isEmpty();
            assertThat(domain.messages(DomainMessageType.TAINTING)).isEmpty();
            domain.destroy();
            domain.undefine();
        }
    }

    @Test
    void reactsToItsGuest() {
        try (Domain domain = Embedded.define(connect)) {
            domain.setLifecycleAction(DomainLifecycle.CRASH, DomainLifecycleAction.PRESERVE);
            assertThat(domain.xmlDesc()).contains("<on_crash>preserve</on_crash>");
            assertThatThrownBy(() -> domain.setLifecycleAction(
                            DomainLifecycle.CRASH, DomainLifecycleAction.DESTROY, DomainModificationImpact.LIVE))
                    .isInstanceOf(OperationInvalidException.class);
            assertThatThrownBy(domain::pmWakeup).isInstanceOf(UnsupportedException.class);
            assertThatThrownBy(() -> domain.pmSuspendForDuration(NodeSuspendTarget.MEM, Duration.ZERO))
                    .isInstanceOf(UnsupportedException.class);
            domain.undefine();
        }
    }

    /// Of libvirt 11.2.0, and not of the test driver.
    @Test
    void doesNotStartOnceInTheTestDriver() {
        try (Domain domain = Embedded.define(connect)) {
            Class<?> missing = Libvirt.version().compareTo(new Version(11, 2, 0)) < 0
                    ? FunctionMissingException.class
                    : UnsupportedException.class;
            assertThatThrownBy(domain::autostartOnce).isInstanceOf(missing);
            assertThatThrownBy(() -> domain.setAutostartOnce(true)).isInstanceOf(missing);
            domain.undefine();
        }
    }

    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void isStartedWithFiles() throws Exception {
        try (Domain domain = Embedded.define(connect);
                OpenFile file = OpenFile.forReading(Path.of("/dev/null"))) {
            domain.createWithFiles(List.of(file));
            assertThat(domain.isActive()).isTrue();
            domain.destroy();
            file.close();
            assertThatThrownBy(() -> domain.createWithFiles(List.of(file))).isInstanceOf(IllegalStateException.class);
            assertThat(domain.isActive()).isFalse();
            assertThatThrownBy(() -> domain.fdAssociate("group", List.of())).isInstanceOf(LibvirtException.class);
            domain.undefine();
        }
    }

    @Test
    void isDumped() throws Exception {
        Path file = SessionDaemon.shared().folder().resolve("core");
        try (Domain domain = Embedded.define(connect)) {
            assertThatThrownBy(() -> domain.coreDump(file.toString(), DomainCoreDumpFormat.RAW))
                    .isInstanceOf(OperationInvalidException.class);
            domain.create();
            assertThatThrownBy(() -> domain.coreDump(file.toString(), DomainCoreDumpFormat.KDUMP_ZLIB))
                    .isInstanceOf(UnsupportedException.class);
            domain.coreDump(file.toString(), DomainCoreDumpFormat.RAW, DomainCoreDumpFlags.CRASH);
            assertThat(file).isNotEmptyFile();
            assertThat(domain.state()).hasToString("SHUTOFF (CRASHED)");
            domain.undefine();
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
