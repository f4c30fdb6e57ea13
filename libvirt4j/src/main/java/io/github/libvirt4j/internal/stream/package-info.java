/// The callbacks of streams, and files that their data comes from or goes to.
@NullMarked
package io.github.libvirt4j.internal.stream;

import org.jspecify.annotations.NullMarked;
