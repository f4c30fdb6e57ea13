package io.github.libvirt4j.spring;

import io.github.libvirt4j.link.Link;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Opens the links.
final class LinkOpener {
    static final String BEAN = "libvirtLinkOpener";

    private final Map<String, LibvirtProperties.Named> links;
    private final List<LinkCustomizer> customizers;

    LinkOpener(LibvirtProperties properties, List<LinkCustomizer> customizers) {
        this.links = properties.all();
        this.customizers = customizers;
    }

    Link open(String name) {
        Link.Steps steps = LibvirtProperties.steps(Objects.requireNonNull(links.get(name), name));
        for (LinkCustomizer customizer : customizers) {
            steps = customizer.customize(name, steps);
        }
        return steps.open();
    }
}
