package io.github.libvirt4j.stream;

import java.nio.ByteBuffer;

/// A lambda that supplies the data a stream sends; see [Stream#sendAll][io.github.libvirt4j.Stream#sendAll].
///
/// The contract is that of `ReadableByteChannel.read`, so that `channel::read` is a source.
///
/// @param <X> the checked exceptions of the source, which the sending call throws
@FunctionalInterface
public interface Source<X extends Exception> extends ThrowingSource {
    /// Puts data into `into`, starting at its position: at least one byte, unless the data has ended.
    ///
    /// The method runs on the thread that called the sending method, or with a [call
    /// timeout][io.github.libvirt4j.Opening#callTimeout] on a thread of the library's. The buffer is
    /// libvirt's memory itself, without a copy. It is valid until this method returns; any later use of it
    /// throws.
    ///
    /// @param into the buffer to fill; owned by libvirt
    /// @return −1 at the end of the data; otherwise any other number. The position of the buffer determines
    ///     the amount of data, so that it never exceeds the buffer
    @Override
    int read(ByteBuffer into) throws X;
}
