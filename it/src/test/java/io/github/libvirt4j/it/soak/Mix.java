package io.github.libvirt4j.it.soak;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Libvirt;
import io.github.libvirt4j.Network;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.Stream;
import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.error.AuthenticationFailedException;
import io.github.libvirt4j.error.CallInterruptedException;
import io.github.libvirt4j.error.CallTimeoutException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import io.github.libvirt4j.event.EventHandler;
import io.github.libvirt4j.event.EventQueue;
import io.github.libvirt4j.event.Overflow;
import io.github.libvirt4j.event.Registration;
import io.github.libvirt4j.loop.EventLoop;
import io.github.libvirt4j.stream.Transfer;
import io.github.libvirt4j.testing.Certificates;
import io.github.libvirt4j.testing.RootDaemon;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.testing.TlsDaemon;
import io.github.libvirt4j.types.DomainChannelFlags;
import io.github.libvirt4j.types.DomainConsoleFlags;
import io.github.libvirt4j.types.DomainEventType;
import io.github.libvirt4j.types.DomainState;
import io.github.libvirt4j.types.EventHandleType;
import io.github.libvirt4j.types.StreamEventType;
import io.github.libvirt4j.types.StreamFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What is done, on several threads at once: in this process, at daemons that are well, with guests and
/// over TLS, at one whose link goes down, and at one that is killed and hangs.
final class Mix implements AutoCloseable {
    static final String LET_IN_ENCRYPTED = "let in, encrypted";
    static final String NOT_LET_IN = "not let in";
    private static final int THREADS = 6;

    /// What is seldom is to be seen more than once.
    private static final int MOST_FAILURES = 10;

    /// Each leaks 15 kB in C, see docs/faults.md: few enough to be less than what a growth of is seen.
    private static final Duration RARELY = Duration.ofSeconds(20);

    private static final long PATIENCE = 60;
    private static final String GUESTS = "qemu:///session";
    private static final int ROUND_TRIPS = 20;
    private static final int SMALL = 300_000;
    private static final int LARGE = 8_000_000;

    /// Thrown by handlers, and nothing is wrong with it.
    private static final class Deliberate extends Exception {
        private static final long serialVersionUID = 1;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    @FunctionalInterface
    private interface WorkAt {
        void run(Place place) throws Exception;
    }

    /// How often something was done, and how often it failed, as it had to.
    static final class Count {
        final LongAdder done = new LongAdder();
        final LongAdder failed = new LongAdder();
    }

    private record Item(String name, @Nullable Faults faults, Work work, Count count) {
        boolean isDone() {
            return count.done.sum() > 0;
        }
    }

    private final List<Item> items = new ArrayList<>();
    private final List<Item> faults = new ArrayList<>();
    private final SessionDaemon well = SessionDaemon.start();
    private final SessionDaemon ill = SessionDaemon.start();
    private final SessionDaemon locked = SessionDaemon.start("scram-sha-256", Map.of("fred", "secret"));
    private final SessionDaemon encrypting = SessionDaemon.start("digest-md5", Map.of("fred", "secret"));
    private final TlsDaemon overTls;
    private final RootDaemon far = RootDaemon.start();
    private final RootDaemon.Link link = far.link();
    private final EchoGuest echo = new EchoGuest(well);
    private final UUID survivor;
    private final Place atTls;
    private final Place atWell = new Place("daemon", well.unixUri(Place.TEST), well, null);

    /// One talks over a channel at a time.
    private final Lock talking = new ReentrantLock();

    private final List<Place> places;
    private final Item rare = new Item(LET_IN_ENCRYPTED, null, this::letInEncrypted, new Count());
    private final Path folder = Files.createTempDirectory("soak");
    private final Path file = folder.resolve("content");
    private final List<Throwable> failures = new ArrayList<>();

    /// Open all the time, and used by all threads.
    private volatile @Nullable Connect shared;

