/// Small programs that use libvirt4j.
@NullMarked
package io.github.libvirt4j.examples;

import org.jspecify.annotations.NullMarked;
