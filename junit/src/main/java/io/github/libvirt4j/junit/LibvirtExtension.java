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
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/// The extension behind [LibvirtTest], which a test class names instead.
public final class LibvirtExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    /// The time that work in the background gets to end.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(LibvirtExtension.class);

    /// Called by JUnit.
    public LibvirtExtension() {}

    /// The objects of a test, and the counts before it.
    private static final class Host {
        private final Path file;
        private final TestNode node;
        private final Connect connect;
        private final boolean leaks;
        private final long handles = Libvirt.handlesOpen();
        private final long closures = Libvirt.closuresOnLoan();
        private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();

        Host(LibvirtTest settings) throws IOException {
            leaks = settings.leaks();
            file = Files.createTempFile("libvirt4j", ".xml");
            node = new TestNode("test://" + file);
            try {
                Files.writeString(file, settings.node());
                connect = Connect.open(node.uri());
            } catch (IOException | RuntimeException e) {
                Files.delete(file);
                throw e;
            }
            Libvirt.setUncaughtHandler(
                    (callback, thrown) -> uncaught.add(new AssertionError(callback + " threw", thrown)));
        }

        void end() throws IOException, InterruptedException {
            try {
                connect.close();
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (!left().isEmpty() && System.nanoTime() < deadline) {
                    Thread.sleep(1);
                }
            } finally {
                Libvirt.setUncaughtHandler(null);
                Files.deleteIfExists(file);
            }
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
        return (type == Connect.class || type == TestNode.class) && host(context) != null;
    }

    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Host host = host(context);
        if (host == null) {
            return null;
        }
        return parameter.getParameter().getType() == Connect.class ? host.connect : host.node;
    }
}
