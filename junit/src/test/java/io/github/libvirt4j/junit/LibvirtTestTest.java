package io.github.libvirt4j.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventQueue;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.types.DomainEventType;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@LibvirtTest
@Timeout(60)
class LibvirtTestTest {
    private String before = "";

    @BeforeEach
    void hasTheConnectionBefore(Connect connect, TestNode node) {
        assertThat(connect.uri()).isEqualTo(node.uri());
        before = node.uri();
    }

    @AfterEach
    void hasTheConnectionAfter(Connect connect) {
        assertThat(connect.isAlive()).isTrue();
    }

    @Test
    void givesAHypervisor(Connect connect, TestNode node) throws InterruptedException {
        assertThat(node.uri()).isEqualTo(before);
        try (EventQueue<DomainEvent.Lifecycle> events = connect.queue(DomainEvent.LIFECYCLE, 10);
                Domain domain = connect.domains().lookupByName("test")) {
            domain.suspend();
            assertThat(events.take().type()).isEqualTo(DomainEventType.SUSPENDED);
        }
        connect.networks().lookupByName("default").close();
        connect.storagePools().lookupByName("default").close();
    }

    @Test
    void givesItsUriForLinks(TestNode node) throws InterruptedException {
        try (Link link = Link.to(node.uri()).open()) {
            assertThat(link.awaitUp(Duration.ofSeconds(30))).isTrue();
        }
    }

    @Test
    @LibvirtTest(
            node = "<node><domain type='test'><name>mine</name><memory>8192</memory><os><type>hvm</type></os>"
                    + "</domain></node>")
    void takesAnother(Connect connect) {
        connect.domains().lookupByName("mine").close();
        assertThat(connect.domains().listAll()).hasSize(1).allSatisfy(Domain::close);
    }
}
