package io.github.libvirt4j;

import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.error.JobCancelledException;
import io.github.libvirt4j.error.JobFailedException;
import io.github.libvirt4j.error.JobInterruptedException;
import io.github.libvirt4j.error.JobOutcomeUnknownException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.internal.Duty;
import io.github.libvirt4j.internal.WakeUp;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.call.HandlerScope;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.internal.job.Claim;
import io.github.libvirt4j.internal.job.JobMachine;
import io.github.libvirt4j.internal.job.Order;
import io.github.libvirt4j.internal.job.Sight;
import io.github.libvirt4j.internal.job.Successors;
import io.github.libvirt4j.internal.job.Wish;
import io.github.libvirt4j.internal.link.Moment;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.job.Job;
import io.github.libvirt4j.job.JobOutcome;
import io.github.libvirt4j.job.Progress;
import io.github.libvirt4j.types.ErrorNumber;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs a [JobMachine]: executes its orders on a connection, and completes the futures of its job. Safe for
/// use by any thread.
final class WatchedJob<R> implements Job<R> {
    private static final ScheduledThreadPoolExecutor TIMES = Workers.times("libvirt4j-jobs-times");

    private final JobWork<R> work;
    private final long start = System.nanoTime();
    private final CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
    private final CompletableFuture<R> completion = new CompletableFuture<>();
    private final Duty telling = new Duty(() -> Workers.execute(this::tell));

    private volatile Connect connect;

    /// The result of a call that has returned.
    private volatile @Nullable R returned;

    // All guarded by this.
    private final JobMachine machine;
    private final List<CompletableFuture<JobOutcome>> asked = new ArrayList<>();
    private @Nullable Throwable rejection;

    /// The state that the futures are in.
    private JobOutcome.State told = JobOutcome.State.RUNNING;

    private @Nullable Progress progress;
    private final WakeUp wakeUp = new WakeUp(TIMES, this::go);

    private WatchedJob(Connect connect, JobWork<R> work) {
        this.connect = connect;
        this.work = work;
        this.machine = new JobMachine(work.kind);
    }

    /// Begins a job: listens first, then makes the call, then looks.
    ///
    /// @param call looks at the state before and begins the job; whatever it throws is thrown here
    static <R> Job<R> begin(Connect connect, JobWork<R> work, Runnable call) {
        WatchedJob<R> job = new WatchedJob<>(connect, work);
        connect.jobs.join(job);
        boolean isBegun = false;
        try {
            call.run();
            isBegun = true;
        } finally {
            if (!isBegun) {
                connect.jobs.leave(job);
            }
        }
        connect.jobs.execute(() -> {
            // libvirt sent the events of an earlier job before its reply, and they may be delivered after it.
            ProcessLoop.turn();
            ProcessLoop.turn();
            job.input(job.machine::begun);
        });
        return job;
    }

    /// Begins a job that is a call, on a thread of its own and without a time limit: the call may take hours,
    /// and no thread waits for it.
    static <R> Job<R> call(Connect connect, JobWork<R> work, Supplier<R> call) {
        WatchedJob<R> job = new WatchedJob<>(connect, work);
        job.input(job.machine::begun);
        Workers.execute(() -> job.run(connect, call));
        return job;
    }

    private void run(Connect on, Supplier<R> call) {
        try {
            R made = on.timedCalls == null ? call.get() : on.timedCalls.unlimited(call);
            returned = made;
            input(_ -> machine.returned());
            if (outcome().state() != JobOutcome.State.COMPLETED && made instanceof Handle handle) {
                // The job was closed: no one receives it.
                handle.close();
            }
        } catch (DisconnectedException e) {
            input(now -> machine.lostCall(String.valueOf(e.getMessage()), successor() != null, now));
        } catch (Throwable t) {
            boolean isAborted = t instanceof LibvirtException e && e.code() == ErrorNumber.OPERATION_ABORTED;
            input(now -> machine.failed(t, isAborted, work.canLook(), now));
        }
    }

    private Moment now() {
        return new Moment(System.nanoTime() - start, Instant.now());
    }

    /// Gives the machine an input, and does what follows from it.
    private void input(Consumer<Moment> input) {
        synchronized (this) {
            input.accept(now());
        }
        go();
    }

    private void go() {
        Order order;
        boolean isNews;
        synchronized (this) {
            order = machine.next(now());
            Throwable refused = machine.takeRejection();
            rejection = refused == null ? rejection : refused;
            isNews = machine.outcome().state() != told || rejection != null;
            wakeUp.set(machine.wakeAt(), now().nanos());
        }
        if (order != null) {
            connect.jobs.execute(() -> execute(order));
        }
        if (isNews) {
            telling.now();
        }
    }

