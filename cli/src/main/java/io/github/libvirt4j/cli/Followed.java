package io.github.libvirt4j.cli;

import io.github.libvirt4j.error.JobException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.job.JobOutcome;
import io.github.libvirt4j.job.JobOutcome.State;
import io.github.libvirt4j.job.Progress;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// A job that the command follows until it ends.
interface Followed {
    JobOutcome outcome();

    /// The progress that was read last; null if none was.
    @Nullable
    Progress progress();

    /// Asks the hypervisor to cancel the job, and returns at once.
    void cancel();

    /// The exit status if the job has failed.
    int failure();

    /// A job of the library.
    final class OfJob implements Followed {
        private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

        private final Job<?> job;
        private volatile @Nullable Progress progress;
        private volatile @Nullable Throwable refusal;

        OfJob(Job<?> job) {
            this.job = job.onProgress(BETWEEN_LOOKS, now -> progress = now);
        }

        @Override
        public JobOutcome outcome() {
            Throwable thrown = refusal;
            if (thrown != null) {
                throw new Failure(
                        Status.of(cause(thrown)),
                        "The job continues: " + cause(thrown).getMessage());
            }
            JobOutcome outcome = job.outcome();
            return outcome.state() == State.FAILED && outcome.why().isEmpty() && error() instanceof LibvirtException e
                    ? JobOutcome.of(State.FAILED, String.valueOf(e.getMessage()))
                    : outcome;
        }

        @Override
        public @Nullable Progress progress() {
            return progress;
        }

        @Override
        public void cancel() {
            var _ = job.cancel().whenComplete((_, thrown) -> refusal = thrown);
        }

        /// That of libvirt's error, if the job is a call.
        @Override
        public int failure() {
            Throwable error = error();
            return error == null ? Status.FAILED : Status.of(error);
        }

        /// Why it has ended otherwise than by success.
        private @Nullable Throwable error() {
            return job.completion()
                    .<@Nullable Throwable>handle((_, thrown) -> thrown == null ? null : cause(thrown))
                    .join();
        }

        private static Throwable cause(Throwable thrown) {
            Throwable cause = thrown.getCause();
            return (thrown instanceof CompletionException || thrown instanceof JobException) && cause != null
                    ? cause(cause)
                    : thrown;
        }
    }
}
