package io.github.libvirt4j.it.soak;

import io.github.libvirt4j.CallAbandonedException;
import io.github.libvirt4j.DisconnectedException;
import io.github.libvirt4j.LibvirtException;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorNumber;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// What happens to a daemon: it is killed and started again, hangs and goes on, or is killed while it hangs.
final class Faults {
    /// How long after a fault its consequences can come: longer than a connection takes to notice it.
    private static final Duration CONSEQUENCES = Duration.ofSeconds(5);

    private final SessionDaemon daemon;
    private volatile boolean underWay;
    private volatile long over = System.nanoTime() - CONSEQUENCES.toNanos();

    Faults(SessionDaemon daemon) {
        this.daemon = daemon;
    }

    /// Makes one, after a while, and repairs it.
    void makeOne() throws IOException, InterruptedException {
        var random = ThreadLocalRandom.current();
        Thread.sleep(random.nextInt(300, 3000));
        make(() -> {
            int kind = random.nextInt(3);
            if (kind != 0) {
                daemon.pause();
                Thread.sleep(random.nextInt(100, 4000));
            }
            if (kind == 1) {
                daemon.resume();
            } else {
                daemon.restart();
            }
        });
    }

    /// Lets it hang for as long as something takes.
    void hangDuring(Fault meanwhile) throws IOException, InterruptedException {
        make(() -> {
            daemon.pause();
            try {
                meanwhile.happen();
            } finally {
                daemon.resume();
            }
        });
    }

    @FunctionalInterface
    interface Fault {
        void happen() throws IOException, InterruptedException;
    }

    private synchronized void make(Fault fault) throws IOException, InterruptedException {
        underWay = true;
        try {
            fault.happen();
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
            // A socket on which nobody listens; one that is closed before the connection is there.
            case LibvirtException e ->
                isNear(begun)
                        && (e.code() == ErrorNumber.SYSTEM_ERROR
                                || e.code() == ErrorNumber.RPC
                                || e.code() == ErrorNumber.NO_CONNECT
                                || (e.code() == ErrorNumber.INTERNAL_ERROR && e.domain() == ErrorDomain.RPC));
            case IOException e -> explain(e.getCause(), begun);
            case null, default -> false;
        };
    }

    private boolean isNear(long begun) {
        return underWay || over + CONSEQUENCES.toNanos() - begun > 0;
    }
}
