package io.github.libvirt4j.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files that this process has open.
public final class OpenFile {
    private OpenFile() {}

    /// The number of the file descriptor.
    public static int descriptor(Path path) throws IOException {
        try (var all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path fd : all) {
                if (Files.exists(fd) && Files.isSameFile(fd, path)) {
                    return Integer.parseInt(String.valueOf(fd.getFileName()));
                }
            }
        }
        throw new AssertionError(path);
    }
}
