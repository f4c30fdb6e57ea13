package io.github.libvirt4j;

import io.github.libvirt4j.error.CallAbandonedException;
import io.github.libvirt4j.error.DisconnectedException;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import io.github.libvirt4j.internal.Log;
import io.github.libvirt4j.internal.Observers;
import io.github.libvirt4j.internal.c.CArguments;
import io.github.libvirt4j.internal.c.CArrays;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.CStrings;
import io.github.libvirt4j.internal.c.CTypedParameters;
import io.github.libvirt4j.internal.c.CpuMaps;
import io.github.libvirt4j.internal.c.Errors;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.internal.c.StackProbe;
import io.github.libvirt4j.internal.call.CallMemory;
import io.github.libvirt4j.internal.call.LastingMemory;
import io.github.libvirt4j.internal.call.TimedCalls;
import io.github.libvirt4j.internal.link.Generations;
import io.github.libvirt4j.internal.loop.ProcessLoop;
import io.github.libvirt4j.types.ErrorNumber;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A Java object that represents one of libvirt's. Safe for use by any thread.
///
/// Close it when done; a forgotten handle is closed when it is collected. A closed handle refuses every use,
/// and a close during a call on another thread takes effect when that call returns.
abstract sealed class Handle implements AutoCloseable permits Connection, Identified, Stream {
    final NativeObject object;

    /// Null if calls have no time limit.
    final @Nullable TimedCalls timedCalls;

    /// A handle that represents nothing until [NativeObject#begin]: C is called when everything that needs
    /// memory is there.
    ///
    /// @param parent the connection it comes from; null for a connection
    @SuppressWarnings("this-escape") // As a phantom reference.
    Handle(@Nullable NativeObject parent, NativeObject.Release release, @Nullable TimedCalls timedCalls) {
        NativeObject.closeForgotten();
        this.object = new NativeObject(this, parent, release);
        this.timedCalls = timedCalls;
    }

    /// Takes the steps that can fail for want of a thread, before C is called.
    static void makeReady() {
        NativeObject.makeReady();
    }

    /// A C function of the object that returns −1 on failure.
    @FunctionalInterface
    interface IntCall {
        int on(MemorySegment pointer);
    }

    /// A C function of the object that returns 0 on failure.
    @FunctionalInterface
    interface LongCall {
        long on(MemorySegment pointer);
    }

    /// A C function of the object that returns NULL on failure.
    @FunctionalInterface
    interface PointerCall {
        MemorySegment on(MemorySegment pointer);
    }

    /// A C function of the object that fills memory and returns −1 on failure.
    @FunctionalInterface
    interface FillCall {
        int on(MemorySegment pointer, MemorySegment memory);
    }

    /// A C function of the object that takes arguments made of Java's values and returns −1 on failure.
    @FunctionalInterface
    interface ArgumentsCall {
        int on(MemorySegment pointer, CArguments in);
    }

    /// A C function of the object that takes arguments made of Java's values and returns NULL on failure.
    @FunctionalInterface
    interface PointerArgumentsCall {
        MemorySegment on(MemorySegment pointer, CArguments in);
    }

    /// A C function of the object that takes arguments made of Java's values, fills memory and returns −1 on
    /// failure.
    @FunctionalInterface
    interface FillArgumentsCall {
        int on(MemorySegment pointer, CArguments in, MemorySegment memory);
    }

    /// A C function of the object that gives typed parameters, or structs, and their number.
    @FunctionalInterface
    interface ParametersCall {
        int on(MemorySegment pointer, CArguments in, MemorySegment params, MemorySegment nparams);
    }

    /// A C function of the object that fills bit maps, of `length` bytes each.
    @FunctionalInterface
    interface CpuMapsCall {
        int on(MemorySegment pointer, MemorySegment maps, int length);
    }

    /// Work with the object, with memory for the arguments of a call.
    @FunctionalInterface
    interface Use<T extends @Nullable Object> {
        T of(MemorySegment pointer, CArguments in);
    }

    /// Makes something of memory.
    @FunctionalInterface
    interface Made<T> {
        T of(MemorySegment memory);

        /// Gives memory back that nothing was made of.
        default void giveBack(MemorySegment memory) {}
    }

