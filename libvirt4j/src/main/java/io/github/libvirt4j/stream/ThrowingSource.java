package io.github.libvirt4j.stream;

import java.nio.ByteBuffer;

/// A [Source] without a type parameter for its checked exceptions.
///
/// This type is for languages without checked exceptions: Kotlin cannot infer the type parameter of [Source]
/// from a lambda, and chooses the overload with this type. javac prefers [Source], which is more specific.
@FunctionalInterface
public interface ThrowingSource {
    /// Puts data into `into`; see [Source#read].
    ///
    /// @return −1 at the end of the data; otherwise any other number
    /// @throws Exception is rethrown by the call that uses the source, as the same object
    int read(ByteBuffer into) throws Exception;
}
