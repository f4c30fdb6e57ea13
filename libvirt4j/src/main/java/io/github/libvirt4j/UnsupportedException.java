package io.github.libvirt4j;

import io.github.libvirt4j.event.EventKind;
import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorLevel;
import io.github.libvirt4j.types.ErrorNumber;
import org.jspecify.annotations.Nullable;

/// The driver, the daemon or the loaded libvirt cannot do this.
public class UnsupportedException extends LibvirtException {
    private static final long serialVersionUID = 1;

    /// An exception for the error of a C function.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public UnsupportedException(String function, LibvirtError error) {
        super(function, error);
    }

    /// For a kind of event that libvirt does not know, the loaded one or that of the daemon.
    static UnsupportedException of(EventKind<?> kind, String whose, Version version) {
        String message = kind + " events come with libvirt " + kind.since() + "; " + whose + " is " + version;
        return new UnsupportedException(
                "registering for events",
                new LibvirtError(
                        ErrorNumber.NO_SUPPORT.value(),
                        ErrorDomain.NONE.value(),
                        ErrorLevel.ERROR.value(),
                        message,
                        null,
                        null,
                        null,
                        0,
                        0),
                message,
                null);
    }

    UnsupportedException(String function, LibvirtError error, String message, @Nullable Throwable cause) {
        super(function, error, message, cause);
    }
}
