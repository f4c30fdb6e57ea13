package io.github.libvirt4j.internal.loop;

import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventAddHandle;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRemoveHandle;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventUpdateHandle;

import io.github.libvirt4j.internal.Duty;
import io.github.libvirt4j.internal.Workers;
import io.github.libvirt4j.internal.c.Errors;
import io.github.libvirt4j.internal.callback.Loans;
import io.github.libvirt4j.internal.callback.Upcall;
import io.github.libvirt4j.internal.event.ReadyRegistration;
import io.github.libvirt4j.internal.raw.CallbackTypes.VirEventHandleCallback;
import io.github.libvirt4j.loop.FileWatch;
import io.github.libvirt4j.types.EventHandleType;
import io.github.libvirt4j.types.Flag;
import java.util.Set;

/// A handler on a file descriptor.
public final class FileReadiness extends ReadyRegistration implements FileWatch {
    public static final Upcall UPCALL = Upcall.of(VirEventHandleCallback.type(), FileReadiness::ready);

    private static final int ALWAYS = EventHandleType.ERROR.bits() | EventHandleType.HANGUP.bits();

    private final Handler handler;

    /// Goes on where there was no thread, or no memory.
    private final Duty goingOn;

    // Guarded by this.
    private int wanted;

    /// The handler is at work, or will be.
    private boolean busy;

    /// The events the handler is about to be told of; 0 when a thread is at that.
    private int told;

    /// Whether nothing of that is waited for: an error or a hangup comes once. It stays, and would be told
    /// indefinitely.
    private boolean last;

    private boolean ended;

    /// 0 until C has given it: its first call can come before that.
    private int watch;

    public FileReadiness(int fd, Set<EventHandleType> when, Handler handler) {
        super(when + " of file descriptor " + fd);
        this.handler = handler;
        this.wanted = Flag.combine(when.toArray(Flag[]::new));
        this.goingOn = new Duty(this::goOn);
    }

    /// Registers it.
    public synchronized void start(int fd) {
        watch = Loans.register(
                this,
                opaque -> Errors.check(
                        virEventAddHandle(fd, wanted, UPCALL.pointer(0), opaque, Loans.free()), "virEventAddHandle"));
    }

    @Override
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
    private static void ready(int watch, int fd, int events, long opaque) {
        FileReadiness self = Loans.borrow(opaque, FileReadiness.class);
        if (self != null) {
            self.ready(events);
        }
    }

    private void ready(int events) {
        if (claim(events)) {
            goingOn.now();
        }
        mask();
    }

    private synchronized boolean claim(int events) {
        int here = events & (wanted | ALWAYS);
        if (ended || busy || here == 0) {
            return false;
        }
        told = here;
        last = (here & wanted) == 0;
        busy = true;
        return true;
    }

    /// If it throws, C calls at once again.
    private synchronized void mask() {
        updateC();
    }

    private void goOn() {
        if (!isActive()) {
            end();
        } else if (isTold()) {
            Workers.execute(this::run);
        } else {
            rearm();
        }
    }

    private synchronized boolean isTold() {
        return told != 0;
    }

    private void run() {
        int events;
        boolean isLast;
        synchronized (this) {
            events = told;
            isLast = last;
            told = 0;
        }
        if (serve(() -> handler.on(this, EventHandleType.of(events)), isLast)) {
            rearm();
        } else {
            end();
        }
    }

    private synchronized void rearm() {
        boolean done = false;
        busy = false;
        try {
            updateC();
            done = true;
        } finally {
            if (!done) {
                goingOn.due();
            }
        }
    }

    @Override
    protected synchronized void end() {
        boolean done = ended;
        try {
            if (!done) {
                virEventRemoveHandle(watch);
                ended = true;
                done = true;
            }
        } finally {
            if (!done) {
                goingOn.due();
            }
        }
    }
}
