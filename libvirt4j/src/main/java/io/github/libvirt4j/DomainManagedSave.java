package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainHasManagedSaveImage;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainManagedSave;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainManagedSaveDefineXML;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainManagedSaveGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainManagedSaveRemove;

import io.github.libvirt4j.types.DomainSaveImageXmlFlags;
import io.github.libvirt4j.types.DomainSaveRestoreFlags;
import io.github.libvirt4j.types.Flag;

/// The managed save image of a domain: `domain.managedSave()`. It is the memory of the domain in a file that
/// libvirt manages, and from which the next start of the domain continues. Immutable, safe for use by any
/// thread. See [collections][io.github.libvirt4j] in the package description.
///
/// @param domain the domain
public record DomainManagedSave(Domain domain) {
    /// Saves the memory of the domain, and stops the domain; [Domain#create] continues it. Blocks until the
    /// file is written.
    ///
    /// @c {@index virDomainManagedSave} libvirt 0.8.0
    /// @param flags default: the restored domain is suspended if this one is
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run, or is not
    ///     persistent
    public void save(DomainSaveRestoreFlags... flags) {
        int bits = Flag.combine(flags);
        domain.call("virDomainManagedSave", p -> virDomainManagedSave(p, bits));
    }

    /// Whether there is an image.
    ///
    /// @c {@index virDomainHasManagedSaveImage} libvirt 0.8.0
    public boolean hasImage() {
        return domain.isTrue("virDomainHasManagedSaveImage", p -> virDomainHasManagedSaveImage(p, 0));
    }

    /// Removes the image; the next start of the domain boots the guest.
    ///
    /// @c {@index virDomainManagedSaveRemove} libvirt 0.8.0
    /// @throws io.github.libvirt4j.error.LibvirtException also, by QEMU's driver, if there is no image
    public void remove() {
        domain.call("virDomainManagedSaveRemove", p -> virDomainManagedSaveRemove(p, 0));
    }

    /// Returns the description in the image, as XML. Default: without passwords and other secrets.
    ///
    /// @c {@index virDomainManagedSaveGetXMLDesc} libvirt 3.7.0
    /// @throws io.github.libvirt4j.error.LibvirtException also if there is no image
    public String xmlDesc(DomainSaveImageXmlFlags... flags) {
        int bits = Flag.combine(flags);
        return domain.takeString("virDomainManagedSaveGetXMLDesc", p -> virDomainManagedSaveGetXMLDesc(p, bits));
    }

    /// Replaces the description in the image.
    ///
    /// @c {@index virDomainManagedSaveDefineXML} libvirt 3.7.0
    /// @param xml the description, which can differ in details that the guest does not see
    /// @param flags default: the restored domain is suspended if the saved one was
    /// @throws io.github.libvirt4j.error.LibvirtException also if there is no image
    public void define(String xml, DomainSaveRestoreFlags... flags) {
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainManagedSaveDefineXML",
                (p, in) -> virDomainManagedSaveDefineXML(p, in.string(xml, "xml"), bits));
    }
}
