/// Calls with a time limit, the memory of a call, and whose handler a thread is running.
@NullMarked
package io.github.libvirt4j.internal.call;

import org.jspecify.annotations.NullMarked;
