package io.github.libvirt4j.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Runs the same on several threads at once, and looks at threads.
public final class Threads {
    private Threads() {}

    /// What one of the threads does.
    @FunctionalInterface
    public interface Work {
        void run(int thread) throws Throwable;
    }

    /// Starts `work` on `count` threads at the same moment and waits for all; throws what one of them
    /// threw.
    public static void together(int count, Work work) throws Exception {
        var start = new CyclicBarrier(count);
        try (ExecutorService executor = Executors.newFixedThreadPool(count)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int thread = i;
                Callable<Boolean> body = () -> {
                    start.await();
                    try {
                        work.run(thread);
                    } catch (Exception e) {
                        throw e;
                    } catch (Throwable t) {
                        throw new AssertionError(t);
                    }
                    return true;
                };
                all.add(executor.submit(body));
            }
            for (Future<?> one : all) {
                one.get(5, TimeUnit.MINUTES);
            }
        }
    }

    /// Hundredths of a second, of the library's own loop; of another 0.
    public static long processorTimeOfTheLoop() throws IOException {
        long ticks = 0;
        try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                String stat = stat(task);
                if (stat.contains("(libvirt4j-event)")) {
                    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                    ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                }
            }
        }
        return ticks;
    }

    /// @return nothing, if the thread has ended meanwhile: its file is no longer there, or cannot be read
    private static String stat(Path task) throws IOException {
        try {
            return Files.readString(task.resolve("stat"));
        } catch (IOException e) {
            if (Files.exists(task)) {
                throw e;
            }
            return "";
        }
    }
}
