package io.github.libvirt4j.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.OperationInvalidException;
import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.types.ErrorNumber;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Assertions that libvirt refuses a call.
public final class Refusals {
    private Refusals() {}

    /// With a code, and an exception of any type.
    public static void assertRefused(ErrorNumber code, ThrowingCallable call) {
        assertThrows(LibvirtException.class, code, call);
    }

    /// Because the driver does not have it, with a code.
    public static void assertUnsupported(ErrorNumber code, ThrowingCallable call) {
        assertThrows(UnsupportedException.class, code, call);
    }

    /// Because the driver does not have it.
    public static void assertUnsupported(ThrowingCallable call) {
        assertThatExceptionOfType(UnsupportedException.class).isThrownBy(call);
    }

    /// Because of the state of the object: a domain that does not run, for the most part.
    public static void assertOperationInvalid(ThrowingCallable call) {
        assertThatExceptionOfType(OperationInvalidException.class).isThrownBy(call);
    }

    private static void assertThrows(Class<? extends LibvirtException> type, ErrorNumber code, ThrowingCallable call) {
        assertThatExceptionOfType(type)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }
}
