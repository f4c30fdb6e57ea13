package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.types.DomainUndefineFlags;
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
        Flags<DomainUndefineFlags> flags = new Flags<DomainUndefineFlags>()
                .with(DomainUndefineFlags.MANAGED_SAVE, managedSave)
                .with(DomainUndefineFlags.NVRAM, nvram)
                .with(DomainUndefineFlags.KEEP_NVRAM, keepNvram)
                .with(DomainUndefineFlags.TPM, tpm)
                .with(DomainUndefineFlags.SNAPSHOTS_METADATA, snapshots)
                .with(DomainUndefineFlags.CHECKPOINTS_METADATA, checkpoints);
        domain.undefine(flags.array(DomainUndefineFlags[]::new));
    }

    @Override
    String done() {
        return "undefined";
    }
}
