package io.github.libvirt4j;

import io.github.libvirt4j.internal.Errors;
import io.github.libvirt4j.internal.NativeObject;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;

/// A Java object that stands for one of libvirt's. Safe for use by any thread.
///
/// Close it when done; one that is forgotten is closed when it is collected. A closed handle refuses every
/// use, and a close during a call on another thread takes effect when that call is done.
abstract sealed class Handle implements AutoCloseable permits Connect, Domain {
    private static final Cleaner CLEANER = Cleaner.create(
            Thread.ofPlatform().daemon().name("libvirt4j-cleaner").factory());

    final NativeObject object;
    private final Cleaner.Cleanable cleanable;

    @SuppressWarnings("this-escape") // The cleaner keeps no more than a weak reference.
    Handle(NativeObject object) {
        this.object = object;
        this.cleanable = CLEANER.register(this, object::close);
    }

    /// A C function of the object that returns −1 on failure.
    @FunctionalInterface
    interface IntCall {
        int on(MemorySegment pointer);
    }

    /// A C function of the object that returns NULL on failure.
    @FunctionalInterface
    interface PointerCall {
        MemorySegment on(MemorySegment pointer);
    }

    /// What is made of a pointer while the object is in use.
    @FunctionalInterface
    interface Made<T> {
        T of(MemorySegment result);
    }

    /// Calls a function while the object is in use, and throws if it fails.
    final int call(String function, IntCall call) {
        MemorySegment pointer = enter();
        try {
            return Errors.check(call.on(pointer), function);
        } finally {
            object.leave();
        }
    }

    /// Calls a function while the object is in use, throws if it fails, and makes something of its result.
    final <T> T call(String function, PointerCall call, Made<T> made) {
        MemorySegment pointer = enter();
        try {
            return made.of(Errors.check(call.on(pointer), function));
        } finally {
            object.leave();
        }
    }

    /// Begins a use, which the caller ends.
    final MemorySegment enter() {
        MemorySegment pointer = object.enter();
        if (pointer == null) {
            throw closed();
        }
        return pointer;
    }

    final IllegalStateException closed() {
        return new IllegalStateException(this + " is closed");
    }

    /// Whether it was closed.
    public final boolean isClosed() {
        return object.isClosed();
    }

    /// Releases it. Closing again does nothing.
    @Override
    public void close() {
        cleanable.clean();
    }
}
