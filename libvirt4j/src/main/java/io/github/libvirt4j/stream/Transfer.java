package io.github.libvirt4j.stream;

/// How the content of a volume gets from or into a file: all of it, or a range; as it is, or without its
/// holes; and who hears how far it is. Immutable, for use by any thread: each step gives a new one.
///
/// @param offset where in the volume it begins, in bytes
/// @param length how many bytes; 0 for all there are
/// @param isSparse whether holes are passed on as holes; not every driver and pool has that
/// @param progress hears how far it is
public record Transfer(long offset, long length, boolean isSparse, Progress progress) {
    private static final Transfer WHOLE = new Transfer(0, 0, false, (_, _) -> {});

    /// A transfer.
    ///
    /// @throws IllegalArgumentException if the offset or the length is negative
    public Transfer {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("A transfer of " + length + " bytes from " + offset + " on");
        }
    }

    /// Who hears how far a transfer is.
    @FunctionalInterface
    public interface Progress {
        /// So much is done; called after each piece, on the thread of the transfer, or with a [call
        /// timeout][io.github.libvirt4j.Opening#callTimeout] on one of the library's. To cancel the
        /// transfer, throw: the exception comes out of it.
        ///
        /// @param done bytes so far, of data and holes
        /// @param total bytes that are expected; −1 if that is not known
        void on(long done, long total);
    }

    /// All of it.
    public static Transfer whole() {
        return WHOLE;
    }

    /// From or to another place in the volume than its beginning.
    public Transfer from(long newOffset) {
        return new Transfer(newOffset, length, isSparse, progress);
    }

    /// Exactly that many bytes, fewer are an [java.io.EOFException]; 0 for all there are.
    public Transfer length(long newLength) {
        return new Transfer(offset, newLength, isSparse, progress);
    }

    /// With holes as holes.
    public Transfer sparse() {
        return new Transfer(offset, length, true, progress);
    }

    /// With somebody who hears how far it is.
    public Transfer onProgress(Progress listener) {
        return new Transfer(offset, length, isSparse, listener);
    }
}
