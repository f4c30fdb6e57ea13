package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.types.DomainUndefineFlags;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Removes definitions of domains.
@Command(
        name = "undefine",
        description = "Removes the definitions of domains; their volumes stay. A running domain becomes transient.",
        footer = "undefine web --nvram --managed-save")
final class Undefine extends Verb {
    @Option(names = "--managed-save", description = "with the managed save, which otherwise forbids it")
    private boolean managedSave;

    @Option(names = "--nvram", description = "with the file of the firmware's variables")
    private boolean nvram;

    @Option(names = "--keep-nvram", description = "without the file of the firmware's variables")
    private boolean keepNvram;

    @Option(names = "--tpm", description = "with the state of the TPM")
    private boolean tpm;

    @Option(names = "--snapshots-metadata", description = "with what libvirt knows of snapshots; their files stay")
    private boolean snapshots;

    @Option(names = "--checkpoints-metadata", description = "with what libvirt knows of checkpoints")
    private boolean checkpoints;

    @Override
    void on(Domain domain) {
        Set<DomainUndefineFlags> flags = EnumSet.noneOf(DomainUndefineFlags.class);
        add(flags, managedSave, DomainUndefineFlags.MANAGED_SAVE);
        add(flags, nvram, DomainUndefineFlags.NVRAM);
        add(flags, keepNvram, DomainUndefineFlags.KEEP_NVRAM);
        add(flags, tpm, DomainUndefineFlags.TPM);
        add(flags, snapshots, DomainUndefineFlags.SNAPSHOTS_METADATA);
        add(flags, checkpoints, DomainUndefineFlags.CHECKPOINTS_METADATA);
        domain.undefine(flags.toArray(DomainUndefineFlags[]::new));
    }

    private static void add(Set<DomainUndefineFlags> flags, boolean wanted, DomainUndefineFlags flag) {
        if (wanted) {
            flags.add(flag);
        }
    }

    @Override
    String done() {
        return "undefined";
    }
}
