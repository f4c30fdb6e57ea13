package io.github.libvirt4j.stream;

/// A source that supplies the data and the holes a stream sends; see
/// [Stream#sparseSendAll][io.github.libvirt4j.Stream#sparseSendAll].
///
/// @param <X> the checked exceptions of the source, which the sending call throws
public interface SparseSource<X extends Exception> extends Source<X> {
    /// Returns the section at the current position, from there to its end. This method must not move the
    /// position.
    ///
    /// @return the section; [Section#END] at the end of the data
    Section section() throws X;

    /// Advances the position past a hole, or past the rest of a hole.
    ///
    /// @param length the length, in bytes
    void skip(long length) throws X;

    /// A range of data, or a hole: a range that reads as zeroes and occupies no storage.
    ///
    /// @param isData true for data, false for a hole
    /// @param length the length, in bytes
    record Section(boolean isData, long length) {
        /// The end of the data.
        public static final Section END = new Section(false, 0);

        /// Checks the length.
        ///
        /// @throws IllegalArgumentException if the length is negative, or if it is zero for data, which
        ///     libvirt would take for the end
        public Section {
            if (length < 0 || (isData && length == 0)) {
                throw new IllegalArgumentException("A section of " + length + " bytes; at the end it is Section.END");
            }
        }

        /// Returns a section of data.
        ///
        /// @param length the length, in bytes; more than 0
        public static Section data(long length) {
            return new Section(true, length);
        }

        /// Returns a hole.
        ///
        /// @param length the length, in bytes
        public static Section hole(long length) {
            return new Section(false, length);
        }
    }
}
