package io.github.libvirt4j.internal.c;

import static io.github.libvirt4j.internal.raw.LibvirtCommon.virTypedParamsClear;
import static io.github.libvirt4j.internal.raw.LibvirtCommon.virTypedParamsFree;

import io.github.libvirt4j.error.ProtocolViolationException;
import io.github.libvirt4j.internal.raw.TypedParameterType;
import io.github.libvirt4j.internal.raw.VirTypedParameter;
import io.github.libvirt4j.types.TypedParameter;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// C's arrays of `virTypedParameter`, which go both ways: [#copy], [#take] and [#clear] for those that come
/// from C, [#array] for those that go there.
public final class CTypedParameters {
    /// More than any driver gives: libvirt carries so many of all domains' statistics
    /// (`REMOTE_CONNECT_GET_ALL_DOMAIN_STATS_MAX`).
    static final int MOST = 262_144;

    private CTypedParameters() {}

    /// Links what [#take] and [#clear] free with, before C gives anything: linking can fail.
    public static void makeReady() {
        virTypedParamsClear(MemorySegment.NULL, 0);
        virTypedParamsFree(MemorySegment.NULL, 0);
    }

    /// Copies an array that C keeps; NULL if it is empty.
    ///
    /// @throws ProtocolViolationException if there cannot be so many
    public static TypedParameters copy(MemorySegment array, int count) {
        return copy("virTypedParameterPtr", array, count);
    }

