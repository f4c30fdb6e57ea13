package io.github.libvirt4j.link;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainStats;
import io.github.libvirt4j.Domains;
import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.internal.Log;
import io.github.libvirt4j.internal.Observers;
import io.github.libvirt4j.internal.WakeUp;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.call.HandlerScope;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.internal.job.Successors;
import io.github.libvirt4j.internal.link.Command;
import io.github.libvirt4j.internal.link.Generations;
import io.github.libvirt4j.internal.link.Moment;
import io.github.libvirt4j.internal.link.Notice;
import io.github.libvirt4j.internal.link.Notices;
import io.github.libvirt4j.internal.link.Reconciler;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.types.ConnectGetAllDomainStatsFlags;
import io.github.libvirt4j.types.ConnectListAllDomainsFlags;
import io.github.libvirt4j.types.DomainStatsTypes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs a [Reconciler]: executes its commands on a connection, and tells handlers its notices. Safe for use by
/// any thread.
final class Driver {
    /// The number of openings of all links that are in progress at the same time, and that of lists and looks. A
    /// host that hangs holds a place until its time limit.
    private static final int MOST_AT_ONCE = 16;

    /// Apart, because openings to hosts that do not answer would delay the looks at those that do.
    private static final ThreadPoolExecutor OPENINGS = Workers.pool("libvirt4j-link-open", MOST_AT_ONCE);

    /// A close occupies two threads until the loop has turned: as many at once as connections break off would be
    /// thousands.
    private static final ThreadPoolExecutor CLOSINGS = Workers.pool("libvirt4j-link-close", MOST_AT_ONCE);

    private static final ThreadPoolExecutor COMMANDS = Workers.pool("libvirt4j-link", MOST_AT_ONCE);
    private static final ScheduledThreadPoolExecutor TIMES = Workers.times("libvirt4j-link-times");

    private final String name;
    private final Callable<Connect> opening;
    private final long start = System.nanoTime();

    // All guarded by this.
    private final Reconciler reconciler;
    private final Map<Integer, Connect> connects = new HashMap<>();
    private final List<Telling> tellings = new CopyOnWriteArrayList<>();
    private final List<LinkSubscription<?>> subscriptions = new CopyOnWriteArrayList<>();
    private int lastUp; // The last generation that had a connection.
    private final WakeUp wakeUp = new WakeUp(TIMES, this::go);

    Driver(String name, Callable<Connect> opening, Retry retry) {
        this.name = name;
        this.opening = opening;
        this.reconciler = new Reconciler(retry, ThreadLocalRandom.current(), now());
    }

    private Moment now() {
        return new Moment(System.nanoTime() - start, Instant.now());
    }

    /// Gives the reconciler an input, and does what follows from it.
    private void input(Consumer<Moment> input) {
        change(input);
        go();
    }

    private synchronized void change(Consumer<Moment> input) {
        Moment now = now();
        LinkState before = reconciler.state();
        input.accept(now);
        subscriptions.forEach(each -> each.follow(now));
        if (!reconciler.state().equals(before)) {
            tellObservers(before, reconciler.state());
        }
    }

    private void tellObservers(LinkState before, LinkState state) {
        Observers.tell(observer -> observer.linkChanged(name, state));
        if (before instanceof LinkState.Down down
                && state instanceof LinkState.Up up
                && down.cause() != Gap.Cause.BEGINNING) {
            var gap = new Gap(lastUp, up.generation(), down.since(), up.since(), down.cause());
            Observers.tell(observer -> observer.gap(name, gap));
        }
        lastUp = state instanceof LinkState.Up up ? up.generation() : lastUp;
    }

    /// Does what there is to do at this time.
    void go() {
        List<Command> commands = new ArrayList<>();
        synchronized (this) {
            change(now -> {
                for (Command next = reconciler.next(now); next != null; next = reconciler.next(now)) {
                    commands.add(next);
                }
            });
            notifyAll();
        }
        for (Command command : commands) {
            pool(command).execute(() -> execute(command));
        }
        tellings.forEach(Telling::go);
        subscriptions.forEach(LinkSubscription::mark);
        awake();
    }

