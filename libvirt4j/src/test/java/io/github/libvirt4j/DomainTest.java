package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.types.DomainMemoryModFlags;
import io.github.libvirt4j.types.DomainMetadataType;
import io.github.libvirt4j.types.DomainModificationImpact;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.DomainVcpuFlags;
import io.github.libvirt4j.types.DomainXmlFlags;
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
}
