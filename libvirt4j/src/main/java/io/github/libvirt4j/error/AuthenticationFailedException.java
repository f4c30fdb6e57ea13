package io.github.libvirt4j.error;

/// Thrown when authentication fails: the server rejected the credentials, or libvirt had none to offer.
public final class AuthenticationFailedException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for the error of a C function.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public AuthenticationFailedException(String function, LibvirtError error) {
        super(function, error);
    }

    /// An exception for the error of a C function, with advice in its message.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    /// @param advice text that is appended to the message
    public AuthenticationFailedException(String function, LibvirtError error, String advice) {
        super(function, error, describe(function, error) + advice, null);
    }
}
