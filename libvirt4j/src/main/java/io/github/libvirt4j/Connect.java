package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainDefineXMLFlags;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainLookupByName;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainLookupByUUID;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectClose;
import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectOpenAuth;

import io.github.libvirt4j.event.DomainIdentity;
import io.github.libvirt4j.event.Event;
import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.internal.CMemory;
import io.github.libvirt4j.internal.Errors;
import io.github.libvirt4j.internal.Mailbox;
import io.github.libvirt4j.internal.NativeObject;
import io.github.libvirt4j.internal.Pointers;
import io.github.libvirt4j.internal.Uuids;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.types.ConnectFlags;
import io.github.libvirt4j.types.DomainDefineFlags;
import io.github.libvirt4j.types.Flag;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A connection to a hypervisor. C: `virConnectPtr`. Safe for use by any thread.
///
/// [#close] really closes: it ends the registrations and the handles that came from it. A connection that
/// is forgotten is closed when it is collected, but not while something is registered on it.
public final class Connect extends Handle {
    private static final System.Logger LOG = System.getLogger("io.github.libvirt4j");
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final String uri;
    private final Closing closing;
    private final Set<Subscription<?>> subscriptions = ConcurrentHashMap.newKeySet();

    /// Those that were there when [#close] began, for whose handlers it waits.
    private volatile List<Subscription<?>> ended = List.of();

    /// The callback pointers taken on this connection.
    final Pointers pointers = new Pointers();

    private Connect(String uri, NativeObject object, Closing closing) {
        super(object);
        this.uri = uri;
        this.closing = closing;
    }

