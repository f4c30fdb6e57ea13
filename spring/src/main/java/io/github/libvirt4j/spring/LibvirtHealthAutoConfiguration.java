package io.github.libvirt4j.spring;

import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Link;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/// The health of links and watches, where Spring Boot's health is. Used by Spring Boot.
@AutoConfiguration(after = DomainWatchAutoConfiguration.class)
@ConditionalOnClass(HealthContributor.class)
@ConditionalOnBooleanProperty(name = "libvirt4j.enabled", matchIfMissing = true)
@ConditionalOnBean(Link.class)
public final class LibvirtHealthAutoConfiguration {
    /// Called by Spring.
    public LibvirtHealthAutoConfiguration() {}

    /// One indicator, or several by the names of the links.
    // Not on the class, whose other conditions then could not be evaluated without Spring Boot's health.
    @Bean
    @ConditionalOnEnabledHealthIndicator("libvirt")
    @ConditionalOnMissingBean(name = {"libvirtHealthIndicator", "libvirtHealthContributor"})
    HealthContributor libvirtHealthContributor(ListableBeanFactory beans) {
        Map<String, Link> links = byLink(beans.getBeansOfType(Link.class), Beans.LINK);
        Map<String, DomainWatch> watches = byLink(beans.getBeansOfType(DomainWatch.class), Beans.WATCH);
        Map<String, LinkHealth> all = new TreeMap<>();
        Stream.concat(links.keySet().stream(), watches.keySet().stream())
                .forEach(name -> all.put(name, new LinkHealth(links.get(name), watches.get(name))));
        return all.size() == 1 ? all.values().iterator().next() : CompositeHealthContributor.fromMap(all);
    }

    private static <T> Map<String, T> byLink(Map<String, T> beans, String end) {
        Map<String, T> byLink = new TreeMap<>();
        Map<String, String> links = Beans.links(beans.keySet(), end);
        beans.forEach((name, bean) -> byLink.put(Objects.requireNonNull(links.get(name)), bean));
        return byLink;
    }
}
