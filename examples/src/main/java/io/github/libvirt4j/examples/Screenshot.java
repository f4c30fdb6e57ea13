package io.github.libvirt4j.examples;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.stream.FileSink;
import java.io.IOException;
import java.nio.file.Path;

/// Takes a picture of a domain's screen: `Screenshot URI DOMAIN FILE`.
public final class Screenshot {
    private Screenshot() {}

    public static void main(String[] arguments) throws IOException {
        try (Connect connect = Connect.open(arguments[0]);
                Domain domain = connect.domains().lookupByName(arguments[1]);
                FileSink file = FileSink.to(Path.of(arguments[2]))) {
            String type = domain.console().screenshot(0, file);
            // The picture gets its name now, when all of it is there.
            file.complete();
            System.out.println(type);
        }
    }
}
