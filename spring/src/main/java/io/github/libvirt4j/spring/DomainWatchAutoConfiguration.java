package io.github.libvirt4j.spring;

import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Link;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

/// A watch of the domains of each link, the program's own links included, as beans. Used by Spring Boot.
@AutoConfiguration(after = LibvirtAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "libvirt4j.watch.enabled", matchIfMissing = true)
@ConditionalOnBean(ApplicationEvents.class)
@ConditionalOnMissingBean(DomainWatch.class)
@Import(DomainWatchAutoConfiguration.Registrar.class)
public final class DomainWatchAutoConfiguration {
    /// Called by Spring.
    public DomainWatchAutoConfiguration() {}

    /// Defines a watch for each link that is defined.
    static final class Registrar implements ImportBeanDefinitionRegistrar {
        private final ListableBeanFactory beans;

        Registrar(BeanFactory beans) {
            this.beans = (ListableBeanFactory) beans;
        }

        @Override
        public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
            List<String> links = List.of(beans.getBeanNamesForType(Link.class, true, false));
            Map<String, String> names = Beans.links(links, Beans.LINK);
            for (String link : links) {
                String name = Objects.requireNonNull(names.get(link));
                // A link that the application registers as an object has no definition.
                boolean isPrimary = registry.containsBeanDefinition(link)
                        && registry.getBeanDefinition(link).isPrimary();
                Beans.register(
                        registry,
                        Beans.ofWatch(name),
                        name,
                        isPrimary,
                        ApplicationEvents.BEAN,
                        DomainWatch.class,
                        () -> watch(name, link));
            }
        }

        private DomainWatch watch(String name, String link) {
            return beans.getBean(link, Link.class)
                    .watchDomains(
                            beans.getBean(ApplicationEvents.class).ofWatch(name),
                            beans.getBean(LibvirtProperties.class).watch().options());
        }
    }
}
