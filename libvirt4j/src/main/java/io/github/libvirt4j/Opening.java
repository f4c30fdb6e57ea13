package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectOpenAuth;

import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.auth.ThrowingAuthenticator;
import io.github.libvirt4j.internal.Observers;
import io.github.libvirt4j.internal.auth.Authentication;
import io.github.libvirt4j.internal.auth.SaslLocks;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.Errors;
import io.github.libvirt4j.internal.c.FileDescriptors;
import io.github.libvirt4j.internal.call.TimedCalls;
import io.github.libvirt4j.internal.event.ConnectionCalls;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.types.ConnectFlags;
import io.github.libvirt4j.types.Flag;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The settings for opening a connection, from [Connect#to]. Immutable, safe for use by any thread: each
/// method returns a new object.
///
/// @param <X> the checked exceptions of the authenticator
public final class Opening<X extends Exception> {
    private final Plan plan;
    private final Authenticator<X> authenticator;

    private Opening(Plan plan, Authenticator<X> authenticator) {
        this.plan = plan;
        this.authenticator = authenticator;
    }

    static Opening<RuntimeException> of(@Nullable String uri) {
        return new Opening<>(new Plan(uri), Authentication.NOBODY);
    }

    /// The settings except the authenticator. They change only while they are copied.
    private static final class Plan {
        private final @Nullable String uri;
        private List<ConnectFlags> flags = List.of();
        private Duration keepAliveInterval = Duration.ofSeconds(5);
        private int keepAliveCount = 5;
        private @Nullable Duration openTimeout;
        private @Nullable Duration callTimeout;

        Plan(@Nullable String uri) {
            this.uri = uri;
        }

        Plan but(Consumer<Plan> change) {
            Plan other = new Plan(uri);
            other.flags = flags;
            other.keepAliveInterval = keepAliveInterval;
            other.keepAliveCount = keepAliveCount;
            other.openTimeout = openTimeout;
            other.callTimeout = callTimeout;
            change.accept(other);
            return other;
        }

        /// The name of the connection in messages.
        String name() {
            return uri == null ? "the default connection" : uri;
        }

        /// Whether the URI is that of the test driver in this process, which does not log in by SASL.
        boolean isEmbeddedTest() {
            return uri != null && uri.startsWith("test:");
        }
    }

    private Opening<X> but(Consumer<Plan> change) {
        return new Opening<>(plan.but(change), authenticator);
    }

    /// Adds flags. Default: none.
    public Opening<X> flags(ConnectFlags... more) {
        List<ConnectFlags> all = java.util.stream.Stream.concat(plan.flags.stream(), Arrays.stream(more))
                .toList();
        return but(to -> to.flags = all);
    }

    /// Makes the connection read-only: libvirt refuses calls that change something. Default: read-write.
    public Opening<X> readOnly() {
        return flags(ConnectFlags.RO);
    }

    /// Sets the authenticator, which answers the authentication questions of the server. Default: libvirt
    /// reads name and password from its file of credentials, and an opening that needs more fails with an
    /// [AuthenticationFailedException][io.github.libvirt4j.error.AuthenticationFailedException].
    ///
    /// The file is named by the environment variable `LIBVIRT_AUTH_FILE`, or else by the parameter `authfile`
    /// of the URI; otherwise it is `~/.config/libvirt/auth.conf`, or else `/etc/libvirt/auth.conf`. With an
    /// authenticator libvirt reads the file first as well, and asks the authenticator for the rest. The
    /// transport `ssh` uses neither: it runs the program `ssh`, which asks on the terminal of the process
    /// unless the URI has `no_tty=1`.
    ///
    /// @param <Y> the checked exceptions of the authenticator, which [#open] then throws
    /// @param answers the authenticator; replaces an earlier one
    public <Y extends Exception> Opening<Y> authenticator(Authenticator<Y> answers) {
        return new Opening<>(plan, Objects.requireNonNull(answers, "authenticator"));
    }

    /// Sets the authenticator, in languages without checked exceptions. Otherwise like
    /// [#authenticator(Authenticator)].
    ///
    /// @param answers the authenticator; replaces an earlier one
    // Authenticator is a ThrowingAuthenticator, and therefore always the more specific; each X is an
    // Exception.
    @SuppressWarnings({"overloads", "unchecked"})
    public Opening<Exception> authenticator(ThrowingAuthenticator answers) {
        return authenticator(
                answers instanceof Authenticator<?> known ? (Authenticator<Exception>) known : answers::authenticate);
    }

    /// Changes the keepalive interval and count. Default: a probe after 5 s of silence; the connection is
    /// given up after 5 probes without an answer. libvirt accepts them once for a connection, so an open
    /// connection cannot change them.
    ///
    /// When keepalive gives a connection up, pending calls throw a
    /// [DisconnectedException][io.github.libvirt4j.error.DisconnectedException], and
    /// [ConnectEvent.CLOSED][io.github.libvirt4j.event.ConnectEvent#CLOSED] is delivered. A driver in
    /// this process, or a server without keepalive, ignores it. A process that is stopped for longer, as
    /// in a debugger, loses its connections.
    ///
    /// @c {@index virConnectSetKeepAlive} libvirt 0.9.8
    /// @param interval of silence before a probe, in whole seconds; zero disables keepalive: a host that
    ///     is lost is then not noticed, and a call without a time limit waits for it indefinitely
    /// @param count of probes without an answer
    public Opening<X> keepAlive(Duration interval, int count) {
        boolean tooShort = !interval.isZero() && interval.toSeconds() < 1;
        if (tooShort || interval.toSeconds() > Integer.MAX_VALUE || count < 0) {
            throw new IllegalArgumentException("Keepalive after " + interval + ", " + count
                    + " times: it can be zero, for never, or a number of seconds, and not less than 0 times");
        }
        return but(to -> {
            to.keepAliveInterval = interval;
            to.keepAliveCount = count;
        });
    }

    /// Sets a time limit for opening the connection. Default: none. [#open] then throws a
    /// [CallTimeoutException][io.github.libvirt4j.error.CallTimeoutException] at the limit, or a
    /// [CallInterruptedException][io.github.libvirt4j.error.CallInterruptedException] as soon as its thread
    /// is interrupted.
    ///
    /// An abandoned opening continues in the background, on a thread that may never return; a connection that
    /// it still opens is closed. There are at most sixteen such threads for a URI, and occasionally one more
    /// if all of them hang for long: see `docs/faults.md`. The authenticator is called on this thread, and
    /// the limit does not count the time that it takes.
    ///
    /// @param limit the limit, longer than zero; `ChronoUnit.FOREVER.getDuration()` for interrupts only
    public Opening<X> openTimeout(Duration limit) {
        TimedCalls.check(limit);
        return but(to -> to.openTimeout = limit);
    }

    /// Sets a time limit for each call of the connection and of the objects that come from it. Default: none.
    /// A call then throws a [CallTimeoutException][io.github.libvirt4j.error.CallTimeoutException] at the
    /// limit, or a [CallInterruptedException][io.github.libvirt4j.error.CallInterruptedException] as soon as
    /// its thread is interrupted, and continues in the background
    /// ([CallAbandonedException][io.github.libvirt4j.error.CallAbandonedException]).
    ///
    /// With a limit, calls run on threads of the library's, at most sixteen for the connection; the limit
    /// includes the wait for a free thread. A call takes 10 to 20 microseconds longer, or 2 where calls are
    /// quick and a processor is free, as the threads then wait for each other without a context switch. A
    /// virtual thread that waits does not pin its carrier. Without a limit there is no cost.
    ///
    /// For a stream, each piece that is sent or received is a call. For [Stream#sendAll] and similar methods
    /// the limit applies to the time without progress: the closure is called on the thread of the call, the
    /// limit does not count its time, and meanwhile the call is not one of the sixteen. Closing a connection
    /// has a limit of its own, and calls on the event loop have none.
    ///
    /// An abandoned call continues while other calls run: with libvirt older than 10.4.0 see
    /// `docs/faults.md`.
    ///
    /// @param limit the limit, longer than zero; `ChronoUnit.FOREVER.getDuration()` for interrupts only
    public Opening<X> callTimeout(Duration limit) {
        TimedCalls.check(limit);
        return but(to -> to.callTimeout = limit);
    }

    /// Opens the connection, with these settings, and blocks until it is open; see [Connect#open] for further
    /// exceptions.
    ///
    /// @c {@index virConnectOpenAuth} libvirt 0.4.0
    /// @throws X the exception of the authenticator, the same object
    /// @throws io.github.libvirt4j.error.CallAbandonedException if a time limit is set, and it has passed or
    ///     the thread was interrupted
    /// @throws io.github.libvirt4j.error.NoFileDescriptorsException if the process has too few file
    ///     descriptors left
    public Connect open() throws X {
        ProcessLoop.ensure();
        ConnectionCalls.CONNECT.claimProcess();
        Handle.makeReady();
        if (!plan.isEmbeddedTest()) {
            SaslLocks.ensure();
        }
        int bits = Flag.combine(plan.flags);
        return Authentication.open(
                plan.uri,
                authenticator,
                (auth, waitingSince) -> open(waitingSince, name -> virConnectOpenAuth(name, auth, bits)),
                Connect::close);
    }

    private Connect open(LongSupplier waitingSince, UnaryOperator<MemorySegment> open) {
        Supplier<Connect> opening = () -> {
            Handle.makeReady();
            try (Arena arena = Arena.ofConfined();
                    var _ = FileDescriptors.enter("virConnectOpenAuth", "Opening " + plan.name())) {
                MemorySegment name = CMemory.stringOrNull(arena, plan.uri, "uri");
                var connect = new Connect(plan.name(), plan.callTimeout);
                connect.begin(
                        Errors.check(open.apply(name), "virConnectOpenAuth"),
                        plan.keepAliveInterval,
                        plan.keepAliveCount);
                return connect;
            }
        };
        Supplier<Connect> observed =
                () -> Observers.isEmpty() ? opening.get() : Observers.call(plan.name(), "virConnectOpenAuth", opening);
        return plan.openTimeout == null
                ? observed.get()
                : TimedCalls.open(plan.name(), plan.openTimeout, "virConnectOpenAuth", waitingSince, observed);
    }
}
