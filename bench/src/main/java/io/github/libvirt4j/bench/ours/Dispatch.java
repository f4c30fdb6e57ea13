package io.github.libvirt4j.bench.ours;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// `dispatch LIBRARY MILLIS FIGURE BENCHMARK`: one of [DispatchBenchmark], by JMH; a turn is an iteration.
/// This VM is that benchmark's own, so that JMH has no need to fork.
final class Dispatch {
    private Dispatch() {}

    static void run(Peer.Arguments arguments) throws RunnerException {
        // Others wait for their turns in theirs.
        System.setProperty("jmh.ignoreLock", "true");
        System.setProperty(DispatchBenchmark.LIBRARY_PROPERTY, arguments.text(0));
        new Runner(
                        new OptionsBuilder()
                                .include(DispatchBenchmark.class.getName() + "\\." + arguments.text(3) + "$")
                                .forks(0)
                                .warmupIterations(0)
                                .measurementIterations(Integer.MAX_VALUE)
                                .measurementTime(TimeValue.milliseconds(arguments.number(1)))
                                .shouldFailOnError(true)
                                .build(),
                        inTurns(arguments.text(2)))
                .run();
    }

    /// What JMH tells of its iterations; what else it has to say is not of the protocol.
    private static OutputFormat inTurns(String figure) {
        OutputFormat silent = OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT);
        return (OutputFormat) Proxy.newProxyInstance(
                Dispatch.class.getClassLoader(), new Class<?>[] {OutputFormat.class}, (_, method, arguments) -> {
                    switch (method.getName()) {
                        case "iteration" -> awaitTurn();
                        case "iterationResult" -> say(figure, (IterationResult) Objects.requireNonNull(arguments)[3]);
                        default -> {}
                    }
                    try {
                        return method.invoke(silent, arguments);
                    } catch (InvocationTargetException e) {
                        throw Objects.requireNonNull(e.getCause());
                    }
                });
    }

    private static void awaitTurn() {
        try {
            if (!Peer.turn()) {
                // JMH has iterations left.
                System.exit(0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void say(String figure, IterationResult result) {
        Peer.say(figure, 1, result.getPrimaryResult().getScore());
    }
}
