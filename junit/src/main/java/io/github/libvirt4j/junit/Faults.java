package io.github.libvirt4j.junit;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.types.ErrorNumber;
import java.io.IOException;
import java.time.Duration;

/// A hypervisor with faults at a test's command, as a parameter of a test with [LibvirtTest]. Safe for use by
/// any thread.
///
/// ```java
/// @LibvirtTest
/// class TableTest {
///     @Test
///     void survivesAGap(Faults faults) throws InterruptedException {
///         try (Link link = Link.to(faults.uri()).open()) {
///             var table = new Table(link);
///             faults.goDown();
///             try (Domain domain = faults.hypervisor().domains().lookupByName("test")) {
///                 domain.suspend();
///             }
///             faults.comeUp();
///             …
///         }
///     }
/// }
/// ```
///
/// The hypervisor is libvirt's test driver in a daemon, with a running domain `test`, a network, a storage
/// pool and more. It begins anew for each test, and the connections of a test share it. One test has it at a
/// time. Between the program and the daemon is a proxy, which loses, delays, repeats and reorders what
/// libvirt's protocol sends: the program, the library and libvirt are those of production.
///
/// A test with this parameter needs the program `libvirtd` (package `libvirt-daemon`), which the extension
/// starts as an ordinary user, with folders of its own. As root it runs as `nobody`, by the program
/// `setpriv`.
public final class Faults {
    /// Left in the hypervisor at the end of a test: where it still is, so is that test's hypervisor.
    private static final String END = "libvirt4j-end-of-test";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TestDaemon daemon;
    private final FaultyProxy proxy;
    private final Connect hypervisor;

    /// @param daemon of this test only; it is released at the end
    Faults(TestDaemon daemon) throws IOException, InterruptedException {
        this.daemon = daemon;
        Connect opened = null;
        boolean isMade = false;
        try {
            opened = connectAnew(daemon);
            proxy = new FaultyProxy(daemon.socket());
            isMade = true;
        } finally {
            if (!isMade) {
                if (opened != null) {
                    opened.close();
                }
                daemon.user().release();
            }
        }
        hypervisor = opened;
    }

    /// The driver keeps its state until the daemon has closed the last connection of the test before.
    private static Connect connectAnew(TestDaemon daemon) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Connect connect = Connect.open(daemon.uri());
            if (isNew(connect)) {
                return connect;
            }
            connect.close();
            if (System.nanoTime() > deadline) {
                // The next test gets another.
                daemon.close();
                throw new IllegalStateException(
                        "A connection of an earlier test with Faults is still open; close it in that test");
            }
            Thread.sleep(1);
        }
    }

    private static boolean isNew(Connect connect) {
        try (Domain _ = connect.domains().lookupByName(END)) {
            return false;
        } catch (NotFoundException e) {
            return true;
        }
    }

    /// The URI of the hypervisor by way of the faults, for connections and links of the program.
    public String uri() {
        return proxy.uri();
    }

    /// A connection to the hypervisor that has no faults, for what other programs do meanwhile. It is closed
    /// after the test.
    public Connect hypervisor() {
        return hypervisor;
    }

    /// Breaks all connections of the program, as a daemon that is restarted does. They can be opened again at
    /// once.
    public void disconnect() {
        proxy.disconnect();
    }

    /// Breaks all connections of the program, and refuses others until [#comeUp].
    public void goDown() {
        proxy.refuse(true);
        proxy.disconnect();
    }

    /// Ends what [#goDown] began.
    public void comeUp() {
        proxy.refuse(false);
    }

    /// Drops all events from now on, until [#passEvents]. Events that are held are dropped as well.
    public void dropEvents() {
        proxy.events(FaultyProxy.Events.DROP);
    }

    /// Delays all events from now on, until [#passEvents] or [#passEventsReversed]. Replies to calls pass
    /// meanwhile.
    public void holdEvents() {
        proxy.events(FaultyProxy.Events.HOLD);
    }

    /// Sends each event twice from now on, until [#passEvents].
    public void repeatEvents() {
        proxy.events(FaultyProxy.Events.REPEAT);
    }

    /// Ends faults of events. Events that are held arrive now, in their order.
    public void passEvents() {
        proxy.pass(false);
    }

    /// Ends faults of events. Events that are held arrive now, the last one first.
    public void passEventsReversed() {
        proxy.pass(true);
    }

    /// Waits until a number of events have met the fault that [#dropEvents], [#holdEvents] or [#repeatEvents]
    /// set last. An event counts once for each connection that has registered for its kind.
    ///
    /// @return false if they had not within `limit`
    public boolean awaitEvents(int count, Duration limit) throws InterruptedException {
        return proxy.awaitEvents(count, limit);
    }

    /// Lets a call of the program fail: the daemon does not hear of it. A call is a message of libvirt's
    /// protocol; most functions of libvirt make one, and opening a connection several. The first registration
    /// for events of domains, networks, pools, devices or secrets makes two. The second one is its own; a
    /// failure of the first has no effect.
    ///
    /// @param n the number of the call from now on; 1 for the next. Those of all connections count
    /// @param code the error code
    /// @param message the message of the error
    public void failCall(int n, ErrorNumber code, String message) {
        proxy.failCall(n, code, message);
    }

    /// Lets a call of the program hang until [#resumeCalls], or until its connection breaks: the daemon does
    /// not hear of it before.
    ///
    /// @param n the number of the call from now on, as for [#failCall]
    public void hangCall(int n) {
        proxy.hangCall(n);
    }

    /// Waits until a call hangs by [#hangCall].
    ///
    /// @return false if it did not within `limit`
    public boolean awaitHang(Duration limit) throws InterruptedException {
        return proxy.awaitHang(limit);
    }

    /// Passes calls that hang on to the daemon.
    public void resumeCalls() {
        proxy.resumeCalls();
    }

    void end() throws IOException {
        try (hypervisor) {
            proxy.close();
            hypervisor.domains().define("""
                    <domain type='test'><name>%s</name><memory>8192</memory><os><type>hvm</type></os></domain>
                    """.formatted(END)).close();
        } catch (IOException | LibvirtException | IllegalStateException e) {
            // The proxy did not close, or the test has closed the connection or ended the daemon: the next one
            // gets another.
            daemon.close();
        } finally {
            daemon.user().release();
        }
    }
}
