package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmConnectDaemonShutdown;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmConnectGetLibVersion;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmConnectGetLoggingFilters;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmConnectGetLoggingOutputs;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmConnectGetURI;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmConnectIsAlive;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmConnectListServers;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmConnectLookupServer;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmConnectOpen;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmConnectSetDaemonTimeout;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmConnectSetLoggingFilters;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmConnectSetLoggingOutputs;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmGetVersion;

import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.Errors;
import io.github.libvirt4j.internal.c.FileDescriptors;
import io.github.libvirt4j.internal.c.Startup;
import io.github.libvirt4j.internal.event.ConnectionCalls;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.types.AdmConnectDaemonShutdownFlags;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.Version;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A connection to the administration interface of a libvirt daemon. C: `virAdmConnectPtr` of libvirt-admin.
/// Safe for use by any thread; the [package][io.github.libvirt4j] describes the common behaviour of handles.
///
/// The daemon accepts its owner only: root for a system daemon. A process can open either [Connect] or
/// `AdmConnect`: libvirt and libvirt-admin contain the same types, and a process that uses both crashes.
///
/// @c {@index virAdmConnectClose} libvirt 2.0.0
public final class AdmConnect extends Connection implements EventSource<ConnectEvent> {
    private AdmConnect(String uri) {
        super(uri, ConnectionCalls.ADM_CONNECT, _ -> {}, null);
    }

    /// Opens a connection to the administration interface of a daemon. Blocks until it is open.
    ///
    /// @c {@index virAdmConnectOpen} libvirt 2.0.0
    /// @param uri the daemon, such as `libvirtd:///system`, `virtqemud:///session` or
    ///     `libvirtd+unix:///system?socket=/path`; null for libvirt's default
    /// @throws io.github.libvirt4j.error.LibvirtException if the daemon cannot be reached, or refuses the
    ///     user
    /// @throws io.github.libvirt4j.error.FunctionMissingException if libvirt-admin is not installed
    /// @throws IllegalStateException if this process has opened a [Connect]
    public static AdmConnect open(@Nullable String uri) {
        ProcessLoop.ensure();
        ConnectionCalls.ADM_CONNECT.claimProcess();
        makeReady();
        try (Arena arena = Arena.ofConfined();
                var _ = FileDescriptors.enter(
                        "virAdmConnectOpen", "Opening " + (uri == null ? "the default daemon" : uri))) {
            MemorySegment name = CMemory.stringOrNull(arena, uri, "uri");
            var connect = new AdmConnect(uri == null ? "the default daemon" : uri);
            connect.object.begin(Errors.check(virAdmConnectOpen(name, 0), "virAdmConnectOpen"));
            return connect;
        }
    }

