package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import javax.xml.xpath.XPathNodes;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/// The disks of a domain.
final class Disks {
    private static final String WRITABLE =
            "/domain/devices/disk[not(@device) or @device='disk'][source][not(readonly)]/target/@dev";

    private Disks() {}

    /// The targets of the disks that a domain can write to: `vda`, …
    static List<String> of(Domain domain) {
        try {
            List<String> targets = new ArrayList<>();
            for (Node target : XPathFactory.newDefaultInstance()
                    .newXPath()
                    .evaluateExpression(
                            WRITABLE, new InputSource(new StringReader(domain.xmlDesc())), XPathNodes.class)) {
                targets.add(Objects.requireNonNull(target.getNodeValue()));
            }
            return targets;
        } catch (XPathExpressionException e) {
            throw new IllegalStateException("The XML of " + domain.name() + " cannot be read", e);
        }
    }
}
