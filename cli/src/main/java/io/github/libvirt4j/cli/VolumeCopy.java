package io.github.libvirt4j.cli;

import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.StorageVol;
import io.github.libvirt4j.stream.Transfer;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Copies the content of a volume into a file, or the other way round.
abstract class VolumeCopy extends VolumeCommand {
    @Parameters(index = "2", paramLabel = "FILE", description = "the file")
    private String fileName = "";

    @Option(names = "--sparse", description = "holes stay holes")
    private boolean sparse;

    @Option(names = "--offset", paramLabel = "N", description = "where in the volume to begin, in bytes")
    private long offset;

    @Option(names = "--length", paramLabel = "N", description = "how many bytes; without it all there are")
    private long length;

    abstract void copy(StorageVol volume, Path file, Transfer how) throws IOException;

    @Override
    public Integer call() throws Exception {
        if (offset < 0 || length < 0) {
            throw wrong("--offset and --length cannot be negative");
        }
        return super.call();
    }

    @Override
    final void on(StoragePool pool, StorageVol volume) throws IOException {
        Path file = Arguments.path(fileName);
        ProgressBar bar = new ProgressBar(err());
        Transfer how = new Transfer(offset, length, sparse, bar);
        var over = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(interrupting(Thread.currentThread(), over));
        try {
            copy(volume, file, how);
        } catch (ClosedByInterruptException e) {
            throw new Failure(Status.INTERRUPTED, "Interrupted");
        } finally {
            bar.end();
            over.countDown();
        }
        Item item = new Item()
                .with("pool", pool.name())
                .with("volume", volume.name())
                .with("file", fileName)
                .with("bytes", bar.done())
                .with("seconds", bar.time());
        // Not into the data.
        new Output(out().isSame(file) ? err() : out(), isJson()).item(item, bar.summary());
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

    /// From a file into a volume.
    @Command(
            name = "vol-upload",
            description = "Copies a file into a volume.",
            footer = "vol-upload default web.img image.raw --sparse")
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
            footer = "vol-download default web.img image.raw --sparse")
    static final class Download extends VolumeCopy {
        @Override
        void copy(StorageVol volume, Path file, Transfer how) throws IOException {
            volume.download(file, how);
        }
    }
}
