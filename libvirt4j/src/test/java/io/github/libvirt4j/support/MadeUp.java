package io.github.libvirt4j.support;

import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Calls of methods with arguments that are made up.
public final class MadeUp {
    private MadeUp() {}

    /// An argument for each parameter of a method: `x` for a string, no flags, the first constant of an enum.
    ///
    /// @param others for parameters of all other types
    public static @Nullable Object[] arguments(Method method, List<Object> others) {
        return Arrays.stream(method.getParameterTypes())
                .map(type -> argument(type, others))
                .toArray();
    }

    private static Object argument(Class<?> type, List<Object> others) {
        if (type == String.class) {
            return "x";
        } else if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), 0);
        } else if (type.isEnum()) {
            return Objects.requireNonNull(type.getEnumConstants())[0];
        }
        Class<?> boxed = MethodType.methodType(type).wrap().returnType();
        return others.stream().filter(boxed::isInstance).findFirst().orElseThrow(() -> new AssertionError(type));
    }

    /// Calls a method, and throws what it throws.
    public static void call(Object receiver, Method method, @Nullable Object[] arguments) throws Throwable {
        try {
            method.invoke(receiver, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