    /// Makes handles of pointers that C gave, or gives the pointers back if there is no memory for a handle.
    /// Call it before C is called.
    ///
    /// @param handle makes a handle that represents nothing yet
    static <T extends Handle> Made<T> owning(Supplier<T> handle, NativeObject.Release release) {
        Consumer<MemorySegment> back = release::release;
        return new Made<>() {
            @Override
            public T of(MemorySegment pointer) {
                T made = null;
                try {
                    made = handle.get();
                } finally {
                    if (made == null) {
                        giveBack(pointer);
                    }
                }
                made.object.begin(pointer);
                return made;
            }

            @Override
            public void giveBack(MemorySegment pointer) {
                CMemory.giveBack(pointer, back);
            }
        };
    }

    /// The connection that this handle is, or came from.
    abstract Connection connection();

    /// The exception of the call that has just failed on this thread. The caller is using the object.
    final LibvirtException failed(String function) {
        LibvirtException e = Errors.last(function);
        // libvirt has no code for a broken connection: the call fails with whatever the socket said.
        return e.getClass() == LibvirtException.class && connection().isBroken()
                ? new DisconnectedException(function, e.error())
                : e;
    }

    /// Returns `result` if it is not negative; otherwise throws the exception of the call.
    final int check(int result, String function) {
        if (result < 0) {
            throw failed(function);
        }
        return result;
    }

    /// Returns `result` if it is not NULL; otherwise throws the exception of the call.
    final MemorySegment check(MemorySegment result, String function) {
        if (CMemory.isNull(result)) {
            throw failed(function);
        }
        return result;
    }

    /// Does work that calls C, within the connection's time limit if it has one. The work then runs on
    /// another thread, and its caller may be gone when it is done: `work` takes and gives back everything it
    /// uses.
    ///
    /// On the event loop there is no limit, because its thread must not wait for another.
    final <T extends @Nullable Object> T timed(String function, Supplier<T> work) {
        return timed(function, null, work);
    }

    /// Does work that calls C and runs closures, within the time limit of the connection.
    ///
    /// @param waitingSince the time since which C has been at work, by [System#nanoTime]
    final <T extends @Nullable Object> T timed(String function, @Nullable LongSupplier waitingSince, Supplier<T> work) {
        TimedCalls limited = timedCallsHere();
        return limited == null ? work.get() : limited.call(function, waitingSince, work);
    }

    /// Does work that ends something, which may ask the other side. When the time limit expires, the work
    /// continues in the background; if it could not begin, it begins there when it can.
    final void endTimed(String what, Runnable work) {
        TimedCalls limited = timedCallsHere();
        if (limited == null) {
            work.run();
            return;
        }
        try {
            limited.end(what, work);
        } catch (CallAbandonedException e) {
            Log.warning("{0}", e.getMessage());
        }
    }

    /// Null if calls of this thread have no time limit.
    private @Nullable TimedCalls timedCallsHere() {
        return timedCalls == null || ProcessLoop.isCurrentThread() ? null : timedCalls;
    }

    /// Memory for the duration of a call, which the caller closes. With a time limit the call can outlast its
    /// caller, and the last of the two frees the memory.
    final Arena arena() {
        TimedCalls limited = timedCallsHere();
        return limited == null || limited.isMaking() ? CallMemory.take() : LastingMemory.open();
    }

    /// Does something with the object while it is in use, within the connection's time limit. Memory of `in`
    /// lives as long as `use` runs, however long the caller waits.
    ///
    /// It is the one way into C of a handle's methods; the helpers below are short forms of it.
    final <T extends @Nullable Object> T using(String function, Use<T> use) {
        // Without a limit there is no need for another closure.
        return timedCalls == null ? inUse(function, use) : timed(function, () -> inUse(function, use));
    }

    /// Does something with the object while it is in use, on the calling thread and without a time limit.
    final <T extends @Nullable Object> T inUse(String function, Use<T> use) {
        MemorySegment pointer = enter();
        try (CArguments in = new CArguments()) {
            return Observers.isEmpty()
                    ? use.of(pointer, in)
                    : Observers.call(connection().toString(), function, () -> use.of(pointer, in));
        } finally {
            object.leave();
        }
    }

