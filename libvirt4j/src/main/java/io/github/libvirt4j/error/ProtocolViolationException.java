package io.github.libvirt4j.error;

import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorLevel;
import io.github.libvirt4j.types.ErrorNumber;

/// An answer that contradicts itself or libvirt's promises, such as a list with fewer objects than its count
/// announces. libvirt lets it pass, so this library checks it. Nothing of the answer is used or leaked, and
/// the connection stays open.
///
/// The code is [ErrorNumber#RPC], as of the answers that libvirt itself refuses. The daemon is broken, or is
/// not one: close the connection, and look at what it is connected to.
public final class ProtocolViolationException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for an answer.
    ///
    /// @param function the C function or callback type that gave it
    /// @param violation what is wrong with it
    public ProtocolViolationException(String function, String violation) {
        super(
                function,
                new LibvirtError(
                        ErrorNumber.RPC.value(),
                        ErrorDomain.REMOTE.value(),
                        ErrorLevel.ERROR.value(),
                        violation,
                        null,
                        null,
                        null,
                        0,
                        0));
    }
}
