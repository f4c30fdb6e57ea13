/// C: its functions, memory, text, objects and errors.
@NullMarked
package io.github.libvirt4j.internal.c;

import org.jspecify.annotations.NullMarked;
