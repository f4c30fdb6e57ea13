package io.github.libvirt4j.it.soak;

import io.github.libvirt4j.error.CallAbandonedException;
import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.testing.Daemon;
import io.github.libvirt4j.testing.RootDaemon;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorNumber;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// What happens to a daemon, or to the way there, and is repaired.
final class Faults {
    /// How long after a fault its consequences can come: longer than a connection takes to notice it.
    private static final Duration CONSEQUENCES = Duration.ofSeconds(5);

    /// See docs/faults.md, "A daemon that deadlocks".
    private static final boolean CAN_LOCK_UP = !Daemon.version().startsWith("9.0.");

    private final Daemon daemon;
    private final List<Fault> kinds;
    private volatile boolean underWay;
    private volatile long over = System.nanoTime() - CONSEQUENCES.toNanos();

    private Faults(Daemon daemon, Fault... kinds) {
        this.daemon = daemon;
        this.kinds = List.of(kinds);
    }

    /// A daemon is killed and started again, hangs and goes on, is killed while it hangs, its clients are
    /// sent away, or others have to wait.
    static Faults of(SessionDaemon daemon) {
        return new Faults(
                daemon,
                daemon::restart,
                () -> {
                    daemon.pause();
                    passThen(daemon::resume);
                },
                () -> {
                    daemon.pause();
                    passThen(daemon::restart);
                },
                daemon::disconnectClients,
                () -> {
                    daemon.limitClients(1);
                    passThen(() -> daemon.limitClients(SessionDaemon.MOST_CLIENTS));
                });
    }

    /// Nothing comes through to the daemon for a while.
    static Faults of(RootDaemon daemon, RootDaemon.Link link) {
        return new Faults(daemon, () -> {
            link.down();
            passThen(link::up);
        });
    }

    private static void passThen(Fault repair) throws IOException, InterruptedException {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(100, 4000));
        } finally {
            repair.happen();
        }
    }

    /// Makes one, after a while, and repairs it.
    void makeOne() throws IOException, InterruptedException {
        var random = ThreadLocalRandom.current();
        Thread.sleep(random.nextInt(300, 3000));
        revive();
        make(kinds.get(random.nextInt(kinds.size())));
    }

    /// The daemon can hang by itself.
    void revive() throws IOException, InterruptedException {
        make(daemon::ask);
    }

    @FunctionalInterface
    interface Fault {
        void happen() throws IOException, InterruptedException;
    }

    /// Makes this one, which repairs itself. A daemon that has locked itself up, and so does not answer its
    /// administrator, is started again.
    synchronized void make(Fault fault) throws IOException, InterruptedException {
        underWay = true;
        try {
            fault.happen();
        } catch (IOException e) {
            if (!CAN_LOCK_UP || !String.valueOf(e.getMessage()).contains(Daemon.NO_ANSWER)) {
                throw e;
            }
            System.err.println("A daemon has locked itself up, and is started again: " + e.getMessage());
            daemon.restart();
        } finally {
            over = System.nanoTime();
            underWay = false;
        }
    }

    /// Whether that can come of a fault, for something that was begun then.
    boolean explain(@Nullable Throwable thrown, long begun) {
        return switch (thrown) {
            // Also of a machine that is busy.
            case CallAbandonedException _ -> true;
            case DisconnectedException _ -> isNear(begun);
            // A socket on which nobody listens; one that is closed before the connection is there; a stream that the
            // daemon ends with its client.
            case LibvirtException e ->
                isNear(begun)
                        && (e.code() == ErrorNumber.SYSTEM_ERROR
                                || e.code() == ErrorNumber.RPC
                                || e.code() == ErrorNumber.NO_CONNECT
                                || (e.code() == ErrorNumber.INTERNAL_ERROR
                                        && (e.domain() == ErrorDomain.RPC || e.domain() == ErrorDomain.STREAMS)));
            case IOException e -> explain(e.getCause(), begun);
            case null, default -> false;
        };
    }

    private boolean isNear(long begun) {
        return underWay || over + CONSEQUENCES.toNanos() - begun > 0;
    }
}
