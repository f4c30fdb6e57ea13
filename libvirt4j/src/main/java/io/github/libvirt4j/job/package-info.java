/// Jobs of libvirt that end with a proof: an operation in progress on a domain or one of its disks, its
/// progress, and its outcome.
///
/// ```java
/// Job<DiskJobResult> job = domain.disk("vda").pull(0);
/// job.onProgress(Duration.ofSeconds(1), progress -> bar.show(progress.fraction()));
/// job.completion().join();
/// ```
///
/// libvirt reports the end of a job by an event without the identity of the job, and such an event can be
/// missing, late, or that of another job. A [Job][io.github.libvirt4j.job.Job] therefore takes an event as a
/// claim and reads the state of the domain before it reports an outcome. `docs/jobs.md` has a table of the
/// proofs.
@NullMarked
package io.github.libvirt4j.job;

import org.jspecify.annotations.NullMarked;