    /// Calls a function, and throws if it fails.
    final int call(String function, IntCall call) {
        return using(function, (p, _) -> check(call.on(p), function));
    }

    /// Calls a function that returns a number, or 0 on failure.
    final long positive(String function, LongCall call) {
        return using(function, (p, _) -> {
            long result = call.on(p);
            if (result == 0) {
                throw failed(function);
            }
            return result;
        });
    }

    /// Calls a function that answers yes or no.
    final boolean isTrue(String function, IntCall call) {
        return call(function, call) == 1;
    }

    /// Calls a function, throws if it fails, and makes something of its result.
    final <T> T call(String function, PointerCall call, Made<T> made) {
        return using(function, (p, _) -> made.of(check(call.on(p), function)));
    }

    /// Calls a function that gives a string away.
    final String takeString(String function, PointerCall call) {
        return call(function, call, string -> Objects.requireNonNull(CMemory.takeString(string)));
    }

    /// Calls a function that shows a string it keeps.
    final String keptString(String function, PointerCall call) {
        return call(function, call, string -> Objects.requireNonNull(CMemory.string(string)));
    }

    /// Calls a function that shows an object it keeps, and makes a handle with a reference of its own
    /// (`virNetworkPortGetNetwork`).
    ///
    /// @param ref C's function that adds a reference to that object
    final <T extends Handle> T keptObject(String function, PointerCall call, IntCall ref, Made<T> made) {
        return call(function, call, kept -> {
            check(ref.on(kept), function);
            return made.of(kept);
        });
    }

    /// Calls a function that fills `size` bytes, and makes something of them.
    final <T> T fill(String function, long size, FillCall call, Made<T> made) {
        return fill(function, size, (pointer, _, memory) -> call.on(pointer, memory), made);
    }

    /// Calls a function that fills an int.
    final int fillInt(String function, FillCall call) {
        return fill(function, Integer.BYTES, call, memory -> memory.get(ValueLayout.JAVA_INT, 0));
    }

    /// Calls a function that fills an unsigned long.
    final long fillLong(String function, FillCall call) {
        return fill(function, Long.BYTES, call, memory -> memory.get(ValueLayout.JAVA_LONG, 0));
    }

    /// Calls a function that makes an array of objects (`virConnectListAll…`), and makes handles that own
    /// them.
    final <T extends Handle> List<T> list(String function, FillCall call, Made<T> made) {
        Function<MemorySegment, T> of = made::of;
        Consumer<MemorySegment> back = made::giveBack;
        return using(function, (pointer, in) -> {
            MemorySegment array = in.room(Long.BYTES);
            int count = check(call.on(pointer, array), function);
            return CArrays.own(function, CMemory.pointer(array, 0), count, CArrays.End.AT_NULL, of, back);
        });
    }

    private static void closeAll(List<? extends Handle> handles) {
        for (Handle handle : handles) {
            handle.close();
        }
    }

    /// Refuses text that cannot be C's before anything else is done.
    ///
    /// @param what names it in the exception
    static void checkText(@Nullable String text, String what) {
        try (CArguments in = new CArguments()) {
            in.stringOrNull(text, what);
        }
    }

    /// Calls a function with arguments made of Java's values, and throws if it fails.
    ///
    /// ```java
    /// call("virDomainRename", (p, in) -> virDomainRename(p, in.string(name, "name"), 0));
    /// ```
    final int call(String function, ArgumentsCall call) {
        return using(function, (p, in) -> check(call.on(p, in), function));
    }

    /// Calls a function with arguments made of Java's values, throws if it fails, and makes something of its
    /// result.
    final <T> T call(String function, PointerArgumentsCall call, Made<T> made) {
        return using(function, (p, in) -> made.of(check(call.on(p, in), function)));
    }

    /// Calls a function that takes arguments made of Java's values and gives a string away.
    final String takeString(String function, PointerArgumentsCall call) {
        return call(function, call, string -> Objects.requireNonNull(CMemory.takeString(string)));
    }

