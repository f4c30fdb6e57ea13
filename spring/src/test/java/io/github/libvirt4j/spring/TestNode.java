package io.github.libvirt4j.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// libvirt's test driver with one running domain. Each connection to its URI has a copy of its own.
final class TestNode {
    private TestNode() {}

    /// Writes a node file.
    ///
    /// @return its URI
    static String uri(Path folder, String domain) {
        try {
            return "test://" + Files.writeString(folder.resolve(domain + ".xml"), """
                    <node>
                      <domain type='test'>
                        <name>%s</name><memory unit='MiB'>256</memory><os><type>hvm</type></os>
                      </domain>
                    </node>
                    """.formatted(domain));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