    /// No switch over types: the VM would link it at its first use, and a failure there is final.
    @SuppressWarnings("IfChainToSwitch")
    private void execute(Order order) {
        if (order instanceof Order.Look look) {
            look(look);
        } else if (order instanceof Order.Ask ask) {
            ask(ask);
        } else if (order instanceof Order.Reconnect reconnect) {
            reconnect(reconnect);
        }
    }

    private void look(Order.Look order) {
        Connect on = connect;
        Sight sight;
        try {
            sight = see(on);
            if (!(sight instanceof Sight.Working)) {
                // Events that came before the reply may be delivered after it.
                ProcessLoop.turn();
                ProcessLoop.turn();
            }
        } catch (DisconnectedException | IllegalStateException e) {
            lost(on, String.valueOf(e.getMessage()));
            input(now -> machine.lookFailed(order, now));
            return;
        } catch (Throwable t) {
            input(now -> machine.lookFailed(order, now));
            return;
        }
        input(now -> machine.looked(order, sight, now));
    }

    private Sight see(Connect on) {
        try (Domain domain = on.domains().lookupByUuid(work.domain)) {
            return work.look(domain);
        } catch (LibvirtException e) {
            // Asked of QEMU, a domain that has just stopped is refused in several ways.
            if (isGone(on, e)) {
                return new Sight.Gone();
            }
            throw e;
        }
    }

    private boolean isGone(Connect on, LibvirtException e) {
        if (e instanceof DisconnectedException) {
            return false;
        }
        try (Domain domain = on.domains().lookupByUuid(work.domain)) {
            return !domain.isActive();
        } catch (NotFoundException gone) {
            return true;
        }
    }

    private void ask(Order.Ask order) {
        Connect on = connect;
        if (!work.canLook()) {
            input(now ->
                    machine.refused(order, new UnsupportedOperationException("libvirt cannot cancel " + this), now));
            return;
        }
        try (Domain domain = on.domains().lookupByUuid(work.domain)) {
            if (work.ask(domain, order.wish())) {
                input(now -> machine.accepted(order, now));
            } else {
                input(now -> machine.tooEarly(order, now));
            }
        } catch (DisconnectedException | IllegalStateException e) {
            lost(on, String.valueOf(e.getMessage()));
            input(now -> machine.refused(order, e, now));
        } catch (Throwable t) {
            input(now -> machine.refused(order, t, now));
        }
    }

    private @Nullable Supplier<@Nullable Object> successor() {
        return Successors.of(connect);
    }

    private void reconnect(Order.Reconnect order) {
        Connect before = connect;
        try {
            Supplier<@Nullable Object> successor = successor();
            Object next = successor == null ? null : successor.get();
            if (next instanceof Connect now && now != before) {
                now.jobs.join(this);
                connect = now;
                before.jobs.leave(this);
                input(at -> machine.reconnected(order, at));
                if (outcome().isFinal()) {
                    // The job was closed meanwhile.
                    now.jobs.leave(this);
                }
                return;
            }
        } catch (IllegalStateException e) {
            input(_ -> machine.abandoned(String.valueOf(e.getMessage())));
            return;
        } catch (Throwable t) {
            // The next connection has ended as well.
        }
        input(now -> machine.notYet(order, now));
    }

    /// A connection ended; the one that the job is on, unless it has another one by now.
    @SuppressWarnings("ReferenceEquality") // The very one.
    void lost(Connect which, String why) {
        input(now -> {
            if (which == connect) {
                machine.lost(why, successor() != null, now);
            }
        });
    }

    /// On the event loop.
    void event(DomainEvent event) {
        Claim claim = work.claim(event);
        if (claim != null) {
            input(now -> machine.claimed(claim, now));
        }
    }

    // The futures, completed on a worker: their dependents are the program's.

    private void tell() {
        JobOutcome outcome;
        Throwable refused;
        List<CompletableFuture<JobOutcome>> asking;
        synchronized (this) {
            outcome = machine.outcome();
            refused = rejection;
            rejection = null;
            told = outcome.state();
            boolean isOver = outcome.isFinal() || refused != null;
            asking = isOver ? List.copyOf(asked) : List.of();
            if (isOver) {
                asked.clear();
            }
        }
        if (outcome.state() == JobOutcome.State.READY) {
            ready.complete(null);
        }
        if (outcome.isFinal()) {
            connect.jobs.leave(this);
            complete(outcome);
        }
        for (CompletableFuture<JobOutcome> one : asking) {
            if (outcome.isFinal()) {
                one.complete(outcome);
            } else {
                one.completeExceptionally(Objects.requireNonNull(refused));
            }
        }
    }

