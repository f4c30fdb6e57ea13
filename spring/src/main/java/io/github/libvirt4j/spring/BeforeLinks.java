package io.github.libvirt4j.spring;

import io.github.libvirt4j.link.Link;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.StringUtils;

/// A bean that is made before the links are opened, as it is told of what happens.
interface BeforeLinks {
    /// Lets each link that is defined, by the application too, depend on these beans. An application that
    /// registers a finished link has opened it before.
    final class Order implements BeanFactoryPostProcessor {
        @Override
        public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
            String[] before = beans.getBeanNamesForType(BeforeLinks.class, true, false);
            for (String link : beans.getBeanNamesForType(Link.class, true, false)) {
                if (beans.containsBeanDefinition(link)) {
                    BeanDefinition definition = beans.getBeanDefinition(link);
                    definition.setDependsOn(StringUtils.concatenateStringArrays(definition.getDependsOn(), before));
                }
            }
        }
    }
}
