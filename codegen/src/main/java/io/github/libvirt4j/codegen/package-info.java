/// From libvirt's description of its API to Java, in three steps.
///
/// 1. [Distiller][io.github.libvirt4j.codegen.Distiller] takes the facts out of libvirt's XML; they are kept
/// in `codegen/facts/libvirt.tsv`.
/// 2. [Corrections][io.github.libvirt4j.codegen.Corrections] are what the facts do not say, or say wrong:
/// kept by hand.
/// 3. `emit` writes the sources in `libvirt4j/src/generated/java`.
@NullMarked
package io.github.libvirt4j.codegen;

import org.jspecify.annotations.NullMarked;
