package io.github.libvirt4j.stream;

import java.nio.ByteBuffer;

/// A [Sink] without a type parameter for its checked exceptions.
///
/// This type is for languages without checked exceptions: Kotlin cannot infer the type parameter of [Sink]
/// from a lambda, and chooses the overload with this type. javac prefers [Sink], which is more specific.
@FunctionalInterface
public interface ThrowingSink {
    /// Takes data out of `from`; see [Sink#write].
    ///
    /// @throws Exception is rethrown by the call that uses the sink, as the same object
    void write(ByteBuffer from) throws Exception;
}
