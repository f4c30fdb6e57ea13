package io.github.libvirt4j.it.soak;

import io.github.libvirt4j.Libvirt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Runs the mix and looks at the process meanwhile. At the end everything is closed, and nothing may be left:
/// no closure on loan, no handle, no thread of a handler, no file descriptor; and nothing may have grown.
public final class Soak {
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration PRINT = Duration.ofMinutes(1);

    /// Idle workers stay for a minute.
    private static final Duration SETTLING = Duration.ofSeconds(100);

    /// In which libvirt has released what was closed.
    private static final Duration RELEASE = Duration.ofSeconds(5);

    private static final Duration EXIT = Duration.ofSeconds(30);

    /// The VM's own come and go.
    private static final int THREADS_MORE = 3;

    private static final int FILES_MORE = 3;

    /// With what SASL is known to leak on top; see docs/faults.md.
    private static final long BYTES_MORE = 2_000_000;

    private static final Map<String, Integer> LEAKS = Map.of(Mix.LET_IN_ENCRYPTED, 15_400, Mix.NOT_LET_IN, 160);

    /// Held, as the log would forget it.
    private static final Logger LOG = Logger.getLogger("io.github.libvirt4j");

    private final String loop = Objects.requireNonNullElse(System.getProperty("libvirt4j.eventLoop"), "epoll");
    private final List<Sample> samples = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private @Nullable Sample before;
    private @Nullable Sample after;

    private Soak() {}

    /// Runs it: `DURATION FOLDER`, the duration as ISO 8601's without the `PT`.
    ///
    /// @throws IllegalStateException if something is wrong, which then is the end of the VM
    public static void main(String[] args) throws Exception {
        run(Duration.parse("PT" + args[0]), Path.of(args[1]));
        // Nothing of the library's keeps the VM. Who does is shown.
        Thread.ofPlatform().daemon().start(() -> {
            try {
                Thread.sleep(EXIT);
            } catch (InterruptedException e) {
                return;
            }
            dumpThreads();
            Runtime.getRuntime().halt(1);
        });
    }

    static Report run(Duration length, Path folder) throws Exception {
        var soak = new Soak();
        Report report = soak.mix(length, folder);
        if (!report.wrong().isEmpty()) {
            throw new IllegalStateException(String.join("\n", report.wrong()));
        }
        return report;
    }

    private Report mix(Duration length, Path folder) throws Exception {
        List<Throwable> failures;
        try (Mix mix = new Mix()) {
            Handler warnings = warnings(mix);
            LOG.addHandler(warnings);
            LOG.setUseParentHandlers(false);
            try {
                mix.run(length.compareTo(WARM_UP.multipliedBy(4)) < 0 ? length.dividedBy(4) : WARM_UP);
                before = settle(mix, null);
                long begin = System.nanoTime();
                Thread sampler = Thread.ofPlatform().name("sampler").start(() -> sample(begin, mix, folder));
                mix.run(length);
                sampler.interrupt();
                sampler.join();
                after = settle(mix, before);
                System.err.println(after);
            } finally {
                LOG.removeHandler(warnings);
                LOG.setUseParentHandlers(true);
            }
            failures = mix.failures();
            wrong.addAll(mix.neverDone());
        }
        for (Throwable failure : failures) {
            failure.printStackTrace();
            wrong.add(failure + ": " + failure.getCause());
        }
        for (Series series : Series.ALL) {
            series.growth(samples).ifPresent(wrong::add);
        }
        Report report = report();
        report.write(folder);
        return report;
    }

    private Report report() {
        return new Report(loop, Libvirt.version().toString(), List.copyOf(samples), before, after, List.copyOf(wrong));
    }

