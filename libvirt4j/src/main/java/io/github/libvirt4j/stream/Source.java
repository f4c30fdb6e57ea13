package io.github.libvirt4j.stream;

import java.nio.ByteBuffer;

/// Where the data comes from that a stream sends; see [Stream#sendAll][io.github.libvirt4j.Stream#sendAll].
///
/// The contract is that of `ReadableByteChannel.read`, so that `channel::read` is one.
///
/// @param <X> the checked exceptions it throws, which then come out of the call that asked it
@FunctionalInterface
public interface Source<X extends Exception> extends ThrowingSource {
    /// Puts data into `into`, from its position on: at least a byte, unless there is no more.
    ///
    /// Called on the thread that sends, or with a [call
    /// timeout][io.github.libvirt4j.Opening#callTimeout] on one of the library's. The buffer is
    /// libvirt's memory, without a copy in between: it dies when this returns, and one that was kept throws
    /// when it is used.
    ///
    /// @return −1 at the end; otherwise any other number. How much data there is says the buffer's
    ///     position, so it is never more than fits
    @Override
    int read(ByteBuffer into) throws X;
}
