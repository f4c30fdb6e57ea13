package io.github.libvirt4j.stream;

import java.nio.ByteBuffer;

/// Where the data goes that a stream receives; see
/// [Stream#receiveAll][io.github.libvirt4j.Stream#receiveAll].
///
/// The contract is that of `WritableByteChannel.write`, so that `channel::write` is one.
///
/// @param <X> the checked exceptions it throws, which then come out of the call that asked it
@FunctionalInterface
public interface Sink<X extends Exception> extends ThrowingSink {
    /// Takes data out of `from`, at least a byte; it is called again with what remains.
    ///
    /// Called on the thread that receives, or with a [call
    /// timeout][io.github.libvirt4j.Opening#callTimeout] on one of the library's. The buffer is
    /// libvirt's memory, without a copy in between, and read-only: it dies when this returns, and one that
    /// was kept throws when it is used.
    @Override
    void write(ByteBuffer from) throws X;
}
