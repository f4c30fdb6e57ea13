package io.github.libvirt4j.spring;

import io.github.libvirt4j.link.Link;
import io.github.libvirt4j.observe.Observer;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/// Links as beans, and what is published of them. Used by Spring Boot.
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "libvirt4j.enabled", matchIfMissing = true)
@EnableConfigurationProperties(LibvirtProperties.class)
public final class LibvirtAutoConfiguration {
    /// Called by Spring.
    public LibvirtAutoConfiguration() {}

    @Bean
    static BeforeLinks.Order libvirtOrder() {
        return new BeforeLinks.Order();
    }

    @Bean
    @ConditionalOnMissingBean
    BeanObservers libvirtBeanObservers(ObjectProvider<Observer> observers) {
        return new BeanObservers(observers.orderedStream().toList());
    }

    @Bean(ApplicationEvents.BEAN)
    @ConditionalOnMissingBean
    ApplicationEvents libvirtApplicationEvents(
            ApplicationContext context, ObjectProvider<Link> links, LibvirtProperties properties) {
        return new ApplicationEvents(context, links, properties.events(), context.getClassLoader());
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(Link.class)
    @Import(Registrar.class)
    static final class Links {
        @Bean(LinkOpener.BEAN)
        @ConditionalOnMissingBean
        LinkOpener libvirtLinkOpener(LibvirtProperties properties, ObjectProvider<LinkCustomizer> customizers) {
            return new LinkOpener(properties, customizers.orderedStream().toList());
        }
    }

    /// Defines a link for each name in the properties.
    static final class Registrar implements ImportBeanDefinitionRegistrar {
        private final Environment environment;
        private final BeanFactory beans;

        Registrar(Environment environment, BeanFactory beans) {
            this.environment = environment;
            this.beans = beans;
        }

        @Override
        public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
            LibvirtProperties properties = Binder.get(environment).bindOrCreate("libvirt4j", LibvirtProperties.class);
            for (String name : properties.all().keySet()) {
                boolean isPrimary = name.equals(LibvirtProperties.FIRST);
                Beans.register(
                        registry,
                        Beans.ofLink(name),
                        name,
                        isPrimary,
                        LinkOpener.BEAN,
                        Link.class,
                        () -> beans.getBean(LinkOpener.class).open(name));
            }
        }
    }
}
