package io.github.libvirt4j.junit;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Libvirt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/// The extension behind [LibvirtTest], which a test class names instead.
public final class LibvirtExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    /// The time that work in the background gets to end.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(LibvirtExtension.class);

    /// The tests that run. An exception in a handler does not tell its test: all of these hear of it, by the
    /// one handler that the process can have. Changed under the lock of the class.
    private static final Set<Host> RUNNING = ConcurrentHashMap.newKeySet();

    /// Called by JUnit.
    public LibvirtExtension() {}

    private static synchronized void begin(Host host) {
        if (RUNNING.isEmpty()) {
            Libvirt.setUncaughtHandler(LibvirtExtension::tell);
        }
        RUNNING.add(host);
    }

    private static void tell(String callback, Throwable thrown) {
        var error = new AssertionError(callback + " threw", thrown);
        RUNNING.forEach(each -> each.uncaught.add(error));
    }

    private static synchronized void end(Host host) {
        RUNNING.remove(host);
        // A handler that the test has set ends with it.
        Libvirt.setUncaughtHandler(RUNNING.isEmpty() ? null : LibvirtExtension::tell);
    }

    /// The URI of the test driver with a node file. libvirt decodes the path.
    static String uri(Path file) {
        return "test://" + file.toUri().getRawPath();
    }

    /// The objects of a test, and the counts before it.
    private static final class Host {
        private final Path file;
        private final TestNode node;
        private final Connect connect;
        private final boolean leaks;
        private final long handles = Libvirt.handlesOpen();
        private final long closures = Libvirt.closuresOnLoan();
        private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();

        /// Made for the tests that take it.
        private @Nullable Faults faults;

        Host(LibvirtTest settings) throws IOException {
            leaks = settings.leaks();
            file = Files.createTempFile("libvirt4j", ".xml");
            node = new TestNode(uri(file));
            try {
                Files.writeString(file, settings.node());
                connect = Connect.open(node.uri());
            } catch (IOException | RuntimeException e) {
                Files.delete(file);
                throw e;
            }
            begin(this);
        }

        void end() throws IOException, InterruptedException {
            try {
                try (connect) {
                    if (faults != null) {
                        faults.end();
                    }
                }
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (!left().isEmpty() && System.nanoTime() < deadline) {
                    Thread.sleep(1);
                }
            } finally {
                LibvirtExtension.end(this);
                Files.deleteIfExists(file);
            }
        }

        Faults faults(Daemons daemons) throws IOException, InterruptedException {
            Faults made = faults;
            if (made == null) {
                made = new Faults(daemons.acquire());
                faults = made;
            }
            return made;
        }

        List<String> left() {
            List<String> left = new ArrayList<>();
            if (!leaks) {
                note(left, Libvirt.handlesOpen() - handles, "open handles");
                note(left, Libvirt.closuresOnLoan() - closures, "closures on loan, of registrations or calls");
            }
            return left;
        }

        private static void note(List<String> left, long count, String what) {
            if (count > 0) {
                left.add(count + " " + what);
            }
        }
    }

    /// The daemon of the process, which JUnit closes after the last test.
    static final class Daemons implements AutoCloseable {
        private @Nullable TestDaemon daemon;

        /// Acquires the daemon for one test. A test may have closed it while others waited for it; these get
        /// another.
        TestDaemon acquire() throws IOException, InterruptedException {
            while (true) {
                TestDaemon next = get();
                next.user().acquire();
                if (next.isAlive()) {
                    return next;
                }
                next.user().release();
            }
        }

        private synchronized TestDaemon get() throws IOException, InterruptedException {
            TestDaemon now = daemon;
            if (now != null && !now.isAlive()) {
                close();
                now = null;
            }
            if (now == null) {
                now = new TestDaemon();
                daemon = now;
            }
            return now;
        }

        @Override
        public synchronized void close() throws IOException {
            if (daemon != null) {
                daemon.close();
                daemon = null;
            }
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        context.getStore(NAMESPACE).put(Host.class, new Host(settings(context)));
    }

    /// Those of the method come before those of its class, and these before those of the class around it.
    private static LibvirtTest settings(ExtensionContext context) {
        for (ExtensionContext at = context; at != null; at = at.getParent().orElse(null)) {
            var settings = at.getElement().flatMap(one -> AnnotationSupport.findAnnotation(one, LibvirtTest.class));
            if (settings.isPresent()) {
                return settings.get();
            }
        }
        throw new IllegalStateException("LibvirtExtension is used by the annotation @LibvirtTest");
    }

    private static @Nullable Host host(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(Host.class, Host.class);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
        Host host = host(context);
        if (host == null) {
            return;
        }
        host.end();
        List<String> left = host.left();
        if (!left.isEmpty() || !host.uncaught.isEmpty()) {
            var failure = new AssertionError(context.getDisplayName() + " left " + left + " and threw "
                    + host.uncaught.size() + " exceptions in handlers");
            host.uncaught.forEach(failure::addSuppressed);
            throw failure;
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return (type == Connect.class || type == TestNode.class || type == Faults.class) && host(context) != null;
    }

    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Host host = host(context);
        if (host == null) {
            return null;
        }
        Class<?> type = parameter.getParameter().getType();
        if (type == Faults.class) {
            Daemons daemons = context.getRoot()
                    .getStore(NAMESPACE)
                    .computeIfAbsent(Daemons.class, _ -> new Daemons(), Daemons.class);
            try {
                return host.faults(daemons);
            } catch (IOException e) {
                throw new ParameterResolutionException("No hypervisor with faults", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ParameterResolutionException("Interrupted while a hypervisor with faults was made", e);
            }
        }
        return type == Connect.class ? host.connect : host.node;
    }
}
