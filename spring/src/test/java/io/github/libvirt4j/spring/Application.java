package io.github.libvirt4j.spring;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.link.Link;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/// Applications with the configurations of this module, each to a test driver of its own.
final class Application {
    private Application() {}

    /// One without properties.
    static ApplicationContextRunner bare() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        LibvirtAutoConfiguration.class,
                        DomainWatchAutoConfiguration.class,
                        LibvirtHealthAutoConfiguration.class,
                        LibvirtMetricsAutoConfiguration.class));
    }

    /// One with a link to a host that has one running domain, `test`.
    static ApplicationContextRunner withOneLink(Path folder) {
        return bare().withPropertyValues("libvirt4j.uri=" + TestNode.uri(folder, "test"));
    }

    /// One with two named links.
    static ApplicationContextRunner withTwoLinks(Path folder) {
        return bare().withPropertyValues(
                        "libvirt4j.links.a.uri=" + TestNode.uri(folder, "ofA"),
                        "libvirt4j.links.b.uri=" + TestNode.uri(folder, "ofB"));
    }

    /// Does something to a domain.
    static void change(Link link, String domain, Consumer<Domain> change) {
        link.run(connect -> {
            try (Domain found = connect.domains().lookupByName(domain)) {
                change.accept(found);
            }
        });
    }
}
