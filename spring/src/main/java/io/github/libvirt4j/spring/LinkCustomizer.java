package io.github.libvirt4j.spring;

import io.github.libvirt4j.link.Link;

/// A bean that changes how links are opened, after the properties, such as by an authenticator:
///
/// ```java
/// @Bean
/// LinkCustomizer login(Vault vault) {
///     return (name, steps) -> steps.opening(opening -> opening.authenticator(vault.answersFor(name)));
/// }
/// ```
@FunctionalInterface
public interface LinkCustomizer {
    /// Changes the settings of a link.
    ///
    /// @param name of the link: its key in `libvirt4j.links`, or `libvirt` for that of `libvirt4j.uri`
    Link.Steps customize(String name, Link.Steps steps);
}
