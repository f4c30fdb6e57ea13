package io.github.libvirt4j.internal.loop;

import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventAddHandle;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventRemoveHandle;
import static io.github.libvirt4j.internal.raw.LibvirtEvent.virEventUpdateHandle;

import io.github.libvirt4j.internal.Duty;
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

    private final Handler handler;

    /// Tells C what it waits for, also where there was no memory at first: C would stay deaf to it.
    private final Duty telling = new Duty(this::tellC);

    // Guarded by this.
    private boolean ended;

    /// 0 until C has given it: its first call can come before that.
    private int watch;

    public FileReadiness(int fd, Set<EventHandleType> when, Handler handler) {
        super(when + " of file descriptor " + fd, Flag.combine(when));
        this.handler = handler;
    }

    /// Registers it.
    public synchronized void start(int fd) {
        watch = Loans.register(
                this,
                opaque -> Errors.check(
                        virEventAddHandle(fd, waitsFor(), UPCALL.pointer(0), opaque, Loans.free()),
                        "virEventAddHandle"));
    }

    @Override
    public void update(Set<EventHandleType> when) {
        want(Flag.combine(when));
        telling.now();
    }

    private synchronized void tellC() {
        if (ended) {
            return;
        }
        if (isActive()) {
            virEventUpdateHandle(watch, waitsFor());
        } else {
            virEventRemoveHandle(watch);
            ended = true;
        }
    }

    // C's virEventHandleCallback, on the loop, and at once again if nothing is done about it.
    private static void ready(int watch, int fd, int events, long opaque) {
        FileReadiness self = Loans.borrow(opaque, FileReadiness.class);
        if (self != null) {
            boolean _ = self.tell(events);
            self.telling.now();
        }
    }

    @Override
    protected boolean handle(int events) throws Exception {
        handler.on(this, EventHandleType.of(events));
        return true;
    }

    @Override
    protected void served(boolean goesOn) {
        telling.now();
    }

    @Override
    protected void end() {
        telling.now();
    }
}
