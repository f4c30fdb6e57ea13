package io.github.libvirt4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Registration;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Runs tests that fail. Not a [LibvirtTest], which would hear of their exceptions.
@Timeout(60)
class LibvirtExtensionTest {
    private static void throwInAHandler(Connect connect) throws InterruptedException {
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

    /// Runs the tests of a class.
    ///
    /// @param settings of JUnit
    /// @param ended is told of each test that has ended
    /// @return their exceptions, by their names
    private static Map<String, String> run(Class<?> tests, Map<String, String> settings, Consumer<String> ended) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .configurationParameters(settings)
                .build();
        Map<String, String> results = new ConcurrentHashMap<>();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                    String name = test.getDisplayName().replaceFirst("\\(.*", "");
                    results.put(
                            name, result.getThrowable().map(Throwable::toString).orElse("passes"));
                    ended.accept(name);
                }
            }
        });
        return results;
    }

    /// Run by [#judges]. Each ends as its name says.
    @LibvirtTest
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static class Examples {
        private static final Map<String, String> URIS = new HashMap<>();
        private static final List<Connect> LEFT = new ArrayList<>();

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
            LEFT.add(Connect.open(node.uri()));
        }

        @Test
        void throwsInAHandler(Connect connect) throws InterruptedException {
            throwInAHandler(connect);
        }

        @Test
        @LibvirtTest(leaks = true)
        void leaksWhereItMay(TestNode node) {
            LEFT.add(Connect.open(node.uri()));
        }
    }

    /// The leak is given its ten seconds.
    @Test
    @Tag("slow")
    void judges() {
        Map<String, String> results = run(Examples.class, Map.of(), _ -> {});
        Examples.LEFT.forEach(Connect::close);
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
                .noneMatch(uri -> Files.exists(
                        Path.of(Objects.requireNonNull(URI.create(uri).getPath()))));
        assertThat(Libvirt.callsAbandoned()).isZero();
    }

    /// Run by [#failsAllTestsThatRunForAnExceptionInAHandler], at the same time.
    @LibvirtTest(leaks = true)
    static class Together {
        private static final CountDownLatch BOTH = new CountDownLatch(2);
        private static final CountDownLatch FIRST_HAS_ENDED = new CountDownLatch(1);

        @Test
        void first(Connect connect) throws InterruptedException {
            BOTH.countDown();
            BOTH.await();
            throwInAHandler(connect);
        }

        @Test
        void second(Connect connect) throws InterruptedException {
            BOTH.countDown();
            FIRST_HAS_ENDED.await();
            throwInAHandler(connect);
        }
    }

    @Test
    void failsAllTestsThatRunForAnExceptionInAHandler() {
        Map<String, String> parallel = Map.of(
                "junit.jupiter.execution.parallel.enabled", "true",
                "junit.jupiter.execution.parallel.mode.default", "concurrent",
                "junit.jupiter.execution.parallel.config.executor-service", "WORKER_THREAD_POOL",
                "junit.jupiter.execution.parallel.config.strategy", "fixed",
                "junit.jupiter.execution.parallel.config.fixed.parallelism", "4");
        Map<String, String> results = run(Together.class, parallel, name -> {
            if (name.equals("first")) {
                Together.FIRST_HAS_ENDED.countDown();
            }
        });
        assertThat(results)
                .hasEntrySatisfying("first", message -> assertThat(message).contains("threw 1 exceptions in handlers"))
                .hasEntrySatisfying("second", message -> assertThat(message).contains("threw 2 exceptions in handlers"))
                .hasSize(2);
    }

    @Test
    void findsItsHypervisorInAnyFolder(@TempDir Path folder) throws Exception {
        Path odd = Files.createDirectory(folder.resolve("a b#c%d?e%20ü"));
        Path node = Files.writeString(odd.resolve("node.xml"), """
                <node><domain type='test'><name>odd</name><memory>8192</memory><os><type>hvm</type></os></domain></node>
                """);
        try (Connect connect = Connect.open(LibvirtExtension.uri(node))) {
            connect.domains().lookupByName("odd").close();
        }
    }
}
