package io.github.libvirt4j.stream;

/// A sink that takes the data and the holes a stream receives; see
/// [Stream#sparseReceiveAll][io.github.libvirt4j.Stream#sparseReceiveAll].
///
/// @param <X> the checked exceptions of the sink, which the receiving call throws
public interface SparseSink<X extends Exception> extends Sink<X> {
    /// Takes a hole: a range of the given length that reads as zeroes.
    ///
    /// @param length the length of the hole, in bytes
    void hole(long length) throws X;
}
