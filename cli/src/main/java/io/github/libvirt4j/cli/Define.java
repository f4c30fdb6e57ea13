package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.types.DomainDefineFlags;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Defines a domain from a file.
@Command(
        name = "define",
        description = "Defines a domain, or changes the definition of one with the same UUID, from XML.",
        footer = "define web.xml --validate")
final class Define extends Subcommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "the file with the XML; - for standard input")
    private String file = "";

    @Option(names = "--validate", description = "check the XML against libvirt's schema")
    private boolean validate;

    @Override
    int run(Connect connect) throws IOException {
        String xml = TextFile.read(file);
        try (Domain domain = validate
                ? connect.domains().define(xml, DomainDefineFlags.VALIDATE)
                : connect.domains().define(xml)) {
            output().item(Item.of(domain).with("done", "defined"), domain.name() + ": defined");
        }
        return Status.OK;
    }
}
