package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmServerFree;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmServerGetClientLimits;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmServerGetName;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmServerGetThreadPoolParameters;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmServerListClients;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmServerLookupClient;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmServerSetClientLimits;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmServerSetThreadPoolParameters;
import static io.github.libvirt4j.internal.raw.LibvirtAdmin.virAdmServerUpdateTlsFiles;

import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A server of a libvirt daemon: one set of sockets, with its clients and its worker threads. C:
/// `virAdmServerPtr` of libvirt-admin. Safe for use by any thread.
///
/// A daemon has a server named after itself for ordinary connections (`libvirtd`, `virtqemud`, …), and one
/// named `admin` for administrators. The [package][io.github.libvirt4j] describes threads, closing, equality
/// and exceptions of all handles.
///
/// @c {@index virAdmServerFree} libvirt 2.0.0
public final class AdmServer extends Identified {
    static final NativeObject.Release FREE = server -> virAdmServerFree(server);

    private final AdmConnect connect;

    AdmServer(AdmConnect connect) {
        super(connect, FREE);
        this.connect = connect;
    }

    /// The name of the server: its identity.
    ///
    /// @c {@index virAdmServerGetName} libvirt 2.0.0
    public String name() {
        return (String) identityNow();
    }

    /// Returns handles of all clients that are connected to the server. The caller closes each of them.
    ///
    /// @c {@index virAdmServerListClients} libvirt 2.0.0
    public List<AdmClient> listClients() {
        return list("virAdmServerListClients", (p, array) -> virAdmServerListClients(p, array, 0), made());
    }

    /// Looks a client of the server up by its number.
    ///
    /// @c {@index virAdmServerLookupClient} libvirt 2.0.0
    /// @param id see [AdmClient#id]
    /// @throws io.github.libvirt4j.error.NotFoundException if no such client is connected
    public AdmClient lookupClient(long id) {
        return call("virAdmServerLookupClient", p -> virAdmServerLookupClient(p, id, 0), made());
    }

    /// The name is read before C makes a client, whose identity it is part of.
    private Made<AdmClient> made() {
        String name = name();
        return owning(() -> new AdmClient(connect, name), AdmClient.FREE);
    }

    /// Returns the limits of the number of clients, and the numbers of clients at present.
    ///
    /// @c {@index virAdmServerGetClientLimits} libvirt 2.0.0
    /// @return with keys of [ServerClientsKeys][io.github.libvirt4j.types.ServerClientsKeys]
    public TypedParameters clientLimits() {
        return takeParameters(
                "virAdmServerGetClientLimits",
                (p, _, params, nparams) -> virAdmServerGetClientLimits(p, params, nparams, 0));
    }

    /// Changes the limits of the number of clients. A limit below the present number disconnects nobody: new
    /// clients wait until others have left.
    ///
    /// @c {@index virAdmServerSetClientLimits} libvirt 2.0.0
    /// @param limits the ones to change: `MAX` and `UNAUTH_MAX` of
    ///     [ServerClientsKeys][io.github.libvirt4j.types.ServerClientsKeys]
    /// @throws io.github.libvirt4j.error.InvalidArgumentException if `UNAUTH_MAX` would exceed `MAX`, or a
    ///     parameter has the wrong type
    /// @throws io.github.libvirt4j.error.UnsupportedException if a parameter cannot be set
    public void setClientLimits(TypedParameters limits) {
        call(
                "virAdmServerSetClientLimits",
                (p, in) -> virAdmServerSetClientLimits(p, in.parameters(limits), limits.size(), 0));
    }

    /// Returns the limits and the present state of the server's pool of worker threads.
    ///
    /// @c {@index virAdmServerGetThreadPoolParameters} libvirt 2.0.0
    /// @return with keys of [ThreadPoolKeys][io.github.libvirt4j.types.ThreadPoolKeys]
    public TypedParameters threadPoolParameters() {
        return takeParameters(
                "virAdmServerGetThreadPoolParameters",
                (p, _, params, nparams) -> virAdmServerGetThreadPoolParameters(p, params, nparams, 0));
    }

    /// Changes the limits of the server's pool of worker threads.
    ///
    /// @c {@index virAdmServerSetThreadPoolParameters} libvirt 2.0.0
    /// @param parameters the ones to change: `WORKERS_MIN`, `WORKERS_MAX` and `WORKERS_PRIORITY` of
    ///     [ThreadPoolKeys][io.github.libvirt4j.types.ThreadPoolKeys]
    /// @throws io.github.libvirt4j.error.InvalidArgumentException if the minimum would exceed the maximum, or
    ///     a parameter has the wrong type
    /// @throws io.github.libvirt4j.error.UnsupportedException if a parameter cannot be set
    public void setThreadPoolParameters(TypedParameters parameters) {
        call(
                "virAdmServerSetThreadPoolParameters",
                (p, in) -> virAdmServerSetThreadPoolParameters(p, in.parameters(parameters), parameters.size(), 0));
    }

    /// Makes the server read its TLS certificates and keys anew. Connections that exist keep theirs.
    ///
    /// @c {@index virAdmServerUpdateTlsFiles} libvirt 2.0.0
    /// @throws io.github.libvirt4j.error.LibvirtException if the server has no TLS, or cannot use the files
    public void updateTlsFiles() {
        call("virAdmServerUpdateTlsFiles", p -> virAdmServerUpdateTlsFiles(p, 0));
    }

    @Override
    Connection connection() {
        return connect;
    }

    @Override
    String noun() {
        return "server";
    }

    @Override
    Object readIdentity(MemorySegment pointer) {
        return kept(virAdmServerGetName(pointer), "virAdmServerGetName");
    }
}
