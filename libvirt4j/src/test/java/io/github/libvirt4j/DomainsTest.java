package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.support.Threads;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ConnectListAllDomainsFlags;
import io.github.libvirt4j.types.DomainSaveParamKeys;
import io.github.libvirt4j.types.TypedParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDriver.class)
@ExtendWith(NothingLeft.class)
class DomainsTest {
    private final TestDriver driver;
    private Connect connect;

    DomainsTest(TestDriver driver) {
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
    void areListedAndChosen() {
        Domain stopped = Embedded.define(connect);
        assertThat(connect.domains().listAll())
                .contains(stopped, connect.domains().lookupByName("test"));
        assertThat(connect.domains().listAll(ConnectListAllDomainsFlags.INACTIVE))
                .containsExactly(stopped);
        assertThat(connect.domains().listAll(ConnectListAllDomainsFlags.ACTIVE))
                .doesNotContain(stopped)
                .contains(connect.domains().lookupByName("test"));
        assertThat(connect.domains().listAll(ConnectListAllDomainsFlags.HAS_CHECKPOINT))
                .isEmpty();
        stopped.undefine();
    }

    @Test
    void areListedWhileSomeVanish() throws Exception {
        Threads.together(3, thread -> {
            for (int i = 0; i < 300; i++) {
                if (thread == 0) {
                    try (Domain domain = Embedded.define(connect)) {
                        domain.undefine();
                    }
                } else {
                    List<Domain> domains = connect.domains().listAll();
                    assertThat(domains).isNotEmpty();
                    domains.forEach(domain -> assertThat(domain.name()).isNotEmpty());
                    domains.forEach(Domain::close);
                }
            }
        });
    }

    @Test
    void areFoundByNumber() {
        Domain domain = connect.domains().lookupById(1);
        assertThat(domain.name()).isEqualTo("test");
        assertThat(connect.domains().findById(1)).contains(domain);
        assertThat(connect.domains().findById(4711)).isEmpty();
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> connect.domains().lookupById(4711));
    }

    @Test
    void areSavedAndRestored() throws IOException {
        Path file = SessionDaemon.shared().folder().resolve("saved");
        String path = file.toString();
        Domains domains = connect.domains();
        try (Domain domain = Embedded.define(connect)) {
            assertThatExceptionOfType(OperationInvalidException.class).isThrownBy(() -> domain.save(path, null));
            domain.create();
            domain.save(path, null);
            assertThat(domain.isActive()).isFalse();
            String xml = domains.saveImageXmlDesc(path);
            assertThat(xml).contains(domain.uuid().toString());
            domains.saveImageDefine(path, xml.replace("<memory ", "<title>changed</title><memory "));
            domains.restore(path, null);
            assertThat(domain.isActive()).isTrue();
            assertThat(domain.title()).hasValue("changed");
            assertThatExceptionOfType(UnsupportedException.class)
                    .isThrownBy(() -> domain.save(path, xml))
                    .withMessageContaining("xml modification");
            domain.save(path, null);
            domains.restore(path, null);
            assertThat(domain.isActive()).isTrue();
            TypedParameters parameters = TypedParameters.builder()
                    .set(DomainSaveParamKeys.FILE, path)
                    .build();
            assertThatExceptionOfType(UnsupportedException.class).isThrownBy(() -> domain.saveParams(parameters));
            assertThatExceptionOfType(UnsupportedException.class).isThrownBy(() -> domains.restoreParams(parameters));
            domain.destroy();
            domain.undefine();
        } finally {
            Files.deleteIfExists(file);
        }
        assertThatExceptionOfType(LibvirtException.class).isThrownBy(() -> domains.restore(path, null));
        assertThatExceptionOfType(LibvirtException.class).isThrownBy(() -> domains.saveImageXmlDesc(path));
    }

    @Test
    @SuppressWarnings("try") // Closed on purpose.
    void areCreatedWithFiles() throws IOException {
        String xml = Embedded.xml(Embedded.newName());
        try (OpenFile file = OpenFile.forReading(Path.of("/dev/null"))) {
            try (Domain domain = connect.domains().createWithFiles(xml, List.of(file))) {
                assertThat(domain.isActive()).isTrue();
                domain.destroy();
            }
            file.close();
            assertThatIllegalStateException().isThrownBy(() -> connect.domains().createWithFiles(xml, List.of(file)));
        }
    }

    @Test
    void areNotTranslatedByTheTestDriver() {
        Domains domains = connect.domains();
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> domains.xmlFromNative("qemu-argv", "qemu"));
        assertThatExceptionOfType(UnsupportedException.class)
                .isThrownBy(() -> domains.xmlToNative("qemu-argv", Embedded.xml("x")));
        assertThatExceptionOfType(UnsupportedException.class).isThrownBy(() -> domains.qemuAttach(1));
    }
}
