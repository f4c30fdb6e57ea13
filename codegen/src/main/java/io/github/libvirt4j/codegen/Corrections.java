package io.github.libvirt4j.codegen;

import java.util.Map;
import java.util.Set;

/// What libvirt's description does not say, or does not say so that a program could find it. Kept by hand.
public final class Corrections {
    /// The enumeration a function's `flags` are of, where the argument's own words do not name it.
    public static final Map<String, String> FLAGS = Map.of(
            "virInterfaceGetXMLDesc", "virInterfaceXMLFlags",
            "virDomainQemuAgentCommand", "none",
            "virAdmConnectDaemonShutdown", "virAdmConnectDaemonShutdownFlags");

    /// Enumerations of bits whose name does not have `Flag` in it.
    public static final Set<String> BITS = Set.of(
            "virDomainGuestInfoTypes",
            "virDomainMessageType",
            "virDomainModificationImpact",
            "virDomainStatsTypes",
            "virEventHandleType",
            "virStreamEventType");

    /// Enumerations of typed parameters, whose types in Java are records: only the library needs them.
    public static final Set<String> RAW = Set.of(
            "virBlkioParameterType",
            "virMemoryParameterType",
            "virSchedParameterType",
            "virTypedParameterFlags",
            "virTypedParameterType");

    /// What is taken from the constants of an enumeration, where that is not what they all begin with.
    public static final Map<String, String> PREFIXES = Map.of(
            "virAdmConnectDaemonShutdownFlags", "VIR_DAEMON_SHUTDOWN_",
            "virDomainBlockJobSetSpeedFlags", "VIR_DOMAIN_BLOCK_JOB_SPEED_",
            "virDomainSetTimeFlags", "VIR_DOMAIN_TIME_",
            "virDomainSetUserPasswordFlags", "VIR_DOMAIN_PASSWORD_",
            "virErrorNumber", "VIR_ERR_",
            "virNodeGetCPUStatsAllCPUs", "VIR_NODE_CPU_STATS_",
            "virNodeGetMemoryStatsAllCells", "VIR_NODE_MEMORY_STATS_");

    /// Whether a constant is no value but the number of values before it.
    public static boolean isSentinel(String constant) {
        return (constant.endsWith("_LAST") && !constant.equals("VIR_NETWORK_UPDATE_COMMAND_ADD_LAST"))
                || constant.equals("VIR_DOMAIN_MEMORY_STAT_NR");
    }

    /// Functions that can run a callback or a free callback before they return, although they take none:
    /// their stack is probed always. Deregistering frees, closing and freeing may drop the last reference
    /// of something registered, aborting calls the stream's callback, opening asks for credentials, the
    /// loop calls everything.
    public static final String CAN_CALL_BACK = "vir\\w*(Deregister|Unregister)\\w*|vir(Adm)?ConnectClose"
            + "|virConnectOpen\\w*|virStream(EventRemoveCallback|EventUpdateCallback|Finish|Abort|Free)"
            + "|virEvent(Remove|Update)\\w*|virEventRunDefaultImpl";

    /// Functions that give a reference back, and cannot do more: the connection's own is never the last
    /// one. An overflow before one would leave the reference there for ever, and the connection would never
    /// be closed.
    public static final String ONLY_FREES =
            "vir(Domain|DomainCheckpoint|DomainSnapshot|Interface|Network|NetworkPort|NodeDevice|NWFilter"
                    + "|NWFilterBinding|Secret|StoragePool|StorageVol)Free";

    /// The functions around the last error. Nothing may stand between a failure and its reading, the probe
    /// neither; and none of them calls back.
    public static final Set<String> NEVER_PROBED = Set.of(
            "virConnCopyLastError",
            "virConnGetLastError",
            "virConnResetLastError",
            "virCopyLastError",
            "virFreeError",
            "virGetLastError",
            "virGetLastErrorCode",
            "virGetLastErrorDomain",
            "virGetLastErrorMessage",
            "virResetError",
            "virResetLastError",
            "virSaveLastError");

    /// Functions whose second argument can be memory of the user's, which has to be held until they return.
    public static final Set<String> HOLD_MEMORY = Set.of("virStreamRecv", "virStreamRecvFlags", "virStreamSend");

    /// The one that takes a double. It comes in a register of its own, for which `Downcall` has no way; and the
    /// library writes typed parameters itself.
    public static final Set<String> LEFT_OUT = Set.of("virTypedParamsAddDouble");

    private Corrections() {}
}
