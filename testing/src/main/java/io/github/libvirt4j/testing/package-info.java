/// Real daemons, for the tests of the other modules. Knows nothing of the library.
@NullMarked
package io.github.libvirt4j.testing;

import org.jspecify.annotations.NullMarked;
