package io.github.libvirt4j.fleet;

import io.github.libvirt4j.Opening;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.fleet.FleetRecord.DomainRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostRecord;
import io.github.libvirt4j.fleet.FleetRecord.HostStatus;
import io.github.libvirt4j.fleet.FleetRecord.Origin;
import io.github.libvirt4j.fleet.FleetRecord.RemovalRecord;
import io.github.libvirt4j.link.DomainView;
import io.github.libvirt4j.link.DomainWatch;
import io.github.libvirt4j.link.Retry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Watches many hosts, and hands what happens there to one [Sink]. Safe for use by any thread.
///
/// ```java
/// try (Fleet fleet = Fleet.of(Hosts.read(file)).to(JsonLines.stdout()).start()) {
///     …
/// }
/// ```
///
/// A fleet has a [link][io.github.libvirt4j.link.Link] to each host. A host that cannot be reached is a
/// record, not an exception, and its link tries again. What happens is written at least once from its
/// receipt, in the order of the host; where events are missing, a record says so.
///
/// A fleet with an inventory of its own starts with it, and [#update] changes it. A worker that shares an
/// inventory with others starts without hosts, and [assigns][#assign] and [unassigns][#unassign] them.
public final class Fleet implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.github.libvirt4j.fleet");

    /// The time that the sink and the hosts get at the end.
    private static final Duration CLOSING = Duration.ofSeconds(10);

    /// The pause before a host is asked again that has refused a kind of events.
    private static final Duration REFUSED = Duration.ofSeconds(30);

    private final Steps settings;
    private final @Nullable StateFile state;
    private final Outbox outbox;

    /// Closes links, which can take its time.
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            16,
            16,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("libvirt4j-fleet-hosts-", 0).factory(),
            // For a host that is assigned at the moment at which the fleet is closed.
            (task, _) -> task.run());

    // Guarded by this.
    private final Map<String, HostWatch> watches = new TreeMap<>();

    /// Without a state file, the records of the hosts that [#update] has taken out, in case they come back.
    private final Map<String, Known> past = new HashMap<>();

    private long epoch;
    private boolean closed;

    private Fleet(Steps settings, Sink sink, @Nullable StateFile state) {
        this.settings = settings;
        this.state = state;
        this.outbox =
                new Outbox(state == null ? sink : new Recorded(sink, state), settings.queue(), Retry.exponential());
        workers.allowCoreThreadTimeOut(true);
        this.epoch = state == null ? 0 : state.epoch();
    }

    /// A sink whose written records are kept.
    private record Recorded(Sink sink, StateFile state) implements Sink {
        @Override
        public void write(List<FleetRecord> records) throws Exception {
            sink.write(records);
            state.written(records);
        }

        @Override
        public void close() throws IOException {
            sink.close();
        }
    }

    /// Begins a fleet that watches these hosts from its start. [#update] changes them.
    public static Steps of(Collection<Host> hosts) {
        return new Steps(
                List.copyOf(hosts),
                null,
                null,
                Set.of(DomainEvent.LIFECYCLE),
                opening -> opening,
                new DomainWatch.Options(Duration.ofMinutes(5), Duration.ZERO),
                10_000,
                machine() + ":" + ProcessHandle.current().pid());
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /// The settings of a fleet. Immutable: each method returns a new object.
    public static final class Steps {
        private final List<Host> hosts;
        private final @Nullable Sink sink;
        private final @Nullable Path state;
        private final Set<EventKind<? extends DomainEvent>> kinds;
        private final UnaryOperator<Opening<?>> opening;
        private final DomainWatch.Options watching;
        private final int queue;
        private final String worker;

        private Steps(
                List<Host> hosts,
                @Nullable Sink sink,
                @Nullable Path state,
                Set<EventKind<? extends DomainEvent>> kinds,
                UnaryOperator<Opening<?>> opening,
                DomainWatch.Options watching,
                int queue,
                String worker) {
            this.hosts = hosts;
            this.sink = sink;
            this.state = state;
            this.kinds = kinds;
            this.opening = opening;
            this.watching = watching;
            this.queue = queue;
            this.worker = worker;
        }

        /// Sets the sink, which every fleet needs. The fleet closes it.
        public Steps to(Sink to) {
            return new Steps(hosts, Objects.requireNonNull(to, "sink"), state, kinds, opening, watching, queue, worker);
        }

        /// Keeps the written state of all domains in a file, so that the next fleet with this file tells of
        /// domains that were removed meanwhile. Default: no file.
        ///
        /// The file is replaced as a whole, about a second after a change. A large one follows within
        /// five seconds and the time of two writes. It belongs to one process at a time.
        public Steps state(Path file) {
            return new Steps(
                    hosts, sink, Objects.requireNonNull(file, "file"), kinds, opening, watching, queue, worker);
        }

        /// Changes the kinds of events. Default: [DomainEvent#LIFECYCLE]. A host whose driver does not have
        /// one of them stays down.
        ///
        /// @throws IllegalArgumentException if there is none
        public Steps kinds(Collection<? extends EventKind<? extends DomainEvent>> all) {
            if (all.isEmpty()) {
                throw new IllegalArgumentException("No kind of event; name at least one");
            }
            return new Steps(hosts, sink, state, Set.copyOf(all), opening, watching, queue, worker);
        }

        /// Changes how connections are opened. Default: as [io.github.libvirt4j.link.Link#to].
        public Steps opening(UnaryOperator<Opening<?>> change) {
            return new Steps(
                    hosts, sink, state, kinds, Objects.requireNonNull(change, "change"), watching, queue, worker);
        }

        /// Changes how domains are watched. Default: a resync every five minutes, and no settle time.
        public Steps watching(DomainWatch.Options options) {
            return new Steps(
                    hosts, sink, state, kinds, opening, Objects.requireNonNull(options, "options"), queue, worker);
        }

        /// Changes the number of events that may wait for a slow sink. Default: 10,000.
        ///
        /// @throws IllegalArgumentException if `events` is less than 1
        public Steps queue(int events) {
            if (events < 1) {
                throw new IllegalArgumentException("A queue of " + events + " events cannot hold one; at least 1");
            }
            return new Steps(hosts, sink, state, kinds, opening, watching, events, worker);
        }

        /// Changes the name of this process in the records of hosts. Default: the name of the machine and the
        /// number of the process.
        public Steps worker(String name) {
            return new Steps(hosts, sink, state, kinds, opening, watching, queue, Objects.requireNonNull(name, "name"));
        }

        /// Starts the fleet, and returns at once: connections are opened in the background. An exception of the
        /// function of [#opening] is thrown here, and the fleet is closed, as by [Fleet#close].
        ///
        /// @throws IllegalStateException if there is no sink
        /// @throws IllegalArgumentException if two hosts have the same name, or the state file is none
        /// @throws IOException if the state file cannot be read, another fleet has it, or its folder does not
        ///     exist or cannot be written
        public Fleet start() throws IOException {
            if (sink == null) {
                throw new IllegalStateException("A fleet needs a sink; name one by to(sink)");
            }
            Map<String, Host> byName = byName(hosts);
            Path folder = state == null ? null : state.toAbsolutePath().getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                throw new NoSuchFileException(folder.toString(), null, "the folder of the state file does not exist");
            }
            var fleet = new Fleet(this, sink, state == null ? null : StateFile.open(state));
            boolean isStarted = false;
            try {
                fleet.start(byName);
                isStarted = true;
            } finally {
                if (!isStarted) {
                    fleet.close();
                }
            }
            return fleet;
        }

        Set<EventKind<? extends DomainEvent>> kinds() {
            return kinds;
        }

        UnaryOperator<Opening<?>> opening() {
            return opening;
        }

        DomainWatch.Options watching() {
            return watching;
        }

        int queue() {
            return queue;
        }

        String worker() {
            return worker;
        }
    }

    private static Map<String, Host> byName(Collection<Host> hosts) {
        Map<String, Host> byName = new LinkedHashMap<>();
        for (Host host : hosts) {
            if (byName.put(host.name(), host) != null) {
                throw new IllegalArgumentException(
                        "Two hosts are called '" + host.name() + "'; each needs a name of its own");
            }
        }
        return byName;
    }

    private void start(Map<String, Host> hosts) {
        outbox.start();
        if (state != null) {
            state.start();
            forget(state, hosts.keySet());
        }
        update(hosts.values());
    }

    /// The process before this one has not written that it watches these hosts no longer.
    private synchronized void forget(StateFile from, Set<String> except) {
        for (String host : from.watched()) {
            if (!except.contains(host)) {
                Instant now = Instant.now();
                Known known = from.known(host);
                outbox.state(new HostRecord(
                        new Origin(host, nextEpoch(), 0, 0, now),
                        HostStatus.UNWATCHED,
                        now,
                        known.domains().stream().map(DomainView::asOf).max(Instant::compareTo),
                        known.domains().size(),
                        settings.worker(),
                        Map.of(),
                        Optional.empty()));
            }
        }
    }

    /// Larger than all before, of this process and of those that had the state file.
    private long nextEpoch() {
        epoch = Math.max(epoch + 1, System.currentTimeMillis());
        return epoch;
    }

    /// Watches a host from now on. A host of this name that is assigned is no longer watched as before, and
    /// has no record of that.
    ///
    /// @param number the number of the assignment; larger than those of all assignments of the host before,
    ///     in any process
    /// @param known what the written records tell. If they say that the host is up, a record says at once that
    ///     it is not: nobody watches it just now. After the first list of the host there are records of what
    ///     differs, and of domains that no longer exist
    /// @throws IllegalStateException if the fleet was closed
    public void assign(Host host, long number, Supplier<Known> known) {
        HostWatch watch;
        synchronized (this) {
            watch = begin(host, number, known);
        }
        openFirst(watch);
    }

    /// The caller has the lock, under which it has chosen the number: an older assignment never replaces a
    /// newer one.
    private HostWatch begin(Host host, long number, Supplier<Known> known) {
        if (closed) {
            throw new IllegalStateException("The fleet is closed");
        }
        epoch = Math.max(epoch, number);
        HostWatch before = watches.get(host.name());
        Known told;
        if (before == null) {
            // A record that is written in between is in both.
            List<FleetRecord> unwritten = outbox.unwritten(host.name());
            told = told(known.get(), unwritten);
        } else {
            before.end();
            told = before.known();
        }
        var watch = new HostWatch(host, number, told, settings, outbox);
        watches.put(host.name(), watch);
        past.remove(host.name());
        watch.begin();
        close(before);
        return watch;
    }

    private void openFirst(HostWatch watch) {
        boolean isOpened = false;
        try {
            open(watch);
            isOpened = true;
        } finally {
            if (!isOpened) {
                giveUp(watch);
            }
        }
    }

    /// The program's function has thrown: the host can be assigned again.
    private synchronized void giveUp(HostWatch watch) {
        watch.end();
        if (watches.remove(watch.host().name(), watch)) {
            remember(watch);
        }
    }

    /// Keeps the records of a host that is watched no longer. The caller has the lock.
    private void remember(HostWatch watch) {
        if (state == null) {
            past.put(watch.host().name(), watch.known());
        }
    }

    private Known written(String host) {
        return state == null ? past.getOrDefault(host, Known.NOTHING) : state.known(host);
    }

    /// The state of a host that the records tell when all are written.
    private static Known told(Known written, List<FleetRecord> unwritten) {
        Map<UUID, DomainView> told = new HashMap<>();
        Optional<HostStatus> status = written.status();
        written.domains().forEach(view -> told.put(view.domain().uuid(), view));
        for (FleetRecord record : unwritten) {
            if (record instanceof DomainRecord domain) {
                told.put(domain.now().domain().uuid(), domain.now());
            } else if (record instanceof RemovalRecord removal) {
                told.remove(removal.last().domain().uuid());
            } else if (record instanceof HostRecord host) {
                status = Optional.of(host.status());
            }
        }
        return new Known(told.values(), status);
    }

    private void open(HostWatch watch) {
        if (!watch.open()) {
            openLater(watch, REFUSED);
        }
    }

    private void openLater(HostWatch watch, Duration pause) {
        Executor later = task -> {
            try {
                workers.execute(task);
            } catch (Throwable t) {
                // No thread can be had now, and this one, of the JDK's, would tell nobody.
                openLater(watch, pause);
            }
        };
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, later)
                .execute(() -> openAgain(watch, pause));
    }

    /// Tries until the host is open or assigned no longer. No caller is there to receive an exception.
    void openAgain(HostWatch watch, Duration pause) {
        boolean isOpened = false;
        try {
            isOpened = watch.open();
        } catch (Throwable t) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Host " + watch.host().name() + " was not opened; another try follows in " + pause.toSeconds()
                            + " s",
                    t);
        } finally {
            if (!isOpened) {
                openLater(watch, pause);
            }
        }
    }

    private void close(@Nullable HostWatch watch) {
        if (watch != null) {
            workers.execute(watch::close);
        }
    }

    /// Watches a host no longer. Its last record says so.
    ///
    /// @param host the name of the host; one that is not assigned is ignored
    public void unassign(String host) {
        unassign(host, _ -> {});
    }

    /// @param last receives the watch, under the lock
    private void unassign(String host, Consumer<HostWatch> last) {
        HostWatch watch;
        synchronized (this) {
            watch = watches.remove(host);
            if (watch != null) {
                watch.unwatch();
                last.accept(watch);
            }
        }
        close(watch);
    }

    /// Watches a host no longer, because another process does: there is no record of that, and those that
    /// wait are dropped. One that the sink is writing may still be written.
    ///
    /// @param host the name of the host; of one that is not assigned only the records are dropped
    public void lose(String host) {
        HostWatch watch;
        synchronized (this) {
            watch = watches.remove(host);
            if (watch != null) {
                watch.end();
            }
            past.remove(host);
            outbox.drop(host);
        }
        close(watch);
    }

    /// Replaces the inventory: watches the hosts that are new or differ, and those that are missing no
    /// longer. An exception of the function of [Steps#opening] is thrown when this has been done for all others;
    /// the next update tries that host again.
    ///
    /// @throws IllegalArgumentException if two hosts have the same name
    /// @throws IllegalStateException if the fleet was closed
    public void update(Collection<Host> hosts) {
        Map<String, Host> byName = byName(hosts);
        for (HostWatch watch : all()) {
            if (!byName.containsKey(watch.host().name())) {
                unassign(watch.host().name(), this::remember);
            }
        }
        RuntimeException failure = null;
        for (Host host : byName.values()) {
            try {
                update(host);
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void update(Host host) {
        HostWatch watch;
        synchronized (this) {
            HostWatch before = watches.get(host.name());
            if (before != null && before.host().equals(host)) {
                return;
            }
            watch = begin(host, nextEpoch(), () -> written(host.name()));
        }
        openFirst(watch);
    }

    private synchronized List<HostWatch> all() {
        return List.copyOf(watches.values());
    }

    /// Waits until the sink has written each record that there is now, or a newer one of its key.
    ///
    /// @return false if it has not within `limit`
    public boolean flush(Duration limit) throws InterruptedException {
        return outbox.flush(limit);
    }

    /// The hosts that are assigned, by their names.
    public List<HostView> hosts() {
        return all().stream().map(HostWatch::view).toList();
    }

    /// Watches no host any longer, writes the records of that, and closes the sink. Waits ten seconds at most
    /// for the writes of a slow sink, whether the caller is interrupted or not, and for hosts that do not answer;
    /// and for the closing of the sink as long as that takes. A sink whose write takes longer is interrupted, and
    /// closed in the background when the write has returned.
    @Override
    public void close() {
        List<HostWatch> last;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            last = all();
            watches.clear();
            last.forEach(HostWatch::unwatch);
        }
        long end = System.nanoTime() + CLOSING.toNanos();
        last.forEach(this::close);
        workers.shutdown();
        outbox.close(CLOSING);
        if (state != null) {
            state.close();
        }
        try {
            // False is no failure: what is left closes in the background.
            boolean _ = workers.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
