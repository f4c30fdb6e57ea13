package io.github.libvirt4j.job;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An operation of libvirt in progress on a domain or a disk. Safe for use by any thread.
///
/// A method that begins an operation returns its job. The job watches the operation until it ends: it listens
/// for events, and reads the state after 1, 2, 4, 8 and then every 15 seconds, so that a missing event delays
/// the outcome by at most that time and does not change it. The futures of a job complete on a thread of the
/// library, never on the event loop.
///
/// The job reads the state on threads of the library, at the same time as the program uses the connection.
/// With libvirt before 10.4.0 that can crash the process; see the [package][io.github.libvirt4j] and
/// `docs/faults.md`.
///
/// A job keeps its connection in use until it ends or is [closed][#close]. When the connection breaks off, or
/// the program closes it, nothing can be proven, and the outcome is [UNKNOWN][JobOutcome.State#UNKNOWN]; the
/// operation itself continues on the hypervisor's host. A job of a connection of a
/// [Link][io.github.libvirt4j.link.Link] waits for the next connection of the link instead.
///
/// @param <R> the result of a job that completed
public interface Job<R> extends AutoCloseable {
    /// Reads the progress from the hypervisor. Blocks as other calls do. Returns the last progress that was
    /// read if the job has ended, or its connection is lost.
    ///
    /// @throws io.github.libvirt4j.error.LibvirtException if the reading fails
    Progress progress();

    /// Calls a handler with the progress at regular intervals until the job ends or is closed. The first call
    /// is after the first interval, and two calls never overlap. An exception of the handler is passed to the
    /// [uncaught handler][io.github.libvirt4j.Libvirt#setUncaughtHandler]; a reading that fails is left out.
    ///
    /// @param interval the time between two readings
    /// @return this job
    /// @throws IllegalArgumentException if the interval is not longer than zero
    Job<R> onProgress(Duration interval, Consumer<? super Progress> handler);

    /// Returns a future that completes when the job is [READY][JobOutcome.State#READY]: the copy is in step
    /// with the disk, an active commit waits for its pivot, a pull backup can be read. It completes
    /// exceptionally, as [#completion], if the job ends before, also if the job has no such phase.
    CompletableFuture<@Nullable Void> ready();

    /// Makes the guest use the copy, or the base of an active commit, as soon as the job is ready, and so
    /// ends the job. Returns at once.
    ///
    /// @return a future that completes when the job has ended, as [#completion], or exceptionally when
    ///     libvirt refuses and the job continues
    /// @throws UnsupportedOperationException if the job has no pivot: only a copy and a commit have
    CompletableFuture<R> pivot();

    /// Ends the job as a success, as soon as it is ready, without a pivot: a copy then holds the disk as it
    /// was at that moment, and the guest continues to use the disk; a pull backup is no longer exported.
    /// Returns at once.
    ///
    /// The end of a copy is known by its event only. If that event is missing, the outcome is
    /// [UNKNOWN][JobOutcome.State#UNKNOWN].
    ///
    /// @return a future that completes when the job has ended, as [#completion], or exceptionally when
    ///     libvirt refuses and the job continues
    /// @throws UnsupportedOperationException if the job ends by itself, or by [#pivot] only
    CompletableFuture<R> finish();

    /// Asks the hypervisor to cancel the job. Returns at once. A job that ends before the request arrives has
    /// its own outcome.
    ///
    /// @return a future that completes with the outcome when the job has ended, or exceptionally when libvirt
    ///     refuses and the job continues
    CompletableFuture<JobOutcome> cancel();

    /// Returns a new future of the result. Its cancellation ends the wait, not the job.
    ///
    /// It completes exceptionally with a subclass of [JobException][io.github.libvirt4j.error.JobException]
    /// for each other outcome: [JobFailedException][io.github.libvirt4j.error.JobFailedException],
    /// [JobCancelledException][io.github.libvirt4j.error.JobCancelledException],
    /// [JobInterruptedException][io.github.libvirt4j.error.JobInterruptedException], or
    /// [JobOutcomeUnknownException][io.github.libvirt4j.error.JobOutcomeUnknownException].
    CompletableFuture<R> completion();

    /// Returns the outcome, as far as it is known. Does not block.
    JobOutcome outcome();

    /// Stops watching. The operation continues; if it has not ended, its outcome is
    /// [UNKNOWN][JobOutcome.State#UNKNOWN]. This method is idempotent.
    @Override
    void close();
}
