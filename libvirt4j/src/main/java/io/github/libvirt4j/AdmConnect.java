package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmConnectGetLibVersion;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmConnectGetURI;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmConnectIsAlive;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmConnectOpen;

import io.github.libvirt4j.event.ConnectEvent;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.Errors;
import io.github.libvirt4j.internal.c.FileDescriptors;
import io.github.libvirt4j.internal.event.ConnectionCalls;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.types.Version;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
}
