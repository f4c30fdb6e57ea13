package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtHost.virConnectOpenAuth;

import io.github.libvirt4j.auth.Authenticator;
import io.github.libvirt4j.auth.ThrowingAuthenticator;
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

/// How to open a connection. Immutable, for use by any thread: each step gives a new one.
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

    /// The settings except the authenticator. Changed only while they are copied.
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

        /// Whether the test driver in this process is meant, which does not log in by SASL.
        boolean isEmbeddedTest() {
            return uri != null && uri.startsWith("test:");
        }
    }

    private Opening<X> but(Consumer<Plan> change) {
        return new Opening<>(plan.but(change), authenticator);
    }

    /// Adds flags.
    public Opening<X> flags(ConnectFlags... more) {
        List<ConnectFlags> all = java.util.stream.Stream.concat(plan.flags.stream(), Arrays.stream(more))
                .toList();
        return but(to -> to.flags = all);
    }

    /// Opens read-only: libvirt refuses calls that would change something.
    public Opening<X> readOnly() {
        return flags(ConnectFlags.RO);
    }

    /// Sets who answers what the other side asks about who we are. Default: libvirt takes name and
    /// password from its file of credentials, and an opening that needs others fails with an
    /// [AuthenticationFailedException][io.github.libvirt4j.error.AuthenticationFailedException].
    ///
    /// The file is the one that the environment variable `LIBVIRT_AUTH_FILE` names, else the parameter
    /// `authfile` of the URI, else `~/.config/libvirt/auth.conf`, else `/etc/libvirt/auth.conf`. libvirt
    /// looks into it first also where an authenticator is set, and asks the authenticator for the rest.
    /// The transport `ssh` has neither: it runs the program `ssh`, which asks on the terminal of the
    /// process unless the URI has `no_tty=1`.
    ///
    /// @param <Y> the checked exceptions it throws, which then come out of [#open]
    public <Y extends Exception> Opening<Y> authenticator(Authenticator<Y> answers) {
        return new Opening<>(plan, Objects.requireNonNull(answers, "authenticator"));
    }

    /// With answers to what the other side asks about who we are, for languages without checked
    /// exceptions. As [#authenticator(Authenticator)] in all else.
    // Authenticator is a ThrowingAuthenticator, and so always the more specific; each of its exceptions is one.
    @SuppressWarnings({"overloads", "unchecked"})
    public Opening<Exception> authenticator(ThrowingAuthenticator answers) {
        return authenticator(
                answers instanceof Authenticator<?> known ? (Authenticator<Exception>) known : answers::authenticate);
    }

    /// Changes the keepalive interval and count. Default: a probe after 5 s of silence; the connection is
    /// given up after 5 probes without an answer. libvirt takes them once for a connection, so that an open
    /// one cannot change them.
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

    /// With an end to waiting until it is open. [#open] then throws a
    /// [CallTimeoutException][io.github.libvirt4j.error.CallTimeoutException], or a
    /// [CallInterruptedException][io.github.libvirt4j.error.CallInterruptedException] as soon as its
    /// thread is interrupted.
    ///
    /// Opening goes on in the background, on a thread that may never come back; what comes of it is
    /// closed. Of a URI there are sixteen such threads, and one more, now and then, when all of them
    /// hang for long: see `docs/faults.md`. An authenticator is called on that thread, and while it is at
    /// work the time does not run.
    ///
    /// @param limit longer than zero; `ChronoUnit.FOREVER.getDuration()` for interrupts only
    public Opening<X> openTimeout(Duration limit) {
        TimedCalls.check(limit);
        return but(to -> to.openTimeout = limit);
    }

    /// With an end to waiting for each call: of the connection, and of all that comes from it. The call
    /// then throws a [CallTimeoutException][io.github.libvirt4j.error.CallTimeoutException], or a
    /// [CallInterruptedException][io.github.libvirt4j.error.CallInterruptedException] as soon as its
    /// thread is interrupted, and goes on in the background
    /// ([CallAbandonedException][io.github.libvirt4j.error.CallAbandonedException]).
    ///
    /// Calls are made on threads of the library's then, sixteen at most for the connection: when none
    /// is free, that is waited for within the limit as well. A call takes 15 to 20 microseconds longer,
    /// and a virtual thread that waits for it does not hold its carrier. Without a limit nothing of
    /// this costs anything.
    ///
    /// Of a stream, each piece that is sent or received is a call. For [Stream#sendAll] and its like
    /// the limit is one for the time in which nothing goes on; the closure is called on the call's
    /// thread, and while it is at work the time does not run, and the call is none of the sixteen.
    /// Closing a connection has a limit of its own, and calls on the event loop have none.
    ///
    /// An abandoned call goes on beside the next: with a libvirt older than 10.4.0 see `docs/faults.md`.
    ///
    /// @param limit longer than zero; `ChronoUnit.FOREVER.getDuration()` for interrupts only
    public Opening<X> callTimeout(Duration limit) {
        TimedCalls.check(limit);
        return but(to -> to.callTimeout = limit);
    }

    /// Opens it; see [Connect#open].
    ///
    /// @c {@index virConnectOpenAuth} libvirt 0.4.0
    /// @throws X what the authenticator threw, the same object
    /// @throws io.github.libvirt4j.error.CallAbandonedException if a time limit was set, and it is over
    /// @throws io.github.libvirt4j.error.NoFileDescriptorsException if the process has too few file
    ///     descriptors left
    public Connect open() throws X {
        ProcessLoop.ensure();
        ConnectionCalls.CONNECT.claimProcess();
        Handle.makeReady();
        if (!plan.isEmbeddedTest()) {
            SaslLocks.ensure();
        }
        int bits = Flag.combine(plan.flags.toArray(Flag[]::new));
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
        return plan.openTimeout == null
                ? opening.get()
                : TimedCalls.open(plan.name(), plan.openTimeout, "virConnectOpenAuth", waitingSince, opening);
    }
}
