/// An emitter for each kind of generated source. Each turns facts into texts; nothing here touches a file.
@NullMarked
package io.github.libvirt4j.codegen.emit;

import org.jspecify.annotations.NullMarked;
