package io.github.libvirt4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventQueue;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.types.DomainEventType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

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

    /// Run by [#judges]. Each ends as its name says.
    @LibvirtTest
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static class Examples {
        private static final Map<String, String> URIS = new HashMap<>();

        @Test
        void isClean(Connect connect, TestNode node) {
            URIS.put("isClean", node.uri());
            connect.domains().lookupByName("test").undefine();
        }

        @Test
        void isNotTouchedByOthers(Connect connect, TestNode node) {
            URIS.put("isNotTouchedByOthers", node.uri());
            connect.domains().lookupByName("test").close();
        }

        @Test
        void leaksAConnection(TestNode node) {
            Left.connect = Connect.open(node.uri());
        }

        @Test
        void throwsInAHandler(Connect connect) throws InterruptedException {
            var called = new CountDownLatch(1);
            try (Domain domain = connect.domains().lookupByName("test");
                    Registration registration = domain.on(DomainEvent.LIFECYCLE, _ -> {
                        called.countDown();
                        throw new IllegalStateException("on purpose");
                    })) {
                domain.suspend();
                called.await();
                registration.closeAndAwait(Duration.ofSeconds(10));
            }
        }

        @Test
        @LibvirtTest(leaks = true)
        void leaksWhereItMay(TestNode node) {
            Left.permitted = Connect.open(node.uri());
        }
    }

    /// What the examples leave.
    private static final class Left {
        private static Connect connect;
        private static Connect permitted;
    }

    /// The leak is given its ten seconds.
    @Test
    @Tag("slow")
    void judges() {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(Examples.class))
                .build();
        Map<String, String> results = new HashMap<>();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                    results.put(
                            test.getDisplayName().replaceFirst("\\(.*", ""),
                            result.getThrowable().map(Throwable::getMessage).orElse("passes"));
                }
            }
        });
        Left.connect.close();
        Left.permitted.close();
        assertThat(results)
                .containsEntry("isClean", "passes")
                .containsEntry("isNotTouchedByOthers", "passes")
                .containsEntry("leaksWhereItMay", "passes")
                .hasEntrySatisfying(
                        "leaksAConnection", message -> assertThat(message).contains("1 open handles"))
                .hasEntrySatisfying(
                        "throwsInAHandler", message -> assertThat(message).contains("threw 1 exceptions in handlers"))
                .hasSize(5);
        assertThat(Examples.URIS.values())
                .doesNotHaveDuplicates()
                .noneMatch(uri -> Files.exists(Path.of(uri.substring("test://".length()))));
        assertThat(Libvirt.callsAbandoned()).isZero();
    }
}
