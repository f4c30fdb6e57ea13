package io.github.libvirt4j.error;

import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorLevel;
import io.github.libvirt4j.types.ErrorNumber;

/// Thrown when an answer contradicts itself or libvirt's contract, such as a list with fewer objects than its
/// count announces. libvirt does not check such answers, so this library does. No part of the answer is used
/// or leaked, and the connection stays open.
///
/// The code is [ErrorNumber#RPC], the code of the answers that libvirt itself refuses. The daemon is
/// defective, or the peer is not a libvirt daemon: close the connection, and check the peer.
public final class ProtocolViolationException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for an answer.
    ///
    /// @param function the C function or callback type that delivered the answer
    /// @param violation the contradiction
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
