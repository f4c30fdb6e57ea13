package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmClientClose;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmClientFree;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmClientGetID;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmClientGetInfo;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmClientGetTimestamp;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmClientGetTransport;

import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.types.ClientTransport;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.MemorySegment;
import java.time.Instant;

/// A client that is connected to a [server][AdmServer] of a libvirt daemon. C: `virAdmClientPtr` of
/// libvirt-admin. Safe for use by any thread.
///
/// A client is identified by its server and its number. The [package][io.github.libvirt4j] describes threads,
/// closing, equality and exceptions of all handles.
///
/// @c {@index virAdmClientFree} libvirt 2.0.0
public final class AdmClient extends Identified {
    static final NativeObject.Release FREE = client -> virAdmClientFree(client);

    private final AdmConnect connect;
    private final String server;

    /// Each server counts its clients from 1.
    private record Identity(String server, long id) {
        @Override
        public String toString() {
            return Long.toUnsignedString(id) + " of " + server;
        }
    }

    AdmClient(AdmConnect connect, String server) {
        super(connect, FREE);
        this.connect = connect;
        this.server = server;
    }

    /// The number of the client, unique among all clients that its server has had since the daemon started.
    ///
    /// @c {@index virAdmClientGetID} libvirt 2.0.0
    public long id() {
        return ((Identity) identityNow()).id();
    }

    /// The time at which the client connected, in whole seconds.
    ///
    /// @c {@index virAdmClientGetTimestamp} libvirt 2.0.0
    public Instant timestamp() {
        return using("virAdmClientGetTimestamp", (p, _) -> {
            long seconds = virAdmClientGetTimestamp(p);
            if (seconds < 0) {
                throw failed("virAdmClientGetTimestamp");
            }
            return Instant.ofEpochSecond(seconds);
        });
    }

    /// The kind of socket by which the client is connected. A kind that is newer than this jar is
    /// `UNRECOGNIZED`.
    ///
    /// @c {@index virAdmClientGetTransport} libvirt 2.0.0
    public ClientTransport transport() {
        return ClientTransport.of(call("virAdmClientGetTransport", p -> virAdmClientGetTransport(p)));
    }

    /// Returns who the client is: user and process of a unix socket, address of a network connection, and the
    /// names by which it has authenticated.
    ///
    /// @c {@index virAdmClientGetInfo} libvirt 2.0.0
    /// @return with keys of [ClientInfoKeys][io.github.libvirt4j.types.ClientInfoKeys], those that apply
    /// @throws io.github.libvirt4j.error.NotFoundException if the client has disconnected
    public TypedParameters info() {
        return takeParameters(
                "virAdmClientGetInfo", (p, _, params, nparams) -> virAdmClientGetInfo(p, params, nparams, 0));
    }

    /// Breaks the client's connection off. The client finds its connection closed by the daemon, and may
    /// connect again. The handle remains.
    ///
    /// @c {@index virAdmClientClose} libvirt 2.0.0
    /// @throws io.github.libvirt4j.error.NotFoundException if the client has disconnected
    public void disconnect() {
        call("virAdmClientClose", p -> virAdmClientClose(p, 0));
    }

    @Override
    Connection connection() {
        return connect;
    }

    @Override
    String noun() {
        return "client";
    }

    @Override
    Object readIdentity(MemorySegment pointer) {
        return new Identity(server, virAdmClientGetID(pointer));
    }
}