    private static ThreadPoolExecutor pool(Command command) {
        if (command instanceof Command.Close) {
            return CLOSINGS;
        }
        return command instanceof Command.Open ? OPENINGS : COMMANDS;
    }

    private synchronized void awake() {
        long at = reconciler.wakeAt();
        for (Telling telling : tellings) {
            at = Math.min(at, telling.notices.wakeAt());
        }
        wakeUp.set(at, now().nanos());
    }

    /// No switch over types: the VM would link it at its first use, and a failure there is final.
    @SuppressWarnings("IfChainToSwitch")
    private void execute(Command command) {
        try {
            if (command instanceof Command.Open open) {
                open(open);
            } else if (command instanceof Command.Close close) {
                close(close.generation());
            } else if (command instanceof Command.ListDomains list) {
                list(list);
            } else if (command instanceof Command.Look look) {
                look(look);
            }
        } catch (Throwable t) {
            if (t instanceof DisconnectedException) {
                lost(command.generation(), t);
            }
            input(now -> reconciler.failed(command, t, now));
        }
    }

    private void open(Command.Open command) throws Exception {
        int generation = command.generation();
        Connect connect = opening.call();
        boolean registered = false;
        try {
            Set<EventKind<? extends Event>> kinds = Set.of(DomainEvent.LIFECYCLE, ConnectEvent.CLOSED);
            connect.on(kinds, Delivery.direct(), event -> event(generation, event));
            do {
                subscriptions.forEach(each -> each.attach(generation, connect));
            } while (!opened(command, connect));
            registered = true;
        } finally {
            if (!registered) {
                connect.close();
            }
        }
        go();
    }

    /// Begins a generation, unless a handler has come that is not registered yet.
    private synchronized boolean opened(Command.Open command, Connect connect) {
        if (!subscriptions.stream().allMatch(each -> each.isAttached(command.generation()))) {
            return false;
        }
        change(now -> {
            connects.put(command.generation(), connect);
            Successors.put(connect, this::successor);
            reconciler.opened(command, now);
        });
        return true;
    }

    /// The connection that is open now, for jobs of earlier ones; null if none is.
    private synchronized @Nullable Object successor() {
        LinkState state = reconciler.state();
        if (state instanceof LinkState.Closed) {
            throw new IllegalStateException("the link was closed");
        }
        return state instanceof LinkState.Up up ? connects.get(up.generation()) : null;
    }

    /// On the event loop.
    private void event(int generation, Event event) {
        if (event instanceof DomainEvent.Lifecycle lifecycle) {
            input(_ -> reconciler.event(generation, lifecycle));
        } else if (event instanceof ConnectEvent.Closed closed) {
            lost(generation, disconnected("broke off: " + closed.reason()));
        }
    }

    private void lost(int generation, Throwable failure) {
        input(now -> reconciler.lost(generation, failure, now));
    }

    /// Ends the generation whose connection the program has closed: nothing else says that it has ended.
    void checkClosed() {
        int generation;
        synchronized (this) {
            if (!(reconciler.state() instanceof LinkState.Up up)) {
                return;
            }
            generation = up.generation();
            Connect connect = connects.get(generation);
            if (connect == null || !connect.isClosed()) {
                return;
            }
        }
        lost(generation, disconnected("was closed by the program"));
    }

    private void close(int generation) {
        Connect connect;
        synchronized (this) {
            connect = connects.remove(generation);
            if (connect != null && !(reconciler.state() instanceof LinkState.Closed)) {
                Generations.ended(connect, "generation " + generation + " of the link to " + name);
            }
        }
        if (connect != null) {
            connect.close();
        }
    }

    /// The connection of a generation.
    private synchronized Connect connect(int generation) {
        Connect connect = connects.get(generation);
        if (connect == null) {
            throw disconnected("has ended");
        }
        return connect;
    }

    private void list(Command.ListDomains command) {
        Domains domains = connect(command.generation()).domains();
        Map<UUID, DomainView> views = new LinkedHashMap<>();
        // A domain that changes sides between the two is in both, or in none: a lookup decides then.
        for (boolean persistent : new boolean[] {true, false}) {
            for (DomainView view : list(domains, persistent, command)) {
                views.put(view.domain().uuid(), view);
            }
        }
        // Events that came before the reply may be delivered after it.
        ProcessLoop.turn();
        ProcessLoop.turn();
        input(now -> reconciler.listed(command, views.values(), now));
    }

