package io.github.libvirt4j;

import io.github.libvirt4j.testing.Daemon;
import io.github.libvirt4j.testing.SessionDaemon;
import java.util.List;

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
            // Java reads such numbers as its own.
            List<Integer> numbers = Runtime.Version.parse(Daemon.version()).version();
            return new Version(numbers.get(0), numbers.get(1), numbers.size() > 2 ? numbers.get(2) : 0);
        }
    };

    abstract String uri();

    /// That of the libvirt it is of: a daemon can be of another than the library's.
    abstract Version version();

    final Connect open() {
        return Connect.open(uri());
    }
}
