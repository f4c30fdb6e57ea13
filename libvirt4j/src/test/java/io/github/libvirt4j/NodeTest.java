package io.github.libvirt4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDriver.class)
@ExtendWith(NothingLeft.class)
class NodeTest {
    private final TestDriver driver;
    private Connect connect;

    NodeTest(TestDriver driver) {
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
    void tellsItsProcessorsAndMemory() {
        Node.Info node = connect.node().info();
        assertThat(node.model()).isEqualTo("i686");
        assertThat(node.cpus()).isEqualTo(node.nodes() * node.sockets() * node.cores() * node.threads());
        assertThat(node.memory()).isPositive();
    }
}
