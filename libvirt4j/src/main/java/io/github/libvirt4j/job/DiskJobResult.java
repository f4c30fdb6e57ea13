package io.github.libvirt4j.job;

import io.github.libvirt4j.types.DomainBlockJobType;
import java.util.List;

/// The result of a job on a disk: a pull, a commit or a copy. Immutable, safe for use by any thread.
///
/// One type serves all of them, because a program that attaches to a job does not know which job it finds.
///
/// @param disk the target of the disk: `vda`, …
/// @param rawType the kind of the job, a `virDomainBlockJobType`
/// @param pivoted whether the guest uses another image than before: the copy, or the base of an active commit
/// @param images the images of the disk after the job, from the one that the guest uses down the backing
///     chain: paths of files and devices, and a description of others
public record DiskJobResult(String disk, int rawType, boolean pivoted, List<String> images) {
    /// Copies the list.
    public DiskJobResult {
        images = List.copyOf(images);
    }

    /// The kind of the job.
    public DomainBlockJobType type() {
        return DomainBlockJobType.of(rawType);
    }
}