    Mix() throws IOException, InterruptedException {
        Certificates certificates = Certificates.make(folder.resolve("certificates"), "127.0.0.1");
        survivor = EchoGuest.create(ill, "");
        overTls = new TlsDaemon(certificates, "scram-sha-256", Map.of());
        atTls = new Place("TLS", overTls.uri(certificates), overTls.daemon(), null);
        Place atIll = new Place("ill", ill.unixUri(Place.TEST), ill, Faults.of(ill));
        places = List.of(
                new Place("embedded", null, null, null),
                atWell,
                atTls,
                new Place("far", link.tcpUri(), null, Faults.of(far, link)),
                atIll);
        byte[] content = new byte[SMALL];
        new Random(1).nextBytes(content);
        Arrays.fill(content, 100_000, 200_000, (byte) 0);
        Files.write(file, content);
        for (Place place : places) {
            add("open", place, Mix::open);
            add("look up", place, Mix::lookUp);
            add("look up in vain", place, Mix::lookUpInVain);
            add("events", place, Mix::events);
            add("handlers that close", place, Mix::closingHandlers);
            add("queue", place, Mix::queue);
            add("error handler", place, Mix::errorHandler);
            add("screenshot", place, Mix::screenshot);
            add("stream that says when", place, Mix::readyStream);
            add("forget", place, Mix::forget);
            if (place.remote() != null) {
                add("closed connection", place, Mix::hearOfTheEnd);
            }
            if (place.daemon() != null) {
                add("volume", place, this::volume);
                add("transfer", place, Mix::transfer);
            }
        }
        items.add(new Item("shared connection", null, this::sharedConnection, new Count()));
        add("interrupt", atIll, Mix::interrupt);
        add("time limit", atIll, Mix::timeLimit);
        add("guest that stays", atIll, this::stayingGuest);
        items.add(new Item("channel", null, this::channel, new Count()));
        items.add(new Item("channel that says when", null, this::readyChannel, new Count()));
        items.add(new Item("console", null, this::console, new Count()));
        items.add(new Item("guest", null, this::guest, new Count()));
        items.add(new Item("let in", null, this::letIn, new Count()));
        items.add(new Item(NOT_LET_IN, null, this::notLetIn, new Count()));
        items.add(new Item("timer", null, Mix::timer, new Count()));
        items.add(new Item("file descriptor", null, Mix::fileDescriptor, new Count()));
        items.removeIf(item -> !only(item));
        // Those that wait for a daemon that hangs are not to be one after the other.
        Collections.shuffle(items);
        for (Place place : places) {
            Faults kinds = place.faults();
            if (kinds != null && items.stream().anyMatch(item -> item.faults == kinds)) {
                faults.add(new Item("fault, " + place.name(), null, kinds::makeOne, new Count()));
            }
        }
    }

    /// Whether that is to be done.
    private static boolean only(Item item) {
        return item.name.contains(Objects.requireNonNullElse(System.getProperty("soak.only"), ""));
    }

    private void add(String name, Place place, WorkAt work) {
        items.add(new Item(name + ", " + place.name(), place.faults(), () -> work.run(place), new Count()));
    }

    /// By name.
    Map<String, Count> counts() {
        Map<String, Count> counts = new TreeMap<>();
        items.forEach(item -> counts.put(item.name, item.count));
        faults.forEach(fault -> counts.put(fault.name, fault.count));
        if (only(rare)) {
            counts.put(rare.name, rare.count);
        }
        return counts;
    }

    /// What was not done even once.
    List<String> neverDone() {
        if (failures().size() == MOST_FAILURES) {
            // It was broken off.
            return List.of();
        }
        return items.stream()
                .filter(item -> !item.isDone())
                .map(item -> "never done: " + item.name)
                .toList();
    }

    /// What went wrong without a reason.
    List<Throwable> failures() {
        synchronized (failures) {
            return List.copyOf(failures);
        }
    }

    /// Something went wrong. The mix goes on until that is the tenth.
    void fail(Throwable thrown) {
        synchronized (failures) {
            if (failures.size() < MOST_FAILURES) {
                failures.add(thrown);
            }
        }
    }

