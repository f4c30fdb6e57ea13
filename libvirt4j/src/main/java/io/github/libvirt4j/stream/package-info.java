/// The lambdas of a [Stream][io.github.libvirt4j.Stream]: sources that supply its data, sinks that take its
/// data, and handlers for its readiness.
///
/// ```java
/// try (Stream stream = connect.newStream()) {
///     domain.console().screenshot(stream, 0);
///     stream.receiveAll(from -> channel.write(from));
///     stream.finish();
/// }
/// ```
@NullMarked
package io.github.libvirt4j.stream;

import org.jspecify.annotations.NullMarked;
