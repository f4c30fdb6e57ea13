package io.github.libvirt4j;

import io.github.libvirt4j.testing.Daemon;
import io.github.libvirt4j.testing.SessionDaemon;
import io.github.libvirt4j.types.Version;
import java.util.Arrays;

/// Where libvirt's test driver runs: the two places tests are run in that can be.
enum TestDriver {
    /// In this process. All connections share one host, which is gone with the last.
    EMBEDDED {
        @Override
        String uri() {
            return Embedded.URI;
        }

        @Override
        Version version() {
            return Libvirt.version();
        }
    },

    /// In a daemon, behind the remote protocol.
    DAEMON {
        @Override
        String uri() {
            return SessionDaemon.shared().unixUri(Embedded.URI);
        }

        @Override
        Version version() {
            int[] numbers = Arrays.stream(Daemon.version().split("\\.", -1))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            return new Version(numbers[0], numbers[1], numbers[2]);
        }
    };

    abstract String uri();

    /// That of the libvirt it is of: a daemon can be of another than the library's.
    abstract Version version();

    final Connect open() {
        return Connect.open(uri());
    }
}