    private static List<DomainView> list(Domains domains, boolean persistent, Command.ListDomains command) {
        List<DomainStats> all;
        try {
            all = domains.allStats(
                    Set.of(DomainStatsTypes.STATE),
                    persistent ? ConnectGetAllDomainStatsFlags.PERSISTENT : ConnectGetAllDomainStatsFlags.TRANSIENT);
        } catch (UnsupportedException e) {
            return listOneByOne(domains, persistent, command);
        }
        List<DomainView> views = new ArrayList<>(all.size());
        for (DomainStats stats : all) {
            Domain.Status status = stats.state().orElseThrow();
            views.add(new DomainView(
                    stats.domain(),
                    stats.id(),
                    status.rawState(),
                    status.rawReason(),
                    persistent,
                    command.generation(),
                    command.begun().instant()));
        }
        return views;
    }

    /// For drivers without statistics. A domain that disappears meanwhile is not in the list, and looked up.
    private static List<DomainView> listOneByOne(Domains domains, boolean persistent, Command.ListDomains command) {
        List<DomainView> views = new ArrayList<>();
        List<Domain> all = domains.listAll(
                persistent ? ConnectListAllDomainsFlags.PERSISTENT : ConnectListAllDomainsFlags.TRANSIENT);
        try {
            for (Domain domain : all) {
                try {
                    views.add(view(domain, persistent, command.generation(), command.begun()));
                } catch (NotFoundException e) {
                    // Gone.
                }
            }
        } finally {
            all.forEach(Domain::close);
        }
        return views;
    }

    private static DomainView view(Domain domain, boolean persistent, int generation, Moment begun) {
        Domain.Status status = domain.state();
        return new DomainView(
                domain.identity(),
                domain.id(),
                status.rawState(),
                status.rawReason(),
                persistent,
                generation,
                begun.instant());
    }

    private void look(Command.Look command) {
        DomainView view;
        try (Domain domain = connect(command.generation()).domains().lookupByUuid(command.domain())) {
            view = view(domain, domain.isPersistent(), command.generation(), command.begun());
        } catch (NotFoundException e) {
            input(now -> reconciler.absent(command, now));
            return;
        }
        input(now -> reconciler.found(command, view, now));
    }

    /// The connection, if the link is up.
    ///
    /// @throws DisconnectedException if it is not
    synchronized Connect connect(Link link) {
        checkOpen(link);
        LinkState state = reconciler.state();
        if (state instanceof LinkState.Down down) {
            throw disconnected("is down since " + down.since() + ", next try at " + down.nextTry()
                    + down.failure().map(failure -> ": " + failure.getMessage()).orElse(""));
        }
        return connect(((LinkState.Up) state).generation());
    }

    private DisconnectedException disconnected(String what) {
        return Generations.exception("the link to " + name + " " + what);
    }

    synchronized LinkState state() {
        return reconciler.state();
    }

    synchronized @Nullable DomainView get(UUID domain) {
        return reconciler.get(domain);
    }

    synchronized List<DomainView> all() {
        return reconciler.all();
    }

