package io.github.libvirt4j.bench.ours;

import com.sun.management.OperatingSystemMXBean;
import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.Opening;
import io.github.libvirt4j.event.Delivery;
import io.github.libvirt4j.event.DomainEvent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// `connections IDLE_URI WORK_URI MILLIS KEPT N…`: what N idle connections to one daemon do to the work on
/// connections to another. Nanoseconds of a call, of the processor for it, of an event from the call that
/// causes it to the handler; bytes of an idle connection; at N = KEPT nanoseconds of the processor for a
/// second of keepalive, each second, of all of them.
final class Connections {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final int SAMPLES = 3;
    private static final int MANY = 1000;

    private final List<Connect> idle = new ArrayList<>();
    private final Opening<RuntimeException> opening;
    private final Connect work;
    private final Domain domain;
    private final Domain causes;
    private final long nanos;
    private final long atStart;

    private Connections(Peer.Arguments arguments) throws IOException {
        opening = Connect.to(arguments.text(0)).keepAlive(Duration.ZERO, 0);
        Opening<RuntimeException> busy = Connect.to(arguments.text(1)).keepAlive(Duration.ZERO, 0);
        work = busy.open();
        domain = work.domains().lookupByName("test");
        causes = busy.open().domains().lookupByName("test");
        atStart = Memory.all();
        nanos = TimeUnit.MILLISECONDS.toNanos(arguments.number(2));
    }

    static void run(Peer.Arguments arguments) throws IOException, InterruptedException {
        var connections = new Connections(arguments);
        int kept = arguments.number(3);
        for (int i = 4; i < arguments.all().size(); i++) {
            int n = arguments.number(i);
            connections.open(n);
            connections.call(n);
            connections.event(n);
            if (n == kept) {
                connections.keepAlive(n);
            }
        }
        // Thousands need longer to be closed one by one than to be measured.
        Runtime.getRuntime().halt(0);
    }

    private void open(int n) throws IOException {
        int before = idle.size();
        long start = System.nanoTime();
        while (idle.size() < n) {
            idle.add(opening.open());
        }
        Peer.say("open", n, (double) (System.nanoTime() - start) / (n - before));
        // Of a few, it is lost in what else the VM does.
        if (n >= MANY) {
            Peer.say("memory", n, (double) (Memory.all() - atStart) / n);
        }
    }

    private void call(int n) {
        for (int sample = -1; sample < SAMPLES; sample++) {
            long cpu = SYSTEM.getProcessCpuTime();
            long start = System.nanoTime();
            long took;
            int calls = 0;
            do {
                domain.info();
                calls++;
                took = System.nanoTime() - start;
            } while (took < nanos || calls < 20);
            if (sample >= 0) {
                Peer.say("call", n, (double) took / calls);
                Peer.say("call-cpu", n, (double) (SYSTEM.getProcessCpuTime() - cpu) / calls);
            }
        }
    }

    private void event(int n) throws InterruptedException {
        var came = new Semaphore(0);
        try (var _ = work.on(Set.of(DomainEvent.LIFECYCLE), Delivery.direct(), _ -> came.release())) {
            for (int sample = -1; sample < SAMPLES; sample++) {
                long waited = 0;
                int events = 0;
                do {
                    long start = System.nanoTime();
                    if (events % 2 == 0) {
                        causes.suspend();
                    } else {
                        causes.resume();
                    }
                    came.acquire();
                    waited += System.nanoTime() - start;
                    events++;
                } while (waited < nanos || events % 20 != 0);
                if (sample >= 0) {
                    Peer.say("event", n, (double) waited / events);
                }
            }
        }
    }

    private void keepAlive(int n) throws IOException, InterruptedException {
        reopen(n, opening.keepAlive(Duration.ofSeconds(1), 60));
        // The compilers need more than one to be done.
        for (int sample = -2; sample < SAMPLES; sample++) {
            long cpu = SYSTEM.getProcessCpuTime();
            long start = System.nanoTime();
            // The system counts in hundredths of a second.
            TimeUnit.SECONDS.sleep(3);
            long took = System.nanoTime() - start;
            if (sample >= 0) {
                Peer.say("keepalive", n, (double) (SYSTEM.getProcessCpuTime() - cpu) / took * 1e9);
            }
        }
        reopen(n, opening);
    }

    /// libvirt takes the keepalive of a connection once, when it is opened.
    private void reopen(int n, Opening<RuntimeException> opening) throws IOException {
        idle.forEach(Connect::close);
        idle.clear();
        // Opened all at once, all would be due in the same turn of the loop.
        long apart = TimeUnit.SECONDS.toNanos(1) / n;
        long from = System.nanoTime();
        for (int i = 0; i < n; i++) {
            LockSupport.parkNanos(from + i * apart - System.nanoTime());
            idle.add(opening.open());
        }
    }
}
