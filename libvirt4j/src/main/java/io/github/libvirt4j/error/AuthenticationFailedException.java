package io.github.libvirt4j.error;

/// The other side did not accept who we say we are, or could not be told.
public final class AuthenticationFailedException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for the error of a C function.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public AuthenticationFailedException(String function, LibvirtError error) {
        super(function, error);
    }

    /// An exception that says what to do.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    /// @param advice is added to its message
    public AuthenticationFailedException(String function, LibvirtError error, String advice) {
        super(function, error, describe(function, error) + advice, null);
    }
}