    private void complete(JobOutcome outcome) {
        if (completion.isDone()) {
            return;
        }
        if (outcome.state() == JobOutcome.State.COMPLETED) {
            try {
                R made = returned;
                completion.complete(made == null ? work.result(connect) : made);
            } catch (Throwable t) {
                completion.completeExceptionally(t);
            }
        } else {
            completion.completeExceptionally(exception(outcome));
        }
        if (outcome.state() == JobOutcome.State.COMPLETED) {
            // A job without a first phase, or one whose first phase was over before a look.
            ready.completeExceptionally(new JobFailedException(this + " has ended", null));
        } else {
            ready.completeExceptionally(exception(outcome));
        }
    }

    private RuntimeException exception(JobOutcome outcome) {
        Throwable cause;
        synchronized (this) {
            cause = machine.failure();
        }
        String why = outcome.why().orElse(cause == null ? "" : String.valueOf(cause.getMessage()));
        String message = this + (why.isEmpty() ? "" : ": " + why);
        return switch (outcome.state()) {
            case CANCELLED -> new JobCancelledException(message, cause);
            case INTERRUPTED -> new JobInterruptedException(message, cause);
            case UNKNOWN -> new JobOutcomeUnknownException(message, cause);
            default -> new JobFailedException(message, cause);
        };
    }

    // The job.

    @Override
    public Progress progress() {
        if (work.canLook() && !outcome().isFinal()) {
            try (Domain domain = connect.domains().lookupByUuid(work.domain)) {
                Progress read = work.progress(domain);
                if (read != null) {
                    synchronized (this) {
                        progress = read;
                    }
                }
            }
        }
        return last();
    }

    private synchronized Progress last() {
        Progress seen = machine.progress();
        if (progress == null) {
            return seen == null ? new Progress(0, 0, Instant.now()) : seen;
        }
        return seen == null || progress.at().isAfter(seen.at()) ? progress : seen;
    }

    @Override
    public Job<R> onProgress(Duration interval, Consumer<? super Progress> handler) {
        Objects.requireNonNull(handler, "handler");
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("An interval of " + interval + "; it must be longer than zero");
        }
        long nanos = TimeUnit.NANOSECONDS.convert(interval);
        later(nanos, handler);
        return this;
    }

    private void later(long nanos, Consumer<? super Progress> handler) {
        ScheduledFuture<?> _ = TIMES.schedule(
                () -> {
                    if (!outcome().isFinal()) {
                        connect.jobs.execute(() -> read(nanos, handler));
                    }
                },
                nanos,
                TimeUnit.NANOSECONDS);
    }

    private void read(long nanos, Consumer<? super Progress> handler) {
        Progress read;
        try {
            read = progress();
        } catch (LibvirtException | IllegalStateException e) {
            later(nanos, handler);
            return;
        }
        Workers.execute(() -> {
            if (!outcome().isFinal()) {
                try (HandlerScope _ = HandlerScope.of(this)) {
                    handler.accept(read);
                } catch (Throwable t) {
                    Uncaught.report(this, t);
                }
                later(nanos, handler);
            }
        });
    }

    @Override
    public CompletableFuture<@Nullable Void> ready() {
        return ready.copy();
    }

    @Override
    public CompletableFuture<R> pivot() {
        if (!work.kind.canPivot()) {
            throw new UnsupportedOperationException(this + " has no pivot");
        }
        return wish(Wish.PIVOT).thenCompose(_ -> completion());
    }

    @Override
    public CompletableFuture<R> finish() {
        if (!work.kind.canFinish()) {
            throw new UnsupportedOperationException(this + " ends by itself or by its pivot");
        }
        return wish(Wish.FINISH).thenCompose(_ -> completion());
    }

    @Override
    public CompletableFuture<JobOutcome> cancel() {
        return wish(Wish.CANCEL);
    }

    private CompletableFuture<JobOutcome> wish(Wish wish) {
        CompletableFuture<JobOutcome> answer = new CompletableFuture<>();
        boolean isOver;
        synchronized (this) {
            isOver = machine.outcome().isFinal();
            if (!isOver) {
                asked.add(answer);
            }
        }
        if (isOver) {
            CompletableFuture<R> _ = completion.whenComplete((_, _) -> answer.complete(outcome()));
        } else {
            input(now -> machine.wished(wish, now));
        }
        return answer.copy();
    }

    @Override
    public CompletableFuture<R> completion() {
        return completion.copy();
    }

    @Override
    public synchronized JobOutcome outcome() {
        return machine.outcome();
    }

    @Override
    public void close() {
        input(_ -> machine.abandoned("the job was closed, and is no longer watched"));
    }

    @Override
    public String toString() {
        return work.toString();
    }
}