    /// Does all that, for so long or until too much went wrong, and closes what it opened.
    void run(Duration length) throws IOException, InterruptedException {
        long end = System.nanoTime() + length.toNanos();
        Libvirt.setUncaughtHandler((where, thrown) -> {
            if (!(thrown instanceof Deliberate)) {
                fail(new IllegalStateException("thrown by a handler of " + where, thrown));
            }
        });
        // Not closed: that would wait for ever for what waits for ever.
        var executor = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("mix-", 0).factory());
        try (Connect connect = (Place.CAN_BE_SHARED ? atWell : places.getFirst()).open();
                Connect toWell = atWell.open();
                Connect toTls = atTls.open()) {
            // A daemon can go deaf when the last who listens leaves; see docs/faults.md.
            for (Connect listener : List.of(toWell, toTls)) {
                listener.on(DomainEvent.LIFECYCLE, (DomainEvent.Lifecycle _) -> {});
            }
            shared = connect;
            for (int i = 0; i < THREADS && !items.isEmpty(); i++) {
                int first = i * items.size() / THREADS;
                executor.execute(() -> work(first, end));
            }
            for (Item fault : faults) {
                executor.execute(() -> {
                    while (goesOn(end)) {
                        attempt(fault);
                    }
                });
            }
            executor.execute(() -> rarely(end));
            executor.shutdown();
            if (!executor.awaitTermination(length.toSeconds() + 2 * PATIENCE, TimeUnit.SECONDS)) {
                Soak.dumpThreads();
                throw new IllegalStateException("something waits for ever, see the threads above");
            }
            revive();
            catchUp();
        } finally {
            shared = null;
            Libvirt.setUncaughtHandler(null);
        }
    }

    /// Sees to it that all daemons answer: what is under way to one that has locked itself up does not end
    /// before.
    void revive() throws IOException, InterruptedException {
        for (Place place : places) {
            if (place.faults() != null) {
                place.faults().revive();
            }
        }
    }

