package io.github.libvirt4j.examples;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainSnapshot;

/// Takes a snapshot of a domain, does something risky, and returns to the snapshot if that fails:
/// `SnapshotAndRevert URI DOMAIN`.
public final class SnapshotAndRevert {
    private SnapshotAndRevert() {}

    public static void main(String[] arguments) {
        try (Connect connect = Connect.open(arguments[0]);
                Domain domain = connect.domains().lookupByName(arguments[1]);
                DomainSnapshot before = domain.snapshots().create("""
                        <domainsnapshot>
                          <name>before</name>
                          <description>Before the upgrade</description>
                        </domainsnapshot>
                        """)) {
            System.out.println("Before: " + domain.state());
            try {
                upgrade(domain);
            } catch (RuntimeException e) {
                System.out.println("The upgrade failed: " + e.getMessage() + ". Now: " + domain.state());
                before.revertTo();
                System.out.println("Reverted: " + domain.state());
            }
            // Else the image of each disk grows with every snapshot.
            before.delete();
        }
    }

    /// An upgrade that goes wrong.
    private static void upgrade(Domain domain) {
        domain.destroy();
        throw new IllegalStateException("the new version does not start");
    }
}
