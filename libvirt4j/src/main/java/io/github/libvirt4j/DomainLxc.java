package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtLxc.virDomainLxcEnterCGroup;
import static io.github.libvirt4j.internal.raw.LibvirtLxc.virDomainLxcEnterNamespace;
import static io.github.libvirt4j.internal.raw.LibvirtLxc.virDomainLxcEnterSecurityLabel;
import static io.github.libvirt4j.internal.raw.LibvirtLxc.virDomainLxcOpenNamespace;

import io.github.libvirt4j.internal.c.CArguments;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.raw.VirSecurityLabel;
import io.github.libvirt4j.internal.raw.VirSecurityModel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// A Linux container (LXC): `domain.lxc()`, from `libvirt-lxc`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// The methods that *enter* change the calling process instead of the container, in C code of this process:
/// the hypervisor is not asked, the time limit of [Opening#callTimeout] does not apply, and most of them need
/// root. Namespaces and labels belong to the calling thread; call from a thread of your own that ends
/// afterwards, and not from a virtual thread.
///
/// @param domain the domain
public record DomainLxc(Domain domain) {
    /// Opens the namespaces of the container.
    ///
    /// @c {@index virDomainLxcOpenNamespace} libvirt 1.0.2
    /// @return the namespaces, for [#enterNamespace] or `nsenter`; the caller closes each of them
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public List<OpenFile> openNamespace() {
        return domain.using("virDomainLxcOpenNamespace", (p, in) -> {
            MemorySegment array = in.room(Long.BYTES);
            int count = domain.check(virDomainLxcOpenNamespace(p, array, 0), "virDomainLxcOpenNamespace");
            return OpenFile.take("virDomainLxcOpenNamespace", CMemory.pointer(array, 0), count);
        });
    }

    /// Moves the calling thread into namespaces. libvirt silently skips those that the kernel refuses as
    /// invalid: namespaces of users and of mounts, because a VM has several threads, and files that are no
    /// namespaces. A namespace of processes affects only programs that the thread starts.
    ///
    /// @c {@index virDomainLxcEnterNamespace} libvirt 1.0.2
    /// @param namespaces as of [#openNamespace]
    /// @return the previous namespaces of the process, for moving back; the caller closes each of them
    /// @throws IllegalStateException also if one of `namespaces` is closed
    public List<OpenFile> enterNamespace(List<OpenFile> namespaces) {
        return domain.inUse(
                "virDomainLxcEnterNamespace",
                (pointer, in) -> OpenFile.using(namespaces, in, (count, fds) -> {
                    MemorySegment oldCount = in.room(Integer.BYTES);
                    MemorySegment old = in.room(Long.BYTES);
                    domain.check(
                            virDomainLxcEnterNamespace(pointer, count, fds, oldCount, old, 0),
                            "virDomainLxcEnterNamespace");
                    return OpenFile.take(
                            "virDomainLxcEnterNamespace",
                            CMemory.pointer(old, 0),
                            oldCount.get(ValueLayout.JAVA_INT, 0));
                }));
    }

    /// Moves this process into the control groups of the container, whose limits then apply to it.
    ///
    /// @c {@index virDomainLxcEnterCGroup} libvirt 2.0.0
    public void enterCGroup() {
        domain.inUse(
                "virDomainLxcEnterCGroup",
                (pointer, _) -> domain.check(virDomainLxcEnterCGroup(pointer, 0), "virDomainLxcEnterCGroup"));
    }

    /// Sets the security label of the programs that the calling thread starts.
    ///
    /// @c {@index virDomainLxcEnterSecurityLabel} libvirt 1.0.4
    /// @param model the security driver, as of [Node#securityModel]
    /// @param label the label, as of [DomainSecurity#label]
    /// @return the previous label; empty if the driver does not tell
    /// @throws io.github.libvirt4j.error.UnsupportedException if the model is not one that libvirt was built
    ///     with
    public DomainSecurity.Label enterSecurityLabel(Node.SecurityModel model, DomainSecurity.Label label) {
        return domain.inUse("virDomainLxcEnterSecurityLabel", (_, in) -> {
            MemorySegment cModel = in.room(VirSecurityModel.SIZE);
            copy(in, model.model(), VirSecurityModel.model(cModel), "model");
            copy(in, model.doi(), VirSecurityModel.doi(cModel), "doi");
            MemorySegment cLabel = in.room(VirSecurityLabel.SIZE);
            copy(in, label.label(), VirSecurityLabel.label(cLabel), "label");
            VirSecurityLabel.enforcing(cLabel, label.enforcing() ? 1 : 0);
            MemorySegment old = in.room(VirSecurityLabel.SIZE);
            domain.check(virDomainLxcEnterSecurityLabel(cModel, cLabel, old, 0), "virDomainLxcEnterSecurityLabel");
            return DomainSecurity.Label.of(old);
        });
    }

    private static void copy(CArguments in, String text, MemorySegment array, String what) {
        MemorySegment string = in.string(text, what);
        long size = 1;
        while (string.get(ValueLayout.JAVA_BYTE, size - 1) != 0) {
            size++;
        }
        if (size > array.byteSize()) {
            throw new IllegalArgumentException(
                    what + " has " + (size - 1) + " bytes; there can be " + (array.byteSize() - 1));
        }
        MemorySegment.copy(string, 0, array, 0, size);
    }
}
