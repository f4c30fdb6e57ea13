/// Jobs without threads, libvirt or a clock: a state machine that receives what happened and answers what to
/// do, and the functions that turn what was read into a proof.
///
/// [JobMachine][io.github.libvirt4j.internal.job.JobMachine] is the machine. A
/// [Sight][io.github.libvirt4j.internal.job.Sight] is the result of a look, as
/// [DiskProof][io.github.libvirt4j.internal.job.DiskProof] and
/// [StatsProof][io.github.libvirt4j.internal.job.StatsProof] make it of libvirt's answers; a
/// [Claim][io.github.libvirt4j.internal.job.Claim] is what an event says.
@NullMarked
package io.github.libvirt4j.internal.job;

import org.jspecify.annotations.NullMarked;
