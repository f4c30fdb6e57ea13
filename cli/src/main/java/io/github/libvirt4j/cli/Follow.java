package io.github.libvirt4j.cli;

import io.github.libvirt4j.Domain;
import io.github.libvirt4j.job.JobOutcome;
import io.github.libvirt4j.job.JobOutcome.State;
import io.github.libvirt4j.job.Progress;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Follows a job until it ends: by a bar on a terminal, a line now and then elsewhere, or JSON. On a terminal
/// Ctrl-C asks whether to cancel the job.
final class Follow {
    private static final long BETWEEN_LOOKS = 100;
    private static final long BETWEEN_LINES = 1_000_000_000;

    private final Subcommand command;
    private final Domain domain;
    private final @Nullable String disk;
    private final Word kind;
    private final Followed job;
    private final ProgressBar bar;
    private long shown = System.nanoTime();
    private Supplier<String> ifLeft = () -> "";
    private boolean hasProgress;
    private boolean cancelling;

    /// @param disk the disk that has the job; null if it is one of the whole domain
    Follow(Subcommand command, Domain domain, @Nullable String disk, Word kind, Followed job) {
        this.command = command;
        this.domain = domain;
        this.disk = disk;
        this.kind = kind;
        this.job = job;
        this.bar = new ProgressBar(command.err());
    }

    /// Adds what follows if the command leaves the job alone, to the line that says so.
    Follow ifLeft(Supplier<String> consequence) {
        ifLeft = consequence;
        return this;
    }

    /// Asks the hypervisor to cancel the job, which is the success to wait for.
    void cancel() {
        job.cancel();
        cancelling = true;
    }

    /// Waits until the job has ended, or is ready and waits for the program that began it.
    ///
    /// @throws Failure if it ends otherwise than it should
    void toTheEnd() throws IOException, InterruptedException {
        boolean wanted = cancelling;
        JobOutcome outcome = outcome();
        State success = wanted ? State.CANCELLED : State.COMPLETED;
        boolean isSuccess = outcome.state() == success || outcome.state() == State.READY;
        if (isSuccess || command.isJson()) {
            command.output().item(item(outcome), title() + " " + words(outcome));
        }
        if (!isSuccess) {
            throw new Failure(status(outcome.state()), title() + " " + words(outcome));
        }
    }

    private JobOutcome outcome() throws IOException, InterruptedException {
        try (Interrupt interrupt = isInteractive() ? Interrupt.take() : null) {
            JobOutcome outcome = job.outcome();
            while (!outcome.isFinal() && (cancelling || outcome.state() != State.READY)) {
                if (interrupt != null && interrupt.wasPressed()) {
                    ask(interrupt);
                }
                Thread.sleep(BETWEEN_LOOKS);
                outcome = job.outcome();
                show(outcome);
            }
            return outcome;
        } finally {
            bar.end();
        }
    }

    private boolean isInteractive() {
        return !command.isJson()
                && Printer.isTerminal(0)
                && command.out().isTerminal()
                && command.err().isTerminal();
    }

    private void show(JobOutcome outcome) {
        Progress progress = job.progress();
        if (progress == null || outcome.isFinal()) {
            return;
        }
        if (!hasProgress) {
            hasProgress = true;
            bar.from(progress.current());
        }
        if (!command.isJson()) {
            bar.on(progress.current(), progress.end() == 0 ? -1 : progress.end());
        } else if (System.nanoTime() - shown >= BETWEEN_LINES) {
            shown = System.nanoTime();
            command.output().item(item(outcome), "");
        }
    }

    private void ask(Interrupt interrupt) throws IOException {
        bar.end();
        int key = interrupt.key(
                () -> command.err()
                        .control(Printer.harmless(title()) + ": cancel it? [y/N], or Ctrl-C to leave it alone "),
                () -> job.outcome().isFinal());
        command.err().control("\r\n");
        if (key == Interrupt.AGAIN) {
            leave(interrupt);
        } else if (key == 'y' || key == 'Y') {
            job.cancel();
            cancelling = true;
        }
    }

    /// Ends the process at once: to close the connection, it would wait for the call that is the job.
    private void leave(Interrupt interrupt) throws IOException {
        interrupt.close();
        command.err().println(title() + " continues" + ifLeft.get());
        command.out().flush();
        Runtime.getRuntime().halt(Status.INTERRUPTED);
    }

    private String title() {
        return domain.name() + ": " + (disk == null ? "" : disk + ": ") + kind;
    }

    private static String words(JobOutcome outcome) {
        String state = outcome.state() == State.UNKNOWN
                ? "has an unknown outcome"
                : outcome.state().name().toLowerCase(Locale.ROOT);
        return outcome.why().map(why -> state + ": " + why).orElse(state);
    }

    private Item item(JobOutcome outcome) {
        Progress progress = job.progress();
        return new Item()
                .with("time", Instant.now())
                .with("name", domain.name())
                .with("uuid", domain.uuid())
                .with("disk", disk)
                .with("job", kind)
                .with("state", outcome.state().name())
                .with("why", outcome.why().orElse(null))
                .with("current", progress == null ? null : new Size(progress.current()))
                .with("end", progress == null ? null : new Size(progress.end()));
    }

    private int status(State state) {
        return switch (state) {
            case FAILED -> job.failure();
            case CANCELLED -> Status.CANCELLED;
            case INTERRUPTED -> Status.GUEST_STOPPED;
            // It was to be cancelled, and had its effect.
            case COMPLETED -> Status.STATE;
            case UNKNOWN, RUNNING, READY -> Status.UNKNOWN;
        };
    }
}