    /// What the library warns of is wrong, but for what is to be closed at a daemon that hangs, and is not in
    /// time, and for events that are lost: queues with room for one are among the mix.
    private static Handler warnings(Mix mix) {
        return new Handler() {
            @Override
            public void publish(@Nullable LogRecord entry) {
                if (entry == null) {
                    return;
                }
                String message = String.valueOf(entry.getMessage());
                if (!message.contains("goes on in the background")
                        && !message.contains("has not returned within")
                        && !message.contains("some are lost")) {
                    var thrown = new IllegalStateException(
                            message + " " + Arrays.toString(entry.getParameters()), entry.getThrown());
                    mix.fail(thrown);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    private void sample(long begin, Mix mix, Path folder) {
        long printed = begin;
        try {
            while (true) {
                // Shorter where the whole is short.
                Thread.sleep(samples.size() < 20 ? INTERVAL.dividedBy(5) : INTERVAL);
                Sample sample = Sample.take(begin, mix);
                if (!samples.isEmpty()) {
                    samples.add(samples.removeLast().withoutOperations());
                }
                samples.add(sample);
                if (System.nanoTime() - printed >= PRINT.toNanos()) {
                    printed = System.nanoTime();
                    System.err.println(sample);
                    report().write(folder);
                }
            }
        } catch (InterruptedException e) {
            // The end.
        } catch (IOException | RuntimeException e) {
            mix.fail(e);
        }
    }

    /// What there is when nothing is open. Gives what ends in the background, and what was forgotten, the
    /// time to.
    ///
    /// @param level that is to be reached; null if it is not known yet
    private Sample settle(Mix mix, @Nullable Sample level) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + SETTLING.toNanos();
        Sample now;
        List<String> left;
        do {
            Thread.sleep(500);
            mix.revive();
            now = Sample.take(System.nanoTime(), mix);
            left = left(now, level);
        } while (!left.isEmpty() && System.nanoTime() < deadline);
        wrong.addAll(left);
        if (!left.isEmpty()) {
            dumpThreads();
        }
        if (level == null) {
            Thread.sleep(RELEASE);
            now = Sample.take(System.nanoTime(), mix);
        }
        return now;
    }

    private static List<String> left(Sample now, @Nullable Sample level) throws IOException {
        List<String> left = new ArrayList<>();
        if (now.closuresOnLoan() != 0 || now.handlesOpen() != 0 || now.callsAbandoned() != 0) {
            left.add("left at the end: " + now);
        }
        int workers = workers();
        if (level == null) {
            return left;
        }
        if (workers != 0) {
            left.add(workers + " threads of the library's left at the end");
        }
        if (now.footprint().threads() > level.footprint().threads() + THREADS_MORE) {
            left.add("threads: " + now.footprint().threads() + " at the end, "
                    + level.footprint().threads() + " before");
        }
        if (now.footprint().files() > level.footprint().files() + FILES_MORE) {
            left.add("file descriptors: " + now.footprint().files() + " at the end, "
                    + level.footprint().files() + " before");
        }
        long more = now.footprint().allocatedByLibraries() - level.footprint().allocatedByLibraries();
        long leaked = LEAKS.entrySet().stream()
                .mapToLong(leak -> leak.getValue() * (now.done(leak.getKey()) - level.done(leak.getKey())))
                .sum();
        boolean isKnown = now.footprint().allocatedByVm() > 0;
        if (isKnown && more > leaked + BYTES_MORE) {
            left.add(
                    String.format("allocated by C: %,d bytes more at the end, of which SASL leaked %,d", more, leaked));
        }
        return left;
    }

    private static int workers() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return (int) tasks.filter(task -> {
                        try {
                            return Files.readString(task.resolve("comm")).startsWith("libvirt4j-worke");
                        } catch (IOException e) {
                            // Ended meanwhile.
                            return false;
                        }
                    })
                    .count();
        }
    }

    static void dumpThreads() {
        for (Map.Entry<Thread, StackTraceElement[]> thread :
                Thread.getAllStackTraces().entrySet()) {
            System.err.println(thread.getKey());
            for (StackTraceElement frame : thread.getValue()) {
                System.err.println("    at " + frame);
            }
        }
    }
}
