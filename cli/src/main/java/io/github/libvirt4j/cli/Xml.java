package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.types.DomainXmlFlags;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Prints the XML of a domain.
@Command(name = "xml", description = "Prints the XML description of a domain.", footer = "xml web --inactive >web.xml")
final class Xml extends OnDomain {
    @Option(
            names = "--inactive",
            description = "the definition for the next start; without it that of the running domain")
    private boolean inactive;

    @Option(names = "--secure", description = "with passwords")
    private boolean secure;

    @Override
    int on(Domain domain) {
        Flags<DomainXmlFlags> flags = new Flags<DomainXmlFlags>()
                .with(DomainXmlFlags.INACTIVE, inactive)
                .with(DomainXmlFlags.SECURE, secure);
        String xml = domain.xmlDesc(flags.array(DomainXmlFlags[]::new));
        if (isJson()) {
            out().println(Values.json(Item.of(domain).with("xml", xml)));
        } else {
            out().document(xml);
        }
        return Status.OK;
    }
}