    /// Opens the hypervisor a URI names. C: `virConnectOpenAuth`.
    ///
    /// Blocks until it is open: for ever, if the other side accepts the connection and then says nothing.
    ///
    /// @param uri such as `qemu:///system` or `test:///default`; null for the one libvirt takes by default, from
    /// the
    ///     environment variable `LIBVIRT_DEFAULT_URI` or by looking for a hypervisor on this machine
    /// @throws LibvirtException if there is no such hypervisor, or it cannot be reached
    /// @throws AuthenticationFailedException if it does not let us in
    /// @throws FunctionMissingException if libvirt is not installed
    /// @throws IllegalCallerException if the VM does not let libvirt4j use native code
    public static Connect open(@Nullable String uri, ConnectFlags... flags) {
        EventLoop.ensure();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = CMemory.stringOrNull(arena, uri, "uri");
            MemorySegment pointer = Errors.check(
                    virConnectOpenAuth(name, MemorySegment.NULL, Flag.combine(flags)), "virConnectOpenAuth");
            var closing = new Closing();
            return new Connect(
                    uri == null ? "the default connection" : uri,
                    new NativeObject(pointer, null, closing::release),
                    closing);
        }
    }

    /// Looks a domain up by name. C: `virDomainLookupByName`.
    ///
    /// @throws NotFoundException if there is none
    public Domain lookupDomainByName(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment cName = CMemory.string(arena, name, "name");
            return domain("virDomainLookupByName", p -> virDomainLookupByName(p, cName));
        }
    }

    /// Looks a domain up by UUID. C: `virDomainLookupByUUID`.
    ///
    /// @throws NotFoundException if there is none
    public Domain lookupDomainByUuid(UUID uuid) {
        Objects.requireNonNull(uuid, "uuid");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Uuids.SIZE);
            Uuids.set(bytes, uuid);
            return domain("virDomainLookupByUUID", p -> virDomainLookupByUUID(p, bytes));
        }
    }

    /// The handle of the domain an event is about, by UUID.
    ///
    /// @throws NotFoundException if it is no longer there
    public Domain lookup(DomainIdentity identity) {
        return lookupDomainByUuid(identity.uuid());
    }

    /// Defines a domain, or changes its definition. It does not start. C: `virDomainDefineXMLFlags`, which
    /// without a flag does what `virDomainDefineXML` does.
    ///
    /// @param xml its description, as on [libvirt's page](https://libvirt.org/formatdomain.html)
    /// @throws LibvirtException if the description is not well-formed or not possible
    public Domain defineDomain(String xml, DomainDefineFlags... flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment cXml = CMemory.string(arena, xml, "xml");
            return domain("virDomainDefineXMLFlags", p -> virDomainDefineXMLFlags(p, cXml, Flag.combine(flags)));
        }
    }

    private Domain domain(String function, PointerCall call) {
        return call(function, call, pointer -> Domain.of(this, pointer));
    }

    /// Registers a lambda for events of one kind, of all objects of this connection. They are delivered as
    /// [Delivery#queued()] says.
    ///
    /// Events of what was done before this returned may come or not; those of what is done afterwards do.
    ///
    /// @throws LibvirtException if the driver does not have them
    public <E extends Event> Registration on(EventKind<E> kind, EventHandler<? super E> handler) {
        return on(Set.of(kind), Delivery.queued(), handler);
    }

    /// The same for a lambda that is given its own registration, to close it from within.
    ///
    /// @throws LibvirtException if the driver does not have them
    public <E extends Event> Registration on(EventKind<E> kind, SelfHandler<? super E> handler) {
        Objects.requireNonNull(handler, "handler");
        return subscribe(Set.of(kind), Delivery.queued(), self -> event -> handler.on(event, self));
    }

    /// Registers one lambda for several kinds of events, which come in the order libvirt sends them.
    ///
    /// @param delivery how they get to the lambda
    /// @throws LibvirtException if the driver does not have them; nothing is registered then
    public <E extends Event> Registration on(
            Set<? extends EventKind<? extends E>> kinds, Delivery delivery, EventHandler<? super E> handler) {
        Objects.requireNonNull(handler, "handler");
        return subscribe(kinds, delivery, _ -> handler);
    }

    private <E extends Event> Registration subscribe(
            Set<? extends EventKind<? extends E>> kinds,
            Delivery delivery,
            Function<Registration, EventHandler<? super E>> handler) {
        var subscription = new Subscription<E>(this, kinds, delivery, handler);
        MemorySegment pointer = enter();
        subscriptions.add(subscription);
        subscription.start(kinds, pointer);
        if (isClosed()) {
            // close() may have gone through the subscriptions before this one was among them.
            subscription.close();
            throw closed();
        }
        return subscription;
    }

    /// A subscription has deregistered all it had, and no longer uses our pointer.
    void forget(Subscription<?> subscription) {
        subscriptions.remove(subscription);
        object.leave();
    }

    /// Closes the connection, what is registered on it and all handles that came from it. C:
    /// `virConnectClose`.
    ///
    /// Waits for calls in flight and handlers at work, but not longer than five seconds, and not if the
    /// thread is interrupted: the rest happens in the background then, and the log says so. In a handler,
    /// or on the event loop, it does not wait at all. Closing again waits in the same way for the first
    /// one.
    @Override
    public void close() {
        if (closing.begin()) {
            // Until the teardown has done its part.
            enter();
            super.close();
            ended = List.copyOf(subscriptions);
            ended.forEach(Subscription::dropQueued);
            Workers.execute(this::tearDown);
        }
        if (EventLoop.isCurrentThread() || Mailbox.isInHandler()) {
            return;
        }
        try {
            if (!awaitClosed(System.nanoTime() + CLOSE_LIMIT.toNanos())) {
                LOG.log(
                        Level.WARNING,
                        "{0}: a call or a handler has not returned for {1} seconds; closing goes on in the background",
                        this,
                        CLOSE_LIMIT.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitClosed(long deadline) throws InterruptedException {
        boolean all = closing.await(deadline - System.nanoTime());
        for (Subscription<?> subscription : ended) {
            all &= subscription.awaitIdle(deadline - System.nanoTime());
        }
        return all;
    }

    private void tearDown() {
        try {
            for (Subscription<?> subscription : ended) {
                subscription.close();
            }
            // libvirt drops a callback's reference to the connection after it has freed it, and while it dispatches to
            // any connection of the same driver: without this turn virConnectClose finds it still referenced.
            while (!EventLoop.barrier(Long.MAX_VALUE)) {
                // For ever is not long enough for a handler on the loop that never returns.
            }
        } catch (Throwable t) {
            LOG.log(Level.WARNING, "Closing " + this, t);
        } finally {
            object.closeChildren();
            object.leave();
        }
    }

    @Override
    public String toString() {
        return uri;
    }

    /// What `virConnectClose` returned: 0, or the references something still held. For tests.
    int closeResult() {
        return closing.result;
    }

    /// The end of the pointer. Knows nothing of the handle, which may be forgotten.
    private static final class Closing {
        private final AtomicBoolean begun = new AtomicBoolean();
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile int result = -1;

        /// True the first time.
        boolean begin() {
            return begun.compareAndSet(false, true);
        }

        /// Not on this thread, which may be the loop's: closing talks to the other side.
        void release(MemorySegment pointer) {
            Workers.execute(() -> {
                result = virConnectClose(pointer);
                if (result != 0) {
                    LOG.log(
                            Level.WARNING,
                            "virConnectClose returned {0}: something still holds the connection",
                            result);
                }
                done.countDown();
            });
        }

        boolean await(long nanos) throws InterruptedException {
            return done.await(nanos, TimeUnit.NANOSECONDS);
        }
    }
}
