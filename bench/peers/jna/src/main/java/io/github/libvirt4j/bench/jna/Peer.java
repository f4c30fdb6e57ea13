package io.github.libvirt4j.bench.jna;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Scanner;
import java.util.concurrent.Semaphore;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;
import org.libvirt.StoragePool;
import org.libvirt.StorageVol;
import org.libvirt.Stream;

/// `Peer WORK ARGUMENT…`: the works of `bench/README.md`.
public final class Peer {
    /// What libvirt sends in one message: of more, the rest would make a small one each time.
    private static final int PIECE = 262_120;
    private static final int MIB = 1024 * 1024;

    private Peer() {}

    /// Runs.
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "events" -> events(number(arguments, 1));
            case "calls" -> calls(arguments[1]);
            case "streams" -> streams(arguments[1], number(arguments, 3));
            case "dispatch" -> dispatch(arguments[1]);
            case "closures" -> closures(number(arguments, 1));
            case "first" -> first();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        // The loop's thread is a daemon, JNA's may not be.
        System.exit(0);
    }

    private static int number(String[] arguments, int i) {
        return Integer.parseInt(arguments[i]);
    }

    private static void say(String figure, double value) {
        System.out.printf("%s 1 %.3f%n", figure, value);
    }

    /// Waits for the driver to give this peer its next turn; false if there is none.
    private static boolean turn() throws IOException {
        System.out.println('.');
        return System.in.read() == '\n';
    }

    private static void events(int number) throws Exception {
        org.libvirt.Library.initEventLoop();
        Thread loop = new Thread(() -> {
            try {
                org.libvirt.Library.runEventLoop();
            } catch (LibvirtException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        loop.setDaemon(true);
        loop.start();
        var received = new Semaphore(0);
        Connect connect = new Connect("test:///default");
        Domain domain = connect.domainLookupByName("test");
        connect.addLifecycleListener((from, _) -> {
            try {
                from.getName();
                from.getUUID();
            } catch (LibvirtException e) {
                throw new IllegalStateException(e);
            }
            received.release();
            return 0;
        });
        while (turn()) {
            long start = System.nanoTime();
            for (int i = 0; i < number; i += 2) {
                domain.suspend();
                domain.resume();
            }
            received.acquire(number);
            say("events", number / ((System.nanoTime() - start) / 1e9));
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void measure(String figure, int times, Work work) throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            work.run();
        }
        say(figure, (double) (System.nanoTime() - start) / times);
    }

    private static void calls(String uri) throws Exception {
        Connect connect = new Connect(uri);
        Domain domain = connect.domainLookupByName("vm500");
        while (turn()) {
            measure("name", 10_000, domain::getName);
            measure("info", 5_000, domain::getInfo);
            measure("lookup", 5_000, () -> connect.domainLookupByName("vm500").free());
            measure("list", 10, () -> {
                for (Domain each : connect.listAllDomains(0)) {
                    each.free();
                }
            });
            measure("missing", 2_000, () -> {
                try {
                    connect.domainLookupByName("nobody");
                } catch (LibvirtException e) {
                    if (e.getError().getCode() != ErrorNumber.VIR_ERR_NO_DOMAIN) {
                        throw e;
                    }
                }
            });
        }
    }

    /// By `Stream.read`, which finishes the stream at its end, and `write`: its callbacks give a `String` for
    /// what is bytes.
    private static void streams(String uri, int mib) throws Exception {
        Connect connect = new Connect(uri);
        StoragePool pool = connect.storagePoolLookupByName("bench");
        long size = (long) mib * MIB;
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
        while (turn()) {
            StorageVol up = pool.storageVolLookupByName("up");
            StorageVol down = pool.storageVolLookupByName("down");
            measureStream("up", mib, () -> {
                Stream stream = connect.streamNew(0);
                up.upload(stream, 0, size, 0);
                for (long left = size; left > 0; ) {
                    piece.clear().limit((int) Math.min(left, PIECE));
                    left -= stream.write(piece);
                }
                stream.finish();
            });
            measureStream("down", mib, () -> {
                Stream stream = connect.streamNew(0);
                down.download(stream, 0, size, 0);
                long got = 0;
                for (int read; (read = stream.read(piece.clear())) > 0; ) {
                    got += read;
                }
                if (got != size) {
                    throw new IllegalStateException(got + " bytes of " + size);
                }
            });
        }
    }

    private static void measureStream(String figure, int mib, Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        say(figure, mib / ((System.nanoTime() - start) / 1e9));
    }

    /// The callback of a lifecycle event, without libvirt-java's part.
    public interface Function extends Callback {
        /// As `virConnectDomainEventCallback`.
        int call(Pointer connect, Pointer domain, int event, int detail, Pointer opaque);
    }

    /// `repeat.c`.
    public interface Repeat extends Library {
        /// Calls it many times.
        long repeat(Function call, long times, Pointer domain, Pointer[] opaques, long count);
    }

    private static void dispatch(String library) throws Exception {
        Repeat repeat = Native.load(library, Repeat.class);
        Function function = (_, _, event, detail, _) -> event + detail;
        Pointer[] opaques = {Pointer.NULL};
        int times = 10_000;
        while (turn()) {
            long start = System.nanoTime();
            long sum = repeat.repeat(function, times, Pointer.NULL, opaques, 1);
            if (sum != 5L * times) {
                throw new IllegalStateException("sum " + sum);
            }
            say("upcall", (double) (System.nanoTime() - start) / times);
        }
    }

    /// What makes a C function of a closure and gives it back, and what each takes.
    private static void closures(int number) throws Exception {
        while (turn()) {
            var functions = new Function[number];
            var pointers = new Pointer[number];
            for (int i = 0; i < number; i++) {
                int extra = i;
                functions[i] = (_, _, event, detail, _) -> event + detail + extra;
            }
            long before = bytes();
            long start = System.nanoTime();
            for (int i = 0; i < number; i++) {
                pointers[i] = CallbackReference.getFunctionPointer(functions[i]);
            }
            long took = System.nanoTime() - start;
            say("bytes", (double) (bytes() - before) / number);
            say("lend", (double) took / number);
            // Its end comes with the collection.
            if (pointers[number - 1] == null || functions[0] == null) {
                throw new IllegalStateException();
            }
        }
    }

    /// On the Java heap and outside: that is whole from the beginning, so that what comes is outside.
    private static long bytes() throws IOException {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        try (var statm = new Scanner(Path.of("/proc/self/statm"), StandardCharsets.US_ASCII)) {
            statm.nextLong();
            return statm.nextLong() * 4096 + runtime.totalMemory() - runtime.freeMemory();
        }
    }

    private static void first() throws Exception {
        if (new Connect("test:///default").listAllDomains(0)[0].getName().equals("test")) {
            say("first", 0);
        }
    }
}
