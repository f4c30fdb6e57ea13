package io.github.libvirt4j.stream;

/// Where the data and holes come from that a stream sends; see
/// [Stream#sparseSendAll][io.github.libvirt4j.Stream#sparseSendAll].
///
/// @param <X> the checked exceptions it throws, which then come out of the call that asked it
public interface SparseSource<X extends Exception> extends Source<X> {
    /// What stands at the position now, and how far it goes. Must not move the position.
    ///
    /// @return [Section#END] at the end
    Section section() throws X;

    /// Moves the position over a hole, or the rest of one.
    ///
    /// @param length in bytes
    void skip(long length) throws X;

    /// A stretch of data, or a hole: one that reads as zeroes and takes no room.
    ///
    /// @param isData whether it is data
    /// @param length in bytes
    record Section(boolean isData, long length) {
        /// There is nothing more.
        public static final Section END = new Section(false, 0);

        /// A stretch.
        ///
        /// @throws IllegalArgumentException if the length is negative, or that of data zero, which libvirt
        ///     would take for the end
        public Section {
            if (length < 0 || (isData && length == 0)) {
                throw new IllegalArgumentException("A section of " + length + " bytes; at the end it is Section.END");
            }
        }

        /// Data of that length.
        public static Section data(long length) {
            return new Section(true, length);
        }

        /// A hole of that length.
        public static Section hole(long length) {
            return new Section(false, length);
        }
    }
}
