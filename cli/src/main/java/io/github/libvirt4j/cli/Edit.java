package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.types.DomainDefineFlags;
import io.github.libvirt4j.types.DomainXmlFlags;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/// Lets the user edit the definition of a domain.
@Command(
        name = "edit",
        description = "Opens the definition of a domain in $VISUAL, $EDITOR or vi, and defines what was written.",
        footer = "edit web")
final class Edit extends OnDomain {
    @Override
    int on(Domain domain) throws IOException, InterruptedException {
        String before = xml(domain);
        Path file = TextFile.temporary(domain.uuid() + "-", ".xml", before);
        edit(file);
        boolean changed;
        try {
            String after = TextFile.read(file);
            changed = !after.equals(before);
            if (changed) {
                define(domain, before, after);
            }
        } catch (LibvirtException | Failure e) {
            throw new Failure(
                    Status.of(e), Status.message(e) + ". Nothing was changed; what was written is in " + file);
        }
        Files.delete(file);
        String done = changed ? "changed" : "not changed";
        output().item(Item.of(domain).with("done", done), domain.name() + ": " + done);
        return Status.OK;
    }

    private static String xml(Domain domain) {
        return domain.xmlDesc(DomainXmlFlags.INACTIVE, DomainXmlFlags.SECURE);
    }

    /// libvirt has no way to define a domain only if its definition is still a certain one. This looks as
    /// late as possible.
    private static void define(Domain domain, String before, String after) {
        UUID uuid = uuid(after);
        if (!domain.uuid().equals(uuid)) {
            throw new Failure("The UUID of a domain cannot be edited, here from " + domain.uuid() + " to "
                    + (uuid == null ? "none" : uuid) + "; `define` makes another domain");
        }
        if (!xml(domain).equals(before)) {
            throw new Failure(Status.STATE, "The definition was changed by another program meanwhile");
        }
        domain.connect().domains().define(after, DomainDefineFlags.VALIDATE).close();
    }

    /// The UUID that a domain's XML has; null if it has none.
    private static @Nullable UUID uuid(String xml) {
        try {
            XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml));
            int depth = 0;
            while (reader.hasNext()) {
                int event = reader.next();
                if (event == XMLStreamReader.START_ELEMENT
                        && ++depth == 2
                        && reader.getLocalName().equals("uuid")) {
                    return UUID.fromString(reader.getElementText().strip());
                } else if (event == XMLStreamReader.END_ELEMENT) {
                    depth--;
                }
            }
            return null;
        } catch (XMLStreamException | IllegalArgumentException e) {
            throw new Failure("This is not the XML of a domain: " + e.getMessage());
        }
    }

    private static void edit(Path file) throws IOException, InterruptedException {
        // The variable is a command line, as in EDITOR="code --wait".
        Process editor = new ProcessBuilder(
                        "sh", "-c", "${VISUAL:-${EDITOR:-vi}} \"$1\"", "edit", Objects.toString(file))
                .inheritIO()
                .start();
        int status = editor.waitFor();
        if (status != 0) {
            Files.delete(file);
            throw new Failure("The editor ended with status " + status + ". Nothing was changed");
        }
    }
}