    /// The version of the loaded libvirt-admin. A process may read it beside a [Connect].
    ///
    /// @c {@index virAdmGetVersion} libvirt 2.0.0
    /// @throws io.github.libvirt4j.error.FunctionMissingException if libvirt-admin is not installed
    public static Version loadedVersion() {
        Startup.ensure();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(ValueLayout.JAVA_LONG);
            Errors.check(virAdmGetVersion(number), "virAdmGetVersion");
            return Version.of(number.get(ValueLayout.JAVA_LONG, 0));
        }
    }

    /// The URI of the connection, as libvirt completed it.
    ///
    /// @c {@index virAdmConnectGetURI} libvirt 2.0.0
    public String uri() {
        return takeString("virAdmConnectGetURI", p -> virAdmConnectGetURI(p));
    }

    /// The libvirt version of the daemon.
    ///
    /// @c {@index virAdmConnectGetLibVersion} libvirt 2.0.0
    public Version libVersion() {
        return Version.of(
                fillLong("virAdmConnectGetLibVersion", (p, version) -> virAdmConnectGetLibVersion(p, version)));
    }

    /// Whether the connection is alive: false after it broke off, as far as libvirt has noticed.
    ///
    /// @c {@index virAdmConnectIsAlive} libvirt 2.0.0
    public boolean isAlive() {
        return isTrue("virAdmConnectIsAlive", p -> virAdmConnectIsAlive(p));
    }
    /// Returns handles of all servers of the daemon. The caller closes each of them.
    ///
    /// @c {@index virAdmConnectListServers} libvirt 2.0.0
    public List<AdmServer> listServers() {
        return list("virAdmConnectListServers", (p, array) -> virAdmConnectListServers(p, array, 0), madeServer());
    }

    /// Looks a server of the daemon up by name.
    ///
    /// @c {@index virAdmConnectLookupServer} libvirt 2.0.0
    /// @param name such as `libvirtd`, `virtqemud` or `admin`
    /// @throws io.github.libvirt4j.error.NotFoundException if there is none
    public AdmServer lookupServer(String name) {
        return call(
                "virAdmConnectLookupServer",
                (p, in) -> virAdmConnectLookupServer(p, in.string(name, "name"), 0),
                madeServer());
    }

    private Made<AdmServer> madeServer() {
        return owning(() -> new AdmServer(this), AdmServer.FREE);
    }

    /// The logging filters of the daemon, separated by spaces, such as `3:*remote* 4:*util.json*`: each is a
    /// level, from 1 (debug) to 4 (error), and a pattern of the sources it applies to. Empty if there are
    /// none.
    ///
    /// @c {@index virAdmConnectGetLoggingFilters} libvirt 3.0.0
    public String loggingFilters() {
        return fill(
                "virAdmConnectGetLoggingFilters",
                Long.BYTES,
                (p, filters) -> virAdmConnectGetLoggingFilters(p, filters, 0),
                AdmConnect::takeList);
    }

    /// Replaces the logging filters of the daemon until it ends.
    ///
    /// @c {@index virAdmConnectSetLoggingFilters} libvirt 3.0.0
    /// @param filters such as `3:remote 4:util.json`; an empty string removes all
    /// @throws io.github.libvirt4j.error.InvalidArgumentException if they are malformed; the previous filters
    ///     remain
    public void setLoggingFilters(String filters) {
        call(
                "virAdmConnectSetLoggingFilters",
                (p, in) -> virAdmConnectSetLoggingFilters(p, in.string(filters, "filters"), 0));
    }

    /// The logging outputs of the daemon, separated by spaces, such as `3:stderr 1:file:/tmp/log`: each is a
    /// level, from 1 (debug) to 4 (error), and a destination.
    ///
    /// @c {@index virAdmConnectGetLoggingOutputs} libvirt 3.0.0
    public String loggingOutputs() {
        return fill(
                "virAdmConnectGetLoggingOutputs",
                Long.BYTES,
                (p, outputs) -> virAdmConnectGetLoggingOutputs(p, outputs, 0),
                AdmConnect::takeList);
    }

    /// Replaces the logging outputs of the daemon until it ends.
    ///
    /// @c {@index virAdmConnectSetLoggingOutputs} libvirt 3.0.0
    /// @param outputs as of [#loggingOutputs]; an empty string restores the daemon's default
    /// @throws io.github.libvirt4j.error.InvalidArgumentException if they are malformed; the previous outputs
    ///     remain
    /// @throws io.github.libvirt4j.error.LibvirtException if the daemon cannot open a destination; the
    ///     previous outputs remain
    public void setLoggingOutputs(String outputs) {
        call(
                "virAdmConnectSetLoggingOutputs",
                (p, in) -> virAdmConnectSetLoggingOutputs(p, in.string(outputs, "outputs"), 0));
    }

    /// Takes a list that C gives away as one string, or as NULL if it is empty.
    private static String takeList(MemorySegment string) {
        return Objects.requireNonNullElse(CMemory.takeString(CMemory.pointer(string, 0)), "");
    }

    /// Makes the daemon end when it has had nothing to do for some time: no client, this one included, and no
    /// active object of a driver, such as a running domain.
    ///
    /// @c {@index virAdmConnectSetDaemonTimeout} libvirt 8.6.0
    /// @param timeout whole seconds; zero makes the daemon run indefinitely
    /// @throws io.github.libvirt4j.error.FunctionMissingException if libvirt is older than 8.6.0
    public void setDaemonTimeout(Duration timeout) {
        int seconds = seconds(timeout, "timeout");
        call("virAdmConnectSetDaemonTimeout", p -> virAdmConnectSetDaemonTimeout(p, seconds, 0));
    }

    /// Makes the daemon end, and returns before it has ended.
    ///
    /// @c {@index virAdmConnectDaemonShutdown} libvirt 11.2.0
    /// @param flags default: the daemon ends as on `SIGTERM`; [AdmConnectDaemonShutdownFlags#PRESERVE] makes
    ///     it preserve the state of its domains as it is configured to
    /// @throws io.github.libvirt4j.error.FunctionMissingException if libvirt is older than 11.2.0
    public void daemonShutdown(AdmConnectDaemonShutdownFlags... flags) {
        int bits = Flag.combine(flags);
        call("virAdmConnectDaemonShutdown", p -> virAdmConnectDaemonShutdown(p, bits));
    }
}
