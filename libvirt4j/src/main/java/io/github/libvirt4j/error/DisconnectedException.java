package io.github.libvirt4j.error;

/// Thrown when the connection has broken off: the other side ended, or did not answer keepalive probes. The
/// program can only close the connection and open another. It is unknown whether the operation of the failed
/// call took effect.
///
/// The handles of a connection of a [Link][io.github.libvirt4j.link.Link] throw it after the link has replaced
/// that connection.
public final class DisconnectedException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for the error of a C function.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public DisconnectedException(String function, LibvirtError error) {
        super(function, error);
    }
}
