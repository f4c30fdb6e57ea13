package io.github.libvirt4j.stream;

import java.nio.ByteBuffer;

/// A lambda that takes the data a stream receives; see
/// [Stream#receiveAll][io.github.libvirt4j.Stream#receiveAll].
///
/// The contract is that of `WritableByteChannel.write`, so that `channel::write` is a sink.
///
/// @param <X> the checked exceptions of the sink, which the receiving call throws
@FunctionalInterface
public interface Sink<X extends Exception> extends ThrowingSink {
    /// Takes data out of `from`, at least one byte. If data remains in the buffer, the method is called again
    /// with the rest.
    ///
    /// The method runs on the thread that called the receiving method, or with a [call
    /// timeout][io.github.libvirt4j.Opening#callTimeout] on a thread of the library's. The buffer is
    /// libvirt's memory itself, without a copy, and read-only. It is valid until this method returns; any
    /// later use of it throws.
    ///
    /// @param from the data; owned by libvirt
    @Override
    void write(ByteBuffer from) throws X;
}
