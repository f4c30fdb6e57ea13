/// Events of the JDK Flight Recorder. The only package that touches the module `jdk.jfr`, which an image may
/// not have: nothing outside refers to it but [Flight][io.github.libvirt4j.internal.jfr.Flight], if the module
/// is there.
@NullMarked
package io.github.libvirt4j.internal.jfr;

import org.jspecify.annotations.NullMarked;
