package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetLaunchSecurityInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetSecurityLabel;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetSecurityLabelList;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetLaunchSecurityState;

import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.raw.VirSecurityLabel;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The security labels and the launch security of a domain: `domain.security()`. Immutable, safe for use by
/// any thread. See [collections][io.github.libvirt4j] in the package description.
///
/// @param domain the domain
public record DomainSecurity(Domain domain) {
    /// The label that a security driver has given the process of a domain. C: `virSecurityLabel`. Immutable,
    /// safe for use by any thread.
    ///
    /// @param label the label, such as `libvirt-…` for AppArmor; empty if there is none
    /// @param enforcing whether the security driver enforces its policy
    public record Label(String label, boolean enforcing) {
        static Label of(MemorySegment label) {
            return new Label(
                    CMemory.boundedString(VirSecurityLabel.label(label)), VirSecurityLabel.enforcing(label) != 0);
        }
    }

    /// Returns the label of the first security driver. Empty for a domain that does not run, if the driver
    /// does not refuse.
    ///
    /// @c {@index virDomainGetSecurityLabel} libvirt 0.6.1
    /// @see Node#securityModel
    public Label label() {
        return domain.fill(
                "virDomainGetSecurityLabel",
                VirSecurityLabel.SIZE,
                (p, label) -> virDomainGetSecurityLabel(p, label),
                Label::of);
    }

    /// Returns the labels of all security drivers, such as `selinux` and `dac`.
    ///
    /// @c {@index virDomainGetSecurityLabelList} libvirt 0.10.0
    /// @return in the order of the drivers in the capabilities of the host; none for a domain that does not
    ///     run
    public List<Label> labelList() {
        return domain.using("virDomainGetSecurityLabelList", (p, in) -> {
            MemorySegment pointer = in.room(Long.BYTES);
            int count = domain.check(virDomainGetSecurityLabelList(p, pointer), "virDomainGetSecurityLabelList");
            MemorySegment array = CMemory.pointer(pointer, 0);
            try {
                MemorySegment labels =
                        CMemory.array("virDomainGetSecurityLabelList", array, count, VirSecurityLabel.SIZE);
                List<Label> all = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    all.add(Label.of(labels.asSlice(i * VirSecurityLabel.SIZE, VirSecurityLabel.SIZE)));
                }
                return List.copyOf(all);
            } finally {
                CMemory.giveBack(array, CMemory::free);
            }
        });
    }

    /// Returns the measurement and the state of a domain with encrypted memory (SEV).
    ///
    /// @c {@index virDomainGetLaunchSecurityInfo} libvirt 4.5.0
    /// @return of [DomainLaunchSecurityKeys][io.github.libvirt4j.types.DomainLaunchSecurityKeys]; empty if
    ///     the domain has no launch security
    /// @throws io.github.libvirt4j.error.OperationInvalidException if the domain does not run
    public TypedParameters launchInfo() {
        return domain.takeParameters(
                "virDomainGetLaunchSecurityInfo",
                (p, _, params, nparams) -> virDomainGetLaunchSecurityInfo(p, params, nparams, 0));
    }

    /// Puts a secret into the encrypted memory of a domain that is suspended before its first instruction.
    ///
    /// @c {@index virDomainSetLaunchSecurityState} libvirt 8.0.0
    /// @param parameters of [DomainLaunchSecurityKeys][io.github.libvirt4j.types.DomainLaunchSecurityKeys]:
    ///     `SEV_SECRET` and `SEV_SECRET_HEADER`, both encrypted by the owner of the guest, and an address
    public void setLaunchState(TypedParameters parameters) {
        domain.call(
                "virDomainSetLaunchSecurityState",
                (p, in) -> virDomainSetLaunchSecurityState(p, in.parameters(parameters), parameters.size(), 0));
    }
}
