package io.github.libvirt4j.cli;

import io.github.libvirt4j.loop.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// The command's entry.
public final class Main {
    /// The longest wait for the library at the end.
    private static final Duration LOADING = Duration.ofSeconds(5);

    /// For threads that start meanwhile.
    private static final int ROOM = 16;

    private Main() {}

    /// Parses the arguments, runs the command, and ends the process with its status.
    public static void main(String[] passed) {
        Locale.setDefault(Locale.ROOT);
        Thread loading = Thread.ofPlatform().daemon().unstarted(Main::loadLibvirt);
        if (Commands.connects(passed)) {
            loading.start();
        }
        Printer err = Printer.err();
        System.setErr(err.stream());
        int status = run(Printer.out(), err, Arguments.ofProcess(passed));
        await(loading);
        if (status != Status.OK || !isAlone()) {
            System.exit(status);
        }
    }

    /// Whether the process ends with this thread: then it ends without `System.exit`, which loads the classes of
    /// loggers first.
    private static boolean isAlone() {
        ThreadGroup group = Objects.requireNonNull(Thread.currentThread().getThreadGroup());
        for (ThreadGroup parent = group.getParent(); parent != null; parent = group.getParent()) {
            group = parent;
        }
        Thread[] all = new Thread[group.activeCount() + ROOM];
        int count = group.enumerate(all);
        return count < all.length
                && Arrays.stream(all, 0, count)
                        .allMatch(thread -> thread.isDaemon() || thread == Thread.currentThread());
    }

    /// Libraries that are being loaded while the process ends can crash it.
    private static void await(Thread loading) {
        try {
            loading.join(LOADING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The library and its loop, while the arguments are parsed: both take about as long.
    private static void loadLibvirt() {
        try {
            EventLoop.after(Duration.ZERO, _ -> {}).close();
        } catch (RuntimeException | Error e) {
            // The subcommand meets it as well, and tells it.
        }
    }

    /// Runs the command.
    ///
    /// @return its exit status
    static int run(Printer out, Printer err, String... arguments) {
        int status = Status.OK;
        if (arguments.length > 0 && arguments[0].equals(Completion.CALL)) {
            Completion.candidates(List.of(arguments).subList(1, arguments.length))
                    .forEach(each -> out.print(each + "\n"));
        } else {
            status = execute(out, err, arguments);
        }
        IOException failure = out.failure();
        if (failure == null) {
            return status;
        }
        if (out.pipe() >= 0) {
            return status == Status.OK ? Status.ABANDONED : status;
        }
        err.println("Standard output cannot be written: " + failure.getMessage());
        return status == Status.OK ? Status.FAILED : status;
    }

    private static int execute(Printer out, Printer err, String... arguments) {
        try {
            return Commands.commandLine(arguments).setOut(out).setErr(err).execute(arguments);
        } catch (Error e) {
            // picocli leaves these to its caller.
            err.println(Status.line(e));
            return Status.FAILED;
        }
    }
}
