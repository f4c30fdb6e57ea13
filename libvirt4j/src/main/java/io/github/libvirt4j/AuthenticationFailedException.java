package io.github.libvirt4j;

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

    /// @param advice what to do, after the message
    AuthenticationFailedException(String function, LibvirtError error, String advice) {
        super(function, error, describe(function, error) + advice, null);
    }
}
