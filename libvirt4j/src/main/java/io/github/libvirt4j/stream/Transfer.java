package io.github.libvirt4j.stream;

/// The settings of a download or upload of a volume: its range, its treatment of holes, and a handler for its
/// progress. Default ([#whole]): the whole volume, holes as zeroes, no handler. Immutable, safe for use by
/// any thread: each method returns a new object.
///
/// @param offset the start of the range in the volume, in bytes
/// @param length the length of the range, in bytes; 0 for all that follows
/// @param isSparse whether holes are transferred as holes; not every driver and pool supports this
/// @param progress the handler for the progress
public record Transfer(long offset, long length, boolean isSparse, Progress progress) {
    private static final Transfer WHOLE = new Transfer(0, 0, false, (_, _) -> {});

    /// Checks the range.
    ///
    /// @throws IllegalArgumentException if the offset or the length is negative
    public Transfer {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("A transfer of " + length + " bytes from " + offset + " on");
        }
    }

    /// A lambda that receives the progress of a transfer.
    @FunctionalInterface
    public interface Progress {
        /// Receives the progress after each piece, on the thread of the transfer, or with a [call
        /// timeout][io.github.libvirt4j.Opening#callTimeout] on a thread of the library's. An exception of
        /// this method cancels the transfer, which throws it.
        ///
        /// @param done the number of bytes transferred so far, data and holes together
        /// @param total the expected number of bytes; −1 if not known
        void on(long done, long total);
    }

    /// Returns the default: a transfer of the whole volume, with holes as zeroes.
    public static Transfer whole() {
        return WHOLE;
    }

    /// Returns this transfer with another start of its range. Default: the beginning of the volume.
    ///
    /// @param newOffset the start in the volume, in bytes
    /// @throws IllegalArgumentException if it is negative
    public Transfer from(long newOffset) {
        return new Transfer(newOffset, length, isSparse, progress);
    }

    /// Returns this transfer with a length. The transfer throws a [java.io.EOFException] if there are fewer
    /// bytes. Default: 0, all that follows.
    ///
    /// @param newLength the exact length, in bytes; 0 for all that follows
    /// @throws IllegalArgumentException if it is negative
    public Transfer length(long newLength) {
        return new Transfer(offset, newLength, isSparse, progress);
    }

    /// Returns this transfer with holes as holes. Default: holes are transferred as zeroes.
    public Transfer sparse() {
        return new Transfer(offset, length, true, progress);
    }

    /// Returns this transfer with a handler for its progress. Default: none.
    ///
    /// @param listener the handler; replaces an earlier one
    public Transfer onProgress(Progress listener) {
        return new Transfer(offset, length, isSparse, listener);
    }
}
