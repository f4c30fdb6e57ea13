package io.github.libvirt4j.cli;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.StorageVol;
import io.github.libvirt4j.stream.Transfer;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Copies the content of a volume into a file, or the other way round.
abstract class VolumeCopy implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "[URI] POOL VOLUME FILE",
            hideParamSyntax = true,
            description =
                    "the hypervisor, without it " + Access.DEFAULT + "; the pool's name; the volume's name; the file")
    private List<String> parameters = List.of();

    @Mixin
    private final Access access = new Access();

    @Option(names = "--sparse", description = "holes stay holes")
    private boolean sparse;

    @Option(names = "--offset", paramLabel = "N", description = "where in the volume to begin, in bytes")
    private long offset;

    @Option(names = "--length", paramLabel = "N", description = "how many bytes; without it all there are")
    private long length;

    abstract void copy(StorageVol volume, Path file, Transfer how) throws IOException;

    @Override
    public Integer call() throws IOException {
        if (offset < 0 || length < 0) {
            throw new ParameterException(spec.commandLine(), "--offset and --length cannot be negative");
        }
        Operands operands = Operands.of(spec, parameters, "POOL", "VOLUME", "FILE");
        Path file = Arguments.path(operands.get(2));
        Printer out = (Printer) spec.commandLine().getOut();
        Printer err = (Printer) spec.commandLine().getErr();
        ProgressBar bar = new ProgressBar(err, ProgressBar.onTerminal());
        try (Connect connect = access.open(operands.uri());
                StoragePool pool = pool(connect, operands.get(0));
                StorageVol volume = volume(pool, operands.get(1))) {
            Transfer how = new Transfer(offset, length, sparse, bar);
            var over = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(interrupting(Thread.currentThread(), over));
            try {
                copy(volume, file, how);
            } catch (ClosedByInterruptException e) {
                throw new Hypervisor.Failure("Interrupted");
            } finally {
                bar.end();
                over.countDown();
            }
            // Not into the data.
            (out.isSame(file) ? err : out).println(bar.summary());
        }
        return 0;
    }

    /// On Ctrl-C: nothing is to be left of a copy that is not complete.
    private static Thread interrupting(Thread copying, CountDownLatch over) {
        return Thread.ofPlatform().unstarted(() -> {
            if (over.getCount() > 0) {
                copying.interrupt();
                try {
                    // A daemon that does not answer would keep it for ever.
                    boolean _ = over.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    // The VM is ending.
                }
            }
        });
    }

    private static StoragePool pool(Connect connect, String name) {
        return connect.storagePools()
                .findByName(name)
                .orElseThrow(() -> new Hypervisor.Failure("No storage pool '" + name + "' on " + connect));
    }

    private static StorageVol volume(StoragePool pool, String name) {
        return pool.volumes()
                .findByName(name)
                .orElseThrow(() -> new Hypervisor.Failure("No volume '" + name + "' in " + pool.name()));
    }

    /// From a file into a volume.
    @Command(name = "vol-upload", description = "Copies a file into a volume.", mixinStandardHelpOptions = true)
    static final class Upload extends VolumeCopy {
        @Override
        void copy(StorageVol volume, Path file, Transfer how) throws IOException {
            volume.upload(file, how);
        }
    }

    /// From a volume into a file.
    @Command(
            name = "vol-download",
            description = "Copies a volume into a file, which is there when the whole volume is.",
            mixinStandardHelpOptions = true)
    static final class Download extends VolumeCopy {
        @Override
        void copy(StorageVol volume, Path file, Transfer how) throws IOException {
            volume.download(file, how);
        }
    }
}
