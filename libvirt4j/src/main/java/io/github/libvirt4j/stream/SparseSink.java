package io.github.libvirt4j.stream;

/// Where the data and holes go that a stream receives; see
/// [Stream#sparseReceiveAll][io.github.libvirt4j.Stream#sparseReceiveAll].
///
/// @param <X> the checked exceptions it throws, which then come out of the call that asked it
public interface SparseSink<X extends Exception> extends Sink<X> {
    /// A hole comes: that much reads as zeroes.
    ///
    /// @param length in bytes
    void hole(long length) throws X;
}