    /// Calls a function that takes arguments made of Java's values and fills `size` bytes, and makes
    /// something of them.
    final <T> T fill(String function, long size, FillArgumentsCall call, Made<T> made) {
        return using(function, (p, in) -> {
            MemorySegment memory = in.room(size);
            check(call.on(p, in, memory), function);
            return made.of(memory);
        });
    }

    /// Calls a function that returns the number of typed parameters if it is given NULL and 0, and fills an
    /// array of that length (`virDomainGetMemoryParameters`).
    ///
    /// libvirt adds `VIR_TYPED_PARAM_STRING_OKAY` itself. Parameters added between the two calls are left
    /// out.
    final TypedParameters fillParameters(String function, ParametersCall call) {
        return using(function, (p, in) -> {
            MemorySegment count = in.room(Integer.BYTES);
            check(call.on(p, in, MemorySegment.NULL, count), function);
            int most = CTypedParameters.checkCount(function, count.get(ValueLayout.JAVA_INT, 0));
            return most == 0 ? new TypedParameters(List.of()) : filled(function, call, p, in, most);
        });
    }

    /// Calls a function that fills an array of typed parameters whose number another function has returned
    /// (`virDomainGetSchedulerParametersFlags`).
    ///
    /// @param most for how many there is to be room
    final TypedParameters fillParameters(String function, int most, ParametersCall call) {
        return using(function, (p, in) -> filled(function, call, p, in, CTypedParameters.checkCount(function, most)));
    }

    private TypedParameters filled(
            String function, ParametersCall call, MemorySegment pointer, CArguments in, int most) {
        CTypedParameters.makeReady();
        MemorySegment params = CTypedParameters.room(in.memory(), most);
        MemorySegment count = in.room(Integer.BYTES);
        count.set(ValueLayout.JAVA_INT, 0, most);
        // A call that fails has filled nothing: C frees what it has made by then.
        check(call.on(pointer, in, params, count), function);
        return CTypedParameters.takeFilled(function, params, count.get(ValueLayout.JAVA_INT, 0));
    }

    /// Calls a function that makes an array of typed parameters and gives it away (`virDomainGetGuestInfo`).
    final TypedParameters takeParameters(String function, ParametersCall call) {
        return using(function, (p, in) -> takeParameters(function, p, in, call));
    }

    /// Takes parameters within a [#using], for values that C returns beside them (`virDomainGetJobStats`).
    final TypedParameters takeParameters(String function, MemorySegment pointer, CArguments in, ParametersCall call) {
        CTypedParameters.makeReady();
        MemorySegment params = in.room(Long.BYTES);
        MemorySegment count = in.room(Integer.BYTES);
        check(call.on(pointer, in, params, count), function);
        return CTypedParameters.take(function, CMemory.pointer(params, 0), count.get(ValueLayout.JAVA_INT, 0));
    }

    /// Calls a function that makes a list of strings and gives it away (`virConnectGetCPUModelNames`).
    ///
    /// @param call is given where to put the pointer to the array, and returns the number of strings
    final List<String> takeStrings(String function, CArrays.End end, FillArgumentsCall call) {
        return using(function, (p, in) -> {
            MemorySegment array = in.room(Long.BYTES);
            int count = check(call.on(p, in, array), function);
            return CStrings.take(function, CMemory.pointer(array, 0), count, end);
        });
    }

    /// Calls a function that makes an array of pointers to structs and gives all away
    /// (`virNetworkGetDHCPLeases`).
    ///
    /// @param size of a struct
    /// @param call is given where to put the pointer to the array, and returns the number of structs
    /// @param copy makes something of a struct
    /// @param free C's function that frees one with all it points to; it is linked before C gives any
    final <T> List<T> takeStructs(
            String function,
            CArrays.End end,
            long size,
            FillArgumentsCall call,
            Made<T> copy,
            NativeObject.Release free) {
        return using(function, (p, in) -> {
            free.release(MemorySegment.NULL);
            MemorySegment array = in.room(Long.BYTES);
            int count = check(call.on(p, in, array), function);
            return CArrays.take(
                    function,
                    CMemory.pointer(array, 0),
                    count,
                    end,
                    struct -> copy.of(CMemory.view(struct, size)),
                    free);
        });
    }

