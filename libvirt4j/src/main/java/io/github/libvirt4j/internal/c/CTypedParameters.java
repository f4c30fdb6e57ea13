package io.github.libvirt4j.internal.c;

import io.github.libvirt4j.internal.raw.VirTypedParameter;
import io.github.libvirt4j.types.TypedParameter;
import io.github.libvirt4j.types.TypedParameterType;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// C's arrays of `virTypedParameter`.
public final class CTypedParameters {
    private CTypedParameters() {}

    /// Copies an array that C keeps; NULL if it is empty.
    ///
    /// @throws io.github.libvirt4j.error.ProtocolViolationException if there cannot be so many
    public static TypedParameters copy(MemorySegment array, int count) {
        MemorySegment all = CMemory.array("virTypedParameterPtr", array, count, VirTypedParameter.SIZE);
        List<TypedParameter> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            MemorySegment one = all.asSlice(i * VirTypedParameter.SIZE, VirTypedParameter.SIZE);
            list.add(new TypedParameter(
                    CMemory.boundedString(VirTypedParameter.field(one)), VirTypedParameter.type(one), value(one)));
        }
        return new TypedParameters(list);
    }

    private static @Nullable Object value(MemorySegment one) {
        return switch (TypedParameterType.of(VirTypedParameter.type(one))) {
            case INT -> VirTypedParameter.value_i(one);
            case UINT -> Integer.toUnsignedLong(VirTypedParameter.value_ui(one));
            case LLONG -> VirTypedParameter.value_l(one);
            case ULLONG, UNRECOGNIZED -> VirTypedParameter.value_ul(one);
            case DOUBLE -> VirTypedParameter.value_d(one);
            case BOOLEAN -> VirTypedParameter.value_b(one) != 0;
            case STRING -> CMemory.string(VirTypedParameter.value_s(one));
        };
    }
}
