package io.github.libvirt4j.stream;

import java.nio.ByteBuffer;

/// A [Sink] that does not say which checked exceptions it throws.
///
/// It is for languages without checked exceptions: Kotlin cannot infer the type parameter of [Sink] from a
/// lambda, and takes the overload with this type instead. The compiler of Java prefers [Sink], the more
/// specific of the two.
@FunctionalInterface
public interface ThrowingSink {
    /// Takes data out of `from`; see [Sink#write].
    ///
    /// @throws Exception comes out of the call that asked the sink, the same object
    void write(ByteBuffer from) throws Exception;
}
