package io.github.libvirt4j;

import io.github.libvirt4j.testing.SessionDaemon;

/// Where libvirt's test driver runs: the two places tests are run in that can be.
enum TestDriver {
    /// In this process. All connections share one host, which is gone with the last.
    EMBEDDED {
        @Override
        String uri() {
            return Embedded.URI;
        }
    },

    /// In a daemon, behind the remote protocol.
    DAEMON {
        @Override
        String uri() {
            return SessionDaemon.shared().unixUri(Embedded.URI);
        }
    };

    abstract String uri();

    final Connect open() {
        return Connect.open(uri());
    }
}
