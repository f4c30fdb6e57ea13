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

/// A connection to a libvirt daemon itself, to look after it. C: `virAdmConnectPtr` of libvirt-admin. Safe
/// for use by any thread.
///
/// Only the daemon's owner gets one: root for the system's. And only a process that opens no [Connect]:
/// libvirt and libvirt-admin each bring the same types along, and with both in use libvirt crashes.
///
/// @c {@index virAdmConnectClose} libvirt 2.0.0
public final class AdmConnect extends Connection implements EventSource<ConnectEvent> {
    private AdmConnect(String uri) {
        super(uri, ConnectionCalls.ADM_CONNECT, _ -> {}, null);
    }

    /// Opens the daemon a URI names.
    ///
    /// @c {@index virAdmConnectOpen} libvirt 2.0.0
    /// @param uri such as `libvirtd:///system`, `virtqemud:///session` or
    ///     `libvirtd+unix:///system?socket=/path`; null for the one libvirt takes by default
    /// @throws io.github.libvirt4j.error.LibvirtException if it cannot be reached
    /// @throws io.github.libvirt4j.error.FunctionMissingException if libvirt-admin is not installed
    /// @throws IllegalStateException if this process has opened a [Connect] before
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

    /// The URI it is open to, as libvirt completed it.
    ///
    /// @c {@index virAdmConnectGetURI} libvirt 2.0.0
    public String uri() {
        return takeString("virAdmConnectGetURI", p -> virAdmConnectGetURI(p));
    }

    /// The version of libvirt the daemon is of.
    ///
    /// @c {@index virAdmConnectGetLibVersion} libvirt 2.0.0
    public Version libVersion() {
        return Version.of(
                fillLong("virAdmConnectGetLibVersion", (p, version) -> virAdmConnectGetLibVersion(p, version)));
    }

    /// Whether the daemon is still there, as far as is known.
    ///
    /// @c {@index virAdmConnectIsAlive} libvirt 2.0.0
    public boolean isAlive() {
        return isTrue("virAdmConnectIsAlive", p -> virAdmConnectIsAlive(p));
    }
}