    /// Calls a function that fills an array of structs (`virDomainGetDiskErrors`).
    ///
    /// @param most for how many there is to be room
    /// @param size of a struct
    /// @param call is given the array, all 0, and returns the number of structs it has filled
    /// @param copy makes something of a struct
    /// @param free frees what a struct points to, and does nothing to one that is 0
    final <T> List<T> fillStructs(
            String function, int most, long size, FillArgumentsCall call, Made<T> copy, NativeObject.Release free) {
        return using(function, (p, in) -> {
            MemorySegment array = CArrays.room(in.memory(), function, most, size);
            int count = check(call.on(p, in, array), function);
            return CArrays.takeFilled(function, array, size, count, copy::of, free::release);
        });
    }

    /// Calls a function that returns the number of structs if it is given NULL and 0, and fills an array of
    /// that length (`virNodeGetCPUStats`).
    ///
    /// @param size of a struct, which points to nothing
    /// @param copy makes something of a struct
    final <T> List<T> fillStructs(String function, long size, ParametersCall call, Made<T> copy) {
        return using(function, (p, in) -> {
            MemorySegment count = in.room(Integer.BYTES);
            check(call.on(p, in, MemorySegment.NULL, count), function);
            int most = count.get(ValueLayout.JAVA_INT, 0);
            MemorySegment array = CArrays.room(in.memory(), function, most, size);
            if (most > 0) {
                check(call.on(p, in, array, count), function);
            }
            return CArrays.takeFilled(function, array, size, count.get(ValueLayout.JAVA_INT, 0), copy::of, _ -> {});
        });
    }

    /// Calls a function that fills bit maps, one behind the other (`virDomainGetVcpuPinInfo`).
    ///
    /// @param most for how many maps there is to be room
    /// @param cpus how many processors each is to have
    /// @param call returns how many maps it has filled
    final List<BitSet> fillCpuMaps(String function, int most, int cpus, CpuMapsCall call) {
        return using(function, (p, in) -> {
            int length = Math.max(1, CpuMaps.length(cpus));
            MemorySegment maps = CpuMaps.room(in.memory(), function, most, length);
            int count = CMemory.count(function, check(call.on(p, maps, length), function), most);
            return CpuMaps.list(maps, count, length);
        });
    }

    /// Returns the identities of handles, and closes the handles.
    static <T extends Handle, I> List<I> identities(List<T> handles, Function<T, I> identity) {
        try {
            return handles.stream().map(identity).toList();
        } finally {
            closeAll(handles);
        }
    }

    /// Turns a lookup's exception of that code into an empty result. Other exceptions, as of a pool that is
    /// gone, are thrown.
    static <T> Optional<T> find(ErrorNumber missing, Supplier<T> lookup) {
        try {
            return Optional.of(lookup.get());
        } catch (NotFoundException e) {
            if (e.code() == missing) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// Returns a duration in seconds. A fraction is refused rather than cut off: to libvirt zero has a meaning
    /// of its own. A negative duration would be a very long one where C's argument is unsigned.
    static int seconds(Duration duration, String what) {
        long seconds = duration.toSeconds();
        if (!duration.equals(Duration.ofSeconds(seconds)) || seconds < 0 || seconds != (int) seconds) {
            throw new IllegalArgumentException(
                    what + " is " + duration + "; libvirt accepts whole seconds, from 0 to " + Integer.MAX_VALUE);
        }
        return (int) seconds;
    }

    /// Begins a use, which the caller ends.
    final MemorySegment enter() {
        // An overflow between here and the leave would leave the use counted, and the connection never closed.
        StackProbe.brief();
        MemorySegment pointer = object.enter();
        if (pointer == null) {
            throw closed();
        }
        return pointer;
    }

    /// The exception for a use of a closed handle.
    final RuntimeException closed() {
        RuntimeException ended = Generations.exception(connection(), this);
        return ended == null ? new IllegalStateException(this + " is closed") : ended;
    }

    /// Whether the handle was closed.
    public final boolean isClosed() {
        return object.isClosed();
    }

    /// Closes the handle, and releases libvirt's object. Closing again does nothing.
    @Override
    public void close() {
        StackProbe.brief();
        object.close();
    }
}