    /// Copies an array that C keeps; NULL if it is empty.
    ///
    /// @param function C's function that gave it
    /// @throws ProtocolViolationException if there cannot be so many
    public static TypedParameters copy(String function, MemorySegment array, int count) {
        MemorySegment all = CMemory.array(function, array, count, VirTypedParameter.SIZE);
        List<TypedParameter> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            TypedParameter parameter = get(all.asSlice(i * VirTypedParameter.SIZE, VirTypedParameter.SIZE));
            if (parameter != null) {
                list.add(parameter);
            }
        }
        return new TypedParameters(list);
    }

    /// Null for one that C left out, as `virDomainGetCPUStats` does in the middle of its array: all of it is
    /// 0.
    private static @Nullable TypedParameter get(MemorySegment one) {
        int type = VirTypedParameter.type(one);
        MemorySegment field = VirTypedParameter.field(one);
        if (type == 0 && field.get(ValueLayout.JAVA_BYTE, 0) == 0) {
            return null;
        }
        String name = CMemory.boundedString(field);
        return switch (TypedParameterType.of(type)) {
            case INT -> new TypedParameter.OfInt(name, VirTypedParameter.value_i(one));
            case UINT ->
                new TypedParameter.OfUnsignedInt(name, Integer.toUnsignedLong(VirTypedParameter.value_ui(one)));
            case LLONG -> new TypedParameter.OfLong(name, VirTypedParameter.value_l(one));
            case ULLONG -> new TypedParameter.OfUnsignedLong(name, VirTypedParameter.value_ul(one));
            case DOUBLE -> new TypedParameter.OfDouble(name, VirTypedParameter.value_d(one));
            case BOOLEAN -> new TypedParameter.OfBoolean(name, VirTypedParameter.value_b(one) != 0);
            case STRING -> new TypedParameter.OfString(name, CMemory.string(VirTypedParameter.value_s(one)));
            case UNRECOGNIZED -> new TypedParameter.Unrecognized(name, type, VirTypedParameter.value_ul(one));
        };
    }

    /// Copies an array that C gave away, and frees it with `virTypedParamsFree`, once, whatever happens.
    ///
    /// @param function C's function that gave it
    /// @throws ProtocolViolationException if there cannot be so many; then only the array itself is freed, as
    ///     nothing is known of its strings
    public static TypedParameters take(String function, MemorySegment array, int count) {
        boolean possible = count >= 0 && count <= MOST;
        Consumer<MemorySegment> back = given -> virTypedParamsFree(given, possible ? count : 0);
        try {
            return copy(function, array, possible ? count : checkCount(function, count));
        } finally {
            CMemory.giveBack(array, back);
        }
    }

    /// An array with room for so many, all 0.
    public static MemorySegment room(Arena arena, int count) {
        return arena.allocate(Math.max(1, count) * VirTypedParameter.SIZE, Long.BYTES);
    }

    /// Copies what C has filled an array of ours with, and frees the strings in it.
    ///
    /// @param room the whole array
    /// @param count how many C says it has filled
    /// @throws ProtocolViolationException if there are not so many in it
    public static TypedParameters takeFilled(String function, MemorySegment room, int count) {
        int most = (int) (room.byteSize() / VirTypedParameter.SIZE);
        try {
            return copy(function, room, CMemory.count(function, count, most));
        } finally {
            clear(room);
        }
    }

    /// Copies an array of several sets that C has filled, and frees the strings in it. The sets are one
    /// behind the other and all of the same size (`virDomainGetCPUStats`). A set can have fewer than there is
    /// room for; what C left 0 is not in it.
    ///
    /// @param sets how many
    public static List<TypedParameters> takeFilledSets(String function, MemorySegment room, int sets) {
        long size = room.byteSize() / sets;
        int most = (int) (size / VirTypedParameter.SIZE);
        try {
            List<TypedParameters> all = new ArrayList<>(sets);
            for (int i = 0; i < sets; i++) {
                all.add(copy(function, room.asSlice(i * size, size), most));
            }
            return List.copyOf(all);
        } finally {
            clear(room);
        }
    }

    /// Frees the strings in an array of ours, whether C says that it has filled it or not: what it has not
    /// touched is 0, of no type.
    private static void clear(MemorySegment room) {
        CMemory.giveBack(room, all -> virTypedParamsClear(all, (int) (all.byteSize() / VirTypedParameter.SIZE)));
    }

    /// A count that C was asked for.
    ///
    /// @throws ProtocolViolationException if it is negative, or larger than any driver's
    public static int checkCount(String function, int count) {
        if (count < 0 || count > MOST) {
            throw new ProtocolViolationException(
                    function, "announced " + count + " parameters; libvirt carries " + MOST);
        }
        return count;
    }

    /// An array for C, with its strings, in `arena`.
    ///
    /// @throws IllegalArgumentException if a name or value cannot be C's; the message has the name
    public static MemorySegment array(Arena arena, TypedParameters parameters) {
        List<TypedParameter> list = parameters.list();
        MemorySegment array = room(arena, list.size());
        for (int i = 0; i < list.size(); i++) {
            set(arena, array.asSlice(i * VirTypedParameter.SIZE, VirTypedParameter.SIZE), list.get(i));
        }
        return array;
    }

    private static void set(Arena arena, MemorySegment one, TypedParameter parameter) {
        String what = "Parameter '" + parameter.name() + "'";
        MemorySegment name = CMemory.string(arena, parameter.name(), "The name of " + what);
        MemorySegment field = VirTypedParameter.field(one);
        long length = CMemory.length(name);
        if (length >= field.byteSize()) {
            throw new IllegalArgumentException(what + " has a name of " + length + " bytes; C has room for "
                    + (field.byteSize() - 1));
        }
        MemorySegment.copy(name, 0, field, 0, length);
        VirTypedParameter.type(one, value(arena, one, what, parameter).value());
    }

    /// Sets the value, and says which type it is of. No switch over types: the VM would link it at its first
    /// use, and a failure there is final.
    private static TypedParameterType value(
            Arena arena, MemorySegment one, String what, TypedParameter parameter) {
        if (parameter instanceof TypedParameter.OfInt number) {
            VirTypedParameter.value_i(one, number.value());
            return TypedParameterType.INT;
        } else if (parameter instanceof TypedParameter.OfUnsignedInt number) {
            VirTypedParameter.value_ui(one, number.value().intValue());
            return TypedParameterType.UINT;
        } else if (parameter instanceof TypedParameter.OfLong number) {
            VirTypedParameter.value_l(one, number.value());
            return TypedParameterType.LLONG;
        } else if (parameter instanceof TypedParameter.OfUnsignedLong number) {
            VirTypedParameter.value_ul(one, number.value());
            return TypedParameterType.ULLONG;
        } else if (parameter instanceof TypedParameter.OfDouble number) {
            VirTypedParameter.value_d(one, number.value());
            return TypedParameterType.DOUBLE;
        } else if (parameter instanceof TypedParameter.OfBoolean truth) {
            VirTypedParameter.value_b(one, (byte) (truth.value() ? 1 : 0));
            return TypedParameterType.BOOLEAN;
        } else if (parameter instanceof TypedParameter.OfString string) {
            if (string.value() == null) {
                throw new IllegalArgumentException(what + " has no value; C wants one");
            }
            VirTypedParameter.value_s(one, CMemory.string(arena, string.value(), what));
            return TypedParameterType.STRING;
        }
        throw new IllegalArgumentException(what + " is of a type newer than this libvirt4j and cannot be sent ("
                + parameter + "); leave it out");
    }
}
