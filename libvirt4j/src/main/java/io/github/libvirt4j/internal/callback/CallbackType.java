package io.github.libvirt4j.internal.callback;

import java.lang.foreign.FunctionDescriptor;

/// A C callback type.
///
/// @param cName its C name, used in reports
/// @param signature its C signature
/// @param <T> the interface of what C calls: its method `call` has the C signature with a `long` for each pointer
@SuppressWarnings("UnusedTypeParameter") // Tells which interface a lambda for this type has.
public record CallbackType<T extends Upcall.Target>(String cName, FunctionDescriptor signature) {}
