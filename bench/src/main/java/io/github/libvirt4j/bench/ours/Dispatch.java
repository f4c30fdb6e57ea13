package io.github.libvirt4j.bench.ours;

import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// `dispatch LIBRARY ITERATIONS MILLIS`: [DispatchBenchmark], by JMH in a VM of its own.
final class Dispatch {
    private Dispatch() {}

    static void run(Peer.Arguments arguments) throws RunnerException {
        TimeValue each = TimeValue.milliseconds(arguments.number(2));
        Options options = new OptionsBuilder()
                .include(DispatchBenchmark.class.getName())
                .forks(1)
                .jvmArgsAppend("-D" + DispatchBenchmark.LIBRARY_PROPERTY + "=" + arguments.text(0))
                .warmupIterations(arguments.number(1))
                .warmupTime(each)
                .measurementIterations(arguments.number(1))
                .measurementTime(each)
                .shouldFailOnError(true)
                .build();
        // What it has to say is not of the protocol.
        OutputFormat silent = OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT);
        for (RunResult result : new Runner(options, silent).run()) {
            for (BenchmarkResult fork : result.getBenchmarkResults()) {
                for (IterationResult iteration : fork.getIterationResults()) {
                    Result<?> primary = iteration.getPrimaryResult();
                    Peer.say(primary.getLabel(), 1, primary.getScore());
                }
            }
        }
    }
}
