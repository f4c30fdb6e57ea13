package io.github.libvirt4j.internal.callback;

import java.lang.foreign.FunctionDescriptor;

/// A C callback type.
///
/// @param cName its C name, used in reports
/// @param target the interface of what C calls: its method `call` has the C signature with a `long` for each
///     pointer, and its static method `fromC`, with an [Upcall] and a target in front, calls it and contains what
///     it throws
/// @param signature its C signature
/// @param <T> the interface
public record CallbackType<T>(String cName, Class<T> target, FunctionDescriptor signature) {}
