/// The core: Java closures where C wants a function pointer and a `void *`.
///
/// In the order a call passes through them: [Upcall][io.github.libvirt4j.internal.callback.Upcall] is the C
/// function of a [CallbackType][io.github.libvirt4j.internal.callback.CallbackType],
/// [Loans][io.github.libvirt4j.internal.callback.Loans] finds the closure by the number in the
/// opaque pointer, [CallScope][io.github.libvirt4j.internal.callback.CallScope] holds a closure for the
/// length of one call, [GlobalHolder][io.github.libvirt4j.internal.callback.GlobalHolder] one for which C
/// has no free callback, and [Uncaught][io.github.libvirt4j.internal.callback.Uncaught] hears of what they
/// throw.
///
/// Knows nothing of libvirt's nouns. Used by `internal` and the API; the design is told in
/// `docs/callbacks.md`.
package io.github.libvirt4j.internal.callback;
