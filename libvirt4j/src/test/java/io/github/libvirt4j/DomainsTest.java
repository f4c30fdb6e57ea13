package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.support.Threads;
import io.github.libvirt4j.types.ConnectListAllDomainsFlags;
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
}
