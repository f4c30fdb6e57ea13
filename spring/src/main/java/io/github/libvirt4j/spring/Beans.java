package io.github.libvirt4j.spring;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;

/// Names and definitions of the beans whose number is that of the links.
final class Beans {
    static final String LINK = "Link";
    static final String WATCH = "DomainWatch";

    private Beans() {}

    static String ofLink(String name) {
        return name + LINK;
    }

    static String ofWatch(String name) {
        return name + WATCH;
    }

    /// The name of the link in that of each bean of a link or watch, which may be the program's: without the
    /// end, unless a shorter bean has this name.
    ///
    /// @param end [#LINK] or [#WATCH]
    static Map<String, String> links(Collection<String> beans, String end) {
        Map<String, String> links = new HashMap<>();
        Set<String> taken = new HashSet<>();
        beans.stream().sorted(Comparator.comparingInt(String::length)).forEach(bean -> {
            boolean isNamed = bean.endsWith(end) && bean.length() > end.length();
            String link = isNamed ? bean.substring(0, bean.length() - end.length()) : bean;
            String free = taken.contains(link) ? bean : link;
            taken.add(free);
            links.put(bean, free);
        });
        return links;
    }

    /// Defines a bean that is made at the start, also in an application whose beans are made on demand: nothing
    /// demands a watch whose events are published.
    ///
    /// @param qualifier another name by which it can be injected
    /// @param before the bean that is made before it and removed after it
    static <T> void register(
            BeanDefinitionRegistry registry,
            String name,
            String qualifier,
            boolean isPrimary,
            String before,
            Class<T> type,
            Supplier<T> maker) {
        AbstractBeanDefinition definition =
                BeanDefinitionBuilder.rootBeanDefinition(type, maker).getBeanDefinition();
        definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, qualifier));
        definition.setPrimary(isPrimary);
        definition.setDependsOn(before);
        definition.setLazyInit(false);
        definition.setDestroyMethodName(AbstractBeanDefinition.INFER_METHOD);
        registry.registerBeanDefinition(name, definition);
    }
}
