package io.github.libvirt4j.internal.c;

import static io.github.libvirt4j.internal.raw.Virterror.virGetLastError;
import static io.github.libvirt4j.internal.raw.Virterror.virResetLastError;

import io.github.libvirt4j.error.LibvirtError;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.internal.raw.VirError;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The last error of a failed call.
///
/// libvirt keeps it per native thread. A virtual thread that parks between the failure and its reading may
/// come back on another carrier and read another's, so [#last] follows the call at once, on the same
/// thread, and everything it needs is linked and initialised beforehand by [#warm].
public final class Errors {
    private static final LibvirtError NONE = new LibvirtError(0, 0, 0, null, null, null, null, 0, 0);

    private Errors() {}

    /// `result`, if the call it is of succeeded; otherwise its exception. Any negative number is a failure.
    public static int check(int result, String function) {
        if (result < 0) {
            throw last(function);
        }
        return result;
    }

    /// `result`, if it is not NULL; otherwise the exception of the call it is of.
    public static MemorySegment check(MemorySegment result, String function) {
        if (CMemory.isNull(result)) {
            throw last(function);
        }
        return result;
    }

    /// The exception for the call that has just failed on this thread.
    public static LibvirtException last(String function) {
        MemorySegment error = virGetLastError();
        // A call can fail and set no error.
        return LibvirtException.of(function, CMemory.isNull(error) ? NONE : copy(error));
    }

    /// Copies a `virError` while it is valid.
    public static LibvirtError copy(MemorySegment pointer) {
        MemorySegment error = CMemory.view(pointer, VirError.SIZE);
        return new LibvirtError(
                VirError.code(error),
                VirError.domain(error),
                VirError.level(error),
                CMemory.string(VirError.message(error)),
                CMemory.string(VirError.str1(error)),
                CMemory.string(VirError.str2(error)),
                CMemory.string(VirError.str3(error)),
                VirError.int1(error),
                VirError.int2(error));
    }

    /// Runs code that may call libvirt inside an error handler, and leaves the failing call's error as it
    /// was before.
    ///
    /// libvirt has no public function that sets the last error. But what it gives an error handler *is* the
    /// thread's last error, of a public layout: so its bytes are put aside, with the strings they own,
    /// nobody's calls can erase them, and they are put back over what those calls have left.
    static void preserving(MemorySegment pointer, Runnable code) {
        MemorySegment error = CMemory.view(pointer, VirError.SIZE);
        byte[] aside = error.toArray(ValueLayout.JAVA_BYTE);
        error.fill((byte) 0);
        try {
            code.run();
        } finally {
            virResetLastError();
            MemorySegment.copy(aside, 0, error, ValueLayout.JAVA_BYTE, 0, aside.length);
        }
    }

    /// Does once, with a made-up error, all that [#last] does.
    static void warm() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(VirError.SIZE, Long.BYTES);
            VirError.code(error, 1);
            VirError.message(error, arena.allocateFrom("warm"));
            throw LibvirtException.of(last("warm").function(), copy(error));
        } catch (LibvirtException expected) {
            virResetLastError();
        }
    }
}