    /// Does what was not done yet, as a fault was always in the way, or it was not its turn: nothing happens
    /// to anybody any more.
    private void catchUp() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        for (Item item : items) {
            while (!item.isDone() && goesOn(end)) {
                attempt(item);
                if (!item.isDone()) {
                    revive();
                }
            }
        }
    }

    private boolean goesOn(long end) {
        return System.nanoTime() < end && failures().size() < MOST_FAILURES;
    }

    /// Every thread begins elsewhere and goes through all of it, so that in the end all was done by each.
    private void work(int first, long end) {
        int next = first;
        while (goesOn(end)) {
            attempt(items.get(next++ % items.size()));
        }
    }

    private void rarely(long end) {
        long due = System.nanoTime();
        while (goesOn(end) && only(rare)) {
            if (System.nanoTime() - due >= 0) {
                attempt(rare);
                due += RARELY.toNanos();
            }
            LockSupport.parkNanos(100_000_000);
        }
    }

    private void attempt(Item item) {
        long begun = System.nanoTime();
        try {
            item.work.run();
            item.count.done.increment();
        } catch (Throwable t) {
            if (item.faults != null && item.faults.explain(t, begun)) {
                item.count.failed.increment();
            } else {
                fail(new IllegalStateException(item.name, t));
            }
        }
    }

    private static void check(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException(what);
        }
    }

    /// Waits for what has to happen, except where the daemon may be gone.
    private static void await(Place place, CountDownLatch happened, String what) throws InterruptedException {
        if (place.faults() != null) {
            boolean _ = happened.await(500, TimeUnit.MILLISECONDS);
        } else {
            check(happened.await(PATIENCE, TimeUnit.SECONDS), what);
        }
    }

    private static Domain newDomain(Connect connect) {
        return connect.domains().create("""
                <domain type='test'><name>%s</name><memory>1024</memory><os><type>hvm</type></os></domain>
                """.formatted(UUID.randomUUID()));
    }

    private static void open(Place place) {
        try (Connect connect = place.open()) {
            check(!connect.hostname().isEmpty(), "no name");
            check(connect.isAlive() || place.faults() != null, "not alive");
            Connect.to(connect.uri()).readOnly();
        }
    }

    private static void lookUp(Place place) {
        try (Connect connect = place.open();
                Domain domain = connect.domains().lookupByName("test");
                Network network = connect.networks().lookupByName("default");
                StoragePool pool = connect.storagePools().lookupByName("default-pool")) {
            check(connect.domains().lookup(domain.identity()).equals(domain), "another domain");
            check(!domain.xmlDesc().isEmpty() && domain.info().vcpus() > 0, "no domain");
            check(network.isActive() && pool.isActive(), "not active");
            connect.domains().listAll().forEach(Domain::close);
            connect.networks().listAll().forEach(Network::close);
        }
    }

    private static void lookUpInVain(Place place) {
        try (Connect connect = place.open()) {
            check(connect.domains().findByUuid(UUID.randomUUID()).isEmpty(), "found");
            try {
                connect.storagePools().lookupByName("nowhere");
                throw new IllegalStateException("found");
            } catch (NotFoundException e) {
                check(e.function().equals("virStoragePoolLookupByName"), e.function());
            }
        }
    }

    /// Every sort of delivery, with handlers that block and throw.
    private static void events(Place place) throws Exception {
        try (Connect connect = place.open()) {
            Domain domain = newDomain(connect);
            var deliveries = List.of(
                    Delivery.queued(),
                    Delivery.queued(1),
                    Delivery.queued(1).overflow(Overflow.DROP_NEWEST),
                    Delivery.queued(1).overflow(Overflow.CLOSE),
                    Delivery.queued().executor(Thread::startVirtualThread),
                    Delivery.direct());
            var heard = new CountDownLatch(2 * deliveries.size());
            List<Registration> all = new ArrayList<>();
            for (Delivery delivery : deliveries) {
                EventHandler<DomainEvent> handler = _ -> {
                    heard.countDown();
                    if (!(delivery instanceof Delivery.Direct)) {
                        Thread.sleep(5);
                    }
                    throw new Deliberate();
                };
                all.add(connect.on(Set.of(DomainEvent.REBOOT), delivery, handler));
                all.add(domain.on(Set.of(DomainEvent.LIFECYCLE, DomainEvent.METADATA_CHANGE), delivery, handler));
                all.add(connect.on(Set.of(DomainEvent.LIFECYCLE), delivery, handler));
            }
            domain.suspend();
            domain.resume();
            await(place, heard, "no events");
            for (int i = 0; i < all.size(); i++) {
                if (i % 2 == 0) {
                    all.get(i).close();
                } else if (i % 4 == 1) {
                    boolean _ = all.get(i).closeAndAwait(Duration.ofMillis(100));
                }
            }
            domain.destroy();
        }
    }

    /// Their registration, or their connection.
    @SuppressWarnings("try") // Closed on purpose.
    private static void closingHandlers(Place place) throws Exception {
        try (Connect source = place.open();
                Connect first = place.open();
                Connect second = place.open()) {
            var closed = new CountDownLatch(2);
            first.onWithSelf(DomainEvent.LIFECYCLE, (self, _) -> {
                self.close();
                closed.countDown();
            });
            try {
                second.on(Set.of(DomainEvent.LIFECYCLE), Delivery.queued(), _ -> {
                    second.close();
                    closed.countDown();
                });
            } catch (IllegalStateException e) {
                // An event of another thread's domain came before this was through.
                check(second.isClosed(), "not closed");
            }
            newDomain(source).destroy();
            await(place, closed, "not closed");
        }
    }

    @SuppressWarnings("try") // Closed on purpose.
    private static void queue(Place place) throws Exception {
        try (Connect connect = place.open();
                EventQueue<DomainEvent.Lifecycle> queue = connect.queue(Set.of(DomainEvent.LIFECYCLE), 1000)) {
            var over = new CountDownLatch(1);
            try (Domain domain = newDomain(connect)) {
                UUID uuid = domain.uuid();
                Thread.startVirtualThread(() -> {
                    try {
                        while (!queue.take().domain().uuid().equals(uuid)) {}
                        while (true) {
                            queue.take();
                        }
                    } catch (IllegalStateException | InterruptedException e) {
                        over.countDown();
                    }
                });
                domain.destroy();
            }
            queue.close();
            check(over.await(PATIENCE, TimeUnit.SECONDS), "who takes was not told of the end");
        }
    }

    private static void errorHandler(Place place) {
        try (Connect connect = place.open()) {
            var errors = new AtomicInteger();
            connect.setErrorHandler(_ -> {
                errors.incrementAndGet();
                try {
                    connect.isAlive();
                } catch (IllegalStateException e) {
                    // Of a call that went on without its caller, who has closed the connection.
                    check(place.faults() != null, "closed");
                }
                throw new Deliberate();
            });
            check(connect.domains().findByName("nobody").isEmpty(), "found");
            check(errors.get() > 0, "no error heard of");
            if (ThreadLocalRandom.current().nextBoolean()) {
                connect.setErrorHandler(null);
            }
            Libvirt.setErrorHandler(_ -> errors.incrementAndGet());
            Libvirt.setErrorHandler(null);
        }
    }

    private static void screenshot(Place place) throws Exception {
        try (Connect connect = place.open();
                Domain domain = connect.domains().lookupByName("test")) {
            var bytes = new AtomicInteger();
            domain.console().screenshot(0, buffer -> {
                bytes.addAndGet(buffer.remaining());
                buffer.position(buffer.limit());
            });
            check(bytes.get() > 0, "nothing received");
            var deliberate = new Deliberate();
            try {
                domain.console().screenshot(0, _ -> {
                    throw deliberate;
                });
                throw new IllegalStateException("the sink's exception is lost");
            } catch (Deliberate e) {
                check(e == deliberate, "another exception");
            }
            try (Stream stream = connect.newStream()) {
                domain.console().screenshot(stream, 0);
                check(stream.inputStream().readAllBytes().length == bytes.get(), "another picture");
                stream.finish();
            }
            try (Stream stream = connect.newStream()) {
                domain.console().screenshot(stream, 0);
                stream.receive(ByteBuffer.allocate(1000));
                if (ThreadLocalRandom.current().nextBoolean()) {
                    stream.abort();
                }
            }
        }
    }

    private static void readyStream(Place place) throws Exception {
        try (Connect connect = place.open();
                Domain domain = connect.domains().lookupByName("test")) {
            for (int how = 0; how < 4; how++) {
                try (Stream stream = connect.newStream(StreamFlags.NONBLOCK)) {
                    domain.console().screenshot(stream, 0);
                    var called = new CountDownLatch(1);
                    int way = how;
                    Registration registration = stream.on(Set.of(StreamEventType.READABLE), (self, _) -> {
                        try {
                            self.stream().receive(ByteBuffer.allocateDirect(1000));
                            switch (way) {
                                case 0 -> self.stream().abort();
                                case 1 -> self.stream().close();
                                case 2 -> throw new Deliberate();
                                default -> {}
                            }
                        } catch (LibvirtException | IllegalStateException e) {
                            // It is over: it is being closed, or by a fault.
                        } finally {
                            called.countDown();
                        }
                    });
                    // Where the connection breaks off, that is told.
                    check(called.await(PATIENCE, TimeUnit.SECONDS), "not ready");
                    if (way == 3) {
                        registration.close();
                    }
                }
            }
        }
    }

    /// Nobody closes anything.
    private static void forget(Place place) {
        Connect connect = place.open();
        Domain domain = connect.domains().lookupByName("test");
        connect.domains().listAll();
        domain.console().screenshot(connect.newStream(), 0);
    }

    private static void hearOfTheEnd(Place place) throws Exception {
        try (Connect connect = place.open()) {
            var heard = new Semaphore(0);
            connect.on(ConnectEvent.CLOSED, (ConnectEvent.Closed _) -> heard.release());
            if (place.faults() != null) {
                boolean _ = heard.tryAcquire(200, TimeUnit.MILLISECONDS);
            }
            connect.hostname();
        }
    }

    private void volume(Place place) throws Exception {
        try (Storage storage = new Storage(place, SMALL)) {
            Path copy = folder.resolve(UUID.randomUUID().toString());
            try {
                storage.volume().upload(file, Transfer.whole().sparse());
                storage.volume().download(copy);
                check(Files.mismatch(file, copy) < 0, "another content");
            } finally {
                Files.deleteIfExists(copy);
            }
            try (Stream stream = storage.connect().newStream()) {
                storage.volume().upload(stream, 0, 0);
                stream.outputStream().write(new byte[1000]);
                stream.finish();
            }
            var deliberate = new Deliberate();
            try (Stream stream = storage.connect().newStream()) {
                storage.volume().download(stream, 0, 0);
                stream.receiveAll(_ -> {
                    throw deliberate;
                });
                throw new IllegalStateException("the sink's exception is lost");
            } catch (Deliberate e) {
                check(e == deliberate, "another exception");
            }
        }
    }

    /// For so long that a fault comes in between now and then.
    private static void transfer(Place place) throws Exception {
        try (Storage storage = new Storage(place, LARGE)) {
            try (Stream stream = storage.connect().newStream()) {
                storage.volume().upload(stream, 0, 0);
                var left = new AtomicInteger(LARGE);
                stream.sendAll(buffer -> {
                    int count = Math.min(left.get(), buffer.remaining());
                    left.addAndGet(-count);
                    buffer.position(buffer.position() + count);
                    return count == 0 ? -1 : count;
                });
                stream.finish();
            }
            try (Stream stream = storage.connect().newStream()) {
                storage.volume().download(stream, 0, 0);
                try (var channel = Channels.newInputStream(stream.channel())) {
                    check(channel.skip(LARGE) == LARGE, "too short");
                    stream.finish();
                }
            }
        }
    }

    /// By all threads.
    private void sharedConnection() throws Exception {
        Connect connect = Objects.requireNonNull(shared);
        Domain forgotten = connect.domains().lookupByName("test");
        try (Domain domain = newDomain(connect);
                Registration registration =
                        domain.on(Set.of(DomainEvent.LIFECYCLE), Delivery.queued(), _ -> Thread.sleep(1))) {
            check(!forgotten.equals(domain), "the same domain");
            domain.destroy();
            check(registration.closeAndAwait(Duration.ofSeconds(PATIENCE)), "not delivered");
        }
    }

    private static void interrupt(Place place) {
        try (Connect connect = place.openLimited()) {
            Thread.currentThread().interrupt();
            try {
                connect.hostname();
                throw new IllegalStateException("not interrupted");
            } catch (CallInterruptedException e) {
                check(!e.isBegun(), "begun");
            } finally {
                Thread.interrupted();
            }
        }
    }

    private static void timeLimit(Place place) throws IOException, InterruptedException {
        SessionDaemon daemon = Objects.requireNonNull(place.daemon());
        try (Connect connect = place.openLimited()) {
            Objects.requireNonNull(place.faults()).make(() -> {
                try {
                    daemon.pause();
                    connect.hostname();
                    throw new IllegalStateException(
                            "answered by one that " + (daemon.hangs() ? "hangs" : "was let go on"));
                } catch (CallTimeoutException e) {
                    check(e.isBegun() && connect.callsAbandoned() == 1, "not begun");
                } finally {
                    daemon.resume();
                }
            });
            // Nothing else is done with it before.
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
            while (connect.callsAbandoned() != 0) {
                check(System.nanoTime() < deadline, "it never returned");
                Thread.sleep(1);
            }
        }
    }

    /// Whatever happens to its daemon.
    private void stayingGuest(Place place) {
        try (Connect connect = place.open(GUESTS);
                Domain domain = connect.domains().lookupByUuid(survivor)) {
            check(domain.state().state() == DomainState.PAUSED, "something happened to the guest");
        }
    }

    /// Each side waits for the other all the time.
    private void channel() {
        talking.lock();
        try (Connect connect = atWell.open(GUESTS);
                Domain domain = connect.domains().lookupByUuid(echo.uuid());
                Stream stream = connect.newStream()) {
            domain.console().openChannel(EchoGuest.CHANNEL, stream, DomainChannelFlags.FORCE);
            ByteBuffer one = ByteBuffer.allocateDirect(1);
            for (int i = 0; i < ROUND_TRIPS; i++) {
                stream.send(one.clear().put(0, (byte) i));
                check(stream.receive(one.clear()) == 1 && one.get(0) == (byte) i, "another answer");
            }
            switch (ThreadLocalRandom.current().nextInt(3)) {
                case 0 -> stream.finish();
                case 1 -> stream.abort();
                default -> {}
            }
        } finally {
            talking.unlock();
        }
    }

    private void readyChannel() throws Exception {
        talking.lock();
        try (Connect connect = atWell.open(GUESTS);
                Domain domain = connect.domains().lookupByUuid(echo.uuid());
                Stream stream = connect.newStream(StreamFlags.NONBLOCK)) {
            domain.console().openChannel(EchoGuest.CHANNEL, stream, DomainChannelFlags.FORCE);
            var answers = new CountDownLatch(ROUND_TRIPS);
            ByteBuffer one = ByteBuffer.allocateDirect(1);
            stream.on(Set.of(StreamEventType.READABLE), (self, _) -> {
                check(self.stream().receive(one.clear()) == 1, "no answer");
                if (answers.getCount() > 1) {
                    self.stream().send(one.flip());
                } else {
                    self.stream().abort();
                }
                answers.countDown();
            });
            stream.send(ByteBuffer.allocate(1));
            check(answers.await(PATIENCE, TimeUnit.SECONDS), "no answer");
        } finally {
            talking.unlock();
        }
    }

    /// Nobody says anything: a reader is let go by another thread.
    private void console() throws Exception {
        talking.lock();
        try (Connect connect = atWell.open(GUESTS);
                Domain domain = connect.domains().lookupByUuid(echo.uuid())) {
            Stream stream = connect.newStream();
            domain.console().open(null, stream, DomainConsoleFlags.FORCE);
            CompletableFuture<Integer> reading = new CompletableFuture<>();
            Thread.startVirtualThread(() -> {
                try {
                    reading.complete(stream.receive(ByteBuffer.allocate(1)));
                } catch (RuntimeException e) {
                    reading.completeExceptionally(e);
                }
            });
            Thread.sleep(ThreadLocalRandom.current().nextInt(5));
            stream.close();
            try {
                throw new IllegalStateException("what nobody said: " + reading.get(PATIENCE, TimeUnit.SECONDS));
            } catch (ExecutionException e) {
                check(e.getCause() instanceof IllegalStateException, "let go by " + e.getCause());
            }
        } finally {
            talking.unlock();
        }
    }

    /// It comes and goes.
    private void guest() throws Exception {
        try (Connect connect = atWell.open(GUESTS);
                Domain domain = EchoGuest.create(connect, "")) {
            var heard = new CountDownLatch(1);
            domain.on(DomainEvent.LIFECYCLE, event -> {
                if (event.type() == DomainEventType.STOPPED) {
                    heard.countDown();
                }
            });
            try (Stream console = connect.newStream()) {
                domain.console().open(null, console);
                domain.destroy();
                check(heard.await(PATIENCE, TimeUnit.SECONDS), "not heard of its end");
                check(isOver(console), "what nobody said");
            }
        }
    }

    /// By an end, or an error: a terminal that is hung up is one to Linux.
    private static boolean isOver(Stream stream) {
        try {
            return stream.receive(ByteBuffer.allocate(1)) < 0;
        } catch (LibvirtException e) {
            return true;
        }
    }

    /// By SCRAM, whose logins several threads may do at once.
    private void letIn() {
        try (Connect connect = Connect.to(locked.unixUri("test:///default"))
                .authenticator(Authenticator.of("fred", "secret".toCharArray()))
                .open()) {
            check(connect.isSecure(), "not secure");
        }
    }

    /// By DIGEST-MD5, whose logins leak; see docs/faults.md.
    private void letInEncrypted() {
        try (Connect connect = Connect.to(encrypting.tcpUri())
                .authenticator(Authenticator.of("fred", "secret".toCharArray()))
                .open()) {
            check(connect.isEncrypted(), "not encrypted");
        }
    }

    private void notLetIn() throws Exception {
        var opening = Connect.to(locked.unixUri("test:///default"));
        try (Connect _ = opening.authenticator(Authenticator.of("fred", "wrong".toCharArray()))
                .open()) {
            throw new IllegalStateException("let in");
        } catch (AuthenticationFailedException e) {
            // As it has to be.
        }
        var deliberate = new Deliberate();
        try (Connect _ = opening.authenticator(_ -> {
                    throw deliberate;
                })
                .open()) {
            throw new IllegalStateException("let in");
        } catch (Deliberate e) {
            check(e == deliberate, "another exception");
        }
    }

    private static void timer() throws InterruptedException {
        var once = new CountDownLatch(1);
        var often = new CountDownLatch(3);
        try (var _ = EventLoop.after(Duration.ofMillis(1), _ -> {
            once.countDown();
            throw new Deliberate();
        })) {
            EventLoop.every(Duration.ofMillis(1), self -> {
                often.countDown();
                if (often.getCount() == 0) {
                    self.close();
                }
            });
            check(once.await(PATIENCE, TimeUnit.SECONDS) && often.await(PATIENCE, TimeUnit.SECONDS), "no time");
        }
    }

    private static void fileDescriptor() throws InterruptedException {
        try (EventFd fd = EventFd.open()) {
            var called = new CountDownLatch(3);
            var watch = EventLoop.on(fd.number(), Set.of(EventHandleType.READABLE), (self, _) -> {
                called.countDown();
                if (called.getCount() == 0) {
                    if (ThreadLocalRandom.current().nextBoolean()) {
                        throw new Deliberate();
                    }
                    self.close();
                }
            });
            check(called.await(PATIENCE, TimeUnit.SECONDS), "not ready");
            // libvirt's loop looks at it until it is removed.
            check(watch.closeAndAwait(Duration.ofSeconds(PATIENCE)), "not closed");
        }
    }

    @Override
    public void close() throws IOException {
        echo.close();
        well.close();
        ill.close();
        locked.close();
        encrypting.close();
        overTls.close();
        link.close();
        far.close();
        try (var files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
