package io.github.libvirt4j.stream;

import java.nio.ByteBuffer;

/// A [Source] that does not say which checked exceptions it throws.
///
/// It is for languages without checked exceptions: Kotlin cannot infer the type parameter of [Source] from a
/// lambda, and takes the overload with this type instead. The compiler of Java prefers [Source], the more
/// specific of the two.
@FunctionalInterface
public interface ThrowingSource {
    /// Puts data into `into`; see [Source#read].
    ///
    /// @return −1 at the end; otherwise any other number
    /// @throws Exception comes out of the call that asked the source, the same object
    int read(ByteBuffer into) throws Exception;
}
