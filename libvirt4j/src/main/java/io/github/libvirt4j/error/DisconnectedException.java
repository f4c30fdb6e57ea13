package io.github.libvirt4j.error;

/// The connection broke off: the other side ended, or gave no sign of life. Nothing can be done with it any
/// more but close it and open another. Whether what was asked for last happened is not known.
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
