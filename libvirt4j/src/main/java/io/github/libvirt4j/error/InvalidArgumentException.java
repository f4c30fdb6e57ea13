package io.github.libvirt4j.error;

/// Thrown when libvirt refuses the value of an argument: a number out of range, an unknown name, XML that is
/// not well-formed or that describes nothing valid. The call fails whenever it is repeated.
public final class InvalidArgumentException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for the error of a C function.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public InvalidArgumentException(String function, LibvirtError error) {
        super(function, error);
    }
}
