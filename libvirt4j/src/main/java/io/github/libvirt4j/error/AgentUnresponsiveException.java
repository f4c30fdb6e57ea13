package io.github.libvirt4j.error;

/// Thrown when the agent in a guest is not connected or does not answer. The guest may still be booting, or
/// the agent may not be installed or hang. It is unknown whether a command that was sent took effect.
public final class AgentUnresponsiveException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for the error of a C function.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public AgentUnresponsiveException(String function, LibvirtError error) {
        super(function, error);
    }
}
