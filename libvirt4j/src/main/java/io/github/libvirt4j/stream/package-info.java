/// The lambdas of a [Stream][io.github.libvirt4j.Stream]: where its data comes from and goes to, and who
/// hears that it is ready.
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