    /// Waits until a condition holds.
    ///
    /// @return false if `limit` passed before
    synchronized boolean await(Function<Reconciler, Boolean> condition, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(limit);
        while (!condition.apply(reconciler)) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    /// Registers a handler for this generation and all that follow.
    ///
    /// @param handler makes the handler of its registration
    <E extends Event> LinkSubscription<E> on(
            Link link,
            Set<EventKind<? extends E>> kinds,
            Delivery.Queued delivery,
            Function<? super LinkSubscription<E>, ? extends LinkHandler<? super E>> handler) {
        var subscription = new LinkSubscription<E>(link, this, kinds, delivery, handler);
        Connect connect = null;
        int generation = 0;
        synchronized (this) {
            checkOpen(link);
            subscriptions.add(subscription);
            if (reconciler.state() instanceof LinkState.Up up) {
                generation = up.generation();
                connect = connects.get(generation);
            }
        }
        if (connect != null) {
            attach(subscription, generation, connect);
        }
        change(now -> subscription.follow(reconciler.follow(now)));
        go();
        return subscription;
    }

    /// A connection that breaks off meanwhile is no reason to refuse: the next generation has the handler.
    private void attach(LinkSubscription<?> subscription, int generation, Connect connect) {
        boolean accepted = false;
        try {
            subscription.attach(generation, connect);
            accepted = true;
        } catch (DisconnectedException e) {
            accepted = true;
            lost(generation, e);
        } finally {
            if (!accepted) {
                subscription.close();
            }
        }
    }

    /// The caller has the lock.
    void remove(LinkSubscription<?> subscription, @Nullable Notices notices) {
        subscriptions.remove(subscription);
        if (notices != null) {
            reconciler.remove(notices);
        }
    }

    /// Under the lock: what passes is there when the link is closed.
    private void checkOpen(Link link) {
        if (link.isClosed()) {
            throw new IllegalStateException("The link to " + name + " is closed");
        }
    }

    /// Closes the link, and the connection before this returns, where it can wait for that.
    void close() {
        List<Connect> open;
        synchronized (this) {
            change(_ -> reconciler.close());
            open = List.copyOf(connects.values());
        }
        subscriptions.forEach(LinkSubscription::closeWithLink);
        go();
        open.forEach(Connect::close);
    }

    /// Ends what was made with one of the links that share this connection.
    void leave(Link link) {
        for (LinkSubscription<?> subscription : subscriptions) {
            if (subscription.isOf(link)) {
                subscription.close();
            }
        }
        for (Telling telling : tellings) {
            if (telling.link.equals(link)) {
                telling.leave();
            }
        }
        go();
    }

    Telling watch(Link link, DomainHandler handler, DomainWatch.Options options, Collection<DomainView> known) {
        Telling telling;
        synchronized (this) {
            checkOpen(link);
            telling = new Telling(link, handler, reconciler.watch(options.resync(), options.settle(), known, now()));
            tellings.add(telling);
        }
        go();
        return telling;
    }

    /// Tells a handler its notices, one at a time, on a worker.
    final class Telling {
        private final Link link;
        private final DomainHandler handler;
        private final Notices notices;

        // Guarded by the driver.
        private boolean busy;
        private boolean closed;

        private Telling(Link link, DomainHandler handler, Notices notices) {
            this.link = link;
            this.handler = handler;
            this.notices = notices;
        }

        private void go() {
            Notice first = take();
            if (first == null) {
                return;
            }
            boolean begun = false;
            try {
                Workers.execute(() -> tellAll(first));
                begun = true;
            } finally {
                if (!begun) {
                    Log.warning("{0}: a handler could not be told {1}", name, first);
                    end();
                }
            }
        }

        private @Nullable Notice take() {
            synchronized (Driver.this) {
                if (busy || closed) {
                    return null;
                }
                Notice next = notices.poll(now());
                busy = next != null;
                return next;
            }
        }

        private void end() {
            synchronized (Driver.this) {
                busy = false;
            }
        }

        private void tellAll(Notice first) {
            for (Notice notice = first; notice != null; notice = take()) {
                try (HandlerScope _ = HandlerScope.of(this)) {
                    notice.tell(handler);
                } catch (Throwable t) {
                    Uncaught.report("DomainHandler", t);
                }
                end();
            }
            awake();
        }

        /// Tells the handler that its link is closed, and nothing after it.
        private void leave() {
            synchronized (Driver.this) {
                tellings.remove(this);
                reconciler.leave(notices);
            }
            go();
        }

        /// Whether the handler hears of all that is known, and that is current.
        boolean isCurrent() {
            synchronized (Driver.this) {
                return !link.isClosed() && !closed && reconciler.isCurrent();
            }
        }

        /// Whether the watch or its link was closed: what it knows does not change any more.
        boolean isOver() {
            synchronized (Driver.this) {
                return closed || link.isClosed();
            }
        }

        void close() {
            synchronized (Driver.this) {
                closed = true;
                tellings.remove(this);
                reconciler.remove(notices);
            }
            Driver.this.go();
        }
    }

    @Override
    public String toString() {
        return Objects.toString(name);
    }
}
