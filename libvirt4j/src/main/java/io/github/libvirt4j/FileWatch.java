package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventAddHandle;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRemoveHandle;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventUpdateHandle;

import io.github.libvirt4j.internal.Errors;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Uncaught;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.raw.CallbackTypes;
import io.github.libvirt4j.types.EventHandleType;
import io.github.libvirt4j.types.Flag;
import java.lang.invoke.MethodHandles;
import java.util.Set;

/// A handler that waits on libvirt's event loop for a file descriptor to become ready; see [EventLoop#on].
/// Safe for use by any thread.
public final class FileWatch extends ReadyRegistration {
    static final Upcall UPCALL = Upcall.of(
            "virEventHandleCallback", CallbackTypes.virEventHandleCallback(), MethodHandles.lookup(), "ready", null);

    private static final int ALWAYS = EventHandleType.ERROR.bits() | EventHandleType.HANGUP.bits();

    private final FileHandler handler;

    // Guarded by this.
    private int wanted;
    private boolean busy;
    private boolean ended;

    /// 0 until C has given it: its first call can come before that.
    private int watch;

    FileWatch(int fd, Set<EventHandleType> when, FileHandler handler) {
        super(when + " of file descriptor " + fd);
        this.handler = handler;
        this.wanted = Flag.combine(when.toArray(Flag[]::new));
    }

    /// Registers it.
    synchronized void start(int fd) {
        long loan = Loans.lend(this);
        boolean taken = false;
        try {
            watch = Errors.check(
                    virEventAddHandle(fd, wanted, UPCALL.pointer(0), Loans.opaque(loan), Loans.free()),
                    "virEventAddHandle");
            taken = true;
        } finally {
            if (!taken) {
                Loans.end(loan);
            }
        }
    }

    /// Waits for something else from now on. C: `virEventUpdateHandle`.
    ///
    /// @param when empty for nothing at all, until the next update
    public synchronized void update(Set<EventHandleType> when) {
        wanted = Flag.combine(when.toArray(Flag[]::new));
        updateC();
    }

    private void updateC() {
        if (!ended) {
            virEventUpdateHandle(watch, busy ? 0 : wanted);
        }
    }

    // C's virEventHandleCallback, on the loop, and at once again if nothing is done about it.
    @SuppressWarnings("unused")
    private static void ready(int watch, int fd, int events, long opaque) {
        FileWatch self = Loans.borrow(opaque, FileWatch.class);
        if (self != null) {
            self.ready(events);
        }
    }

    private void ready(int events) {
        int told;
        boolean last;
        synchronized (this) {
            told = events & (wanted | ALWAYS);
            if (ended || busy || told == 0) {
                return;
            }
            // What is only an error or a hangup comes once. It stays, and would be told for ever.
            last = (told & wanted) == 0;
            busy = true;
            updateC();
        }
        try {
            Workers.execute(() -> run(told, last));
        } catch (Throwable t) {
            // No thread could be made for it.
            close();
            Uncaught.report(toString(), t);
        }
    }

    private void run(int events, boolean last) {
        if (serve(() -> handler.on(this, EventHandleType.of(events)), last)) {
            rearm();
        } else {
            end();
        }
    }

    private synchronized void rearm() {
        busy = false;
        updateC();
    }

    @Override
    synchronized void end() {
        if (!ended) {
            ended = true;
            virEventRemoveHandle(watch);
        }
    }
}
