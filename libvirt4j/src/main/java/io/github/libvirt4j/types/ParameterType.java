package io.github.libvirt4j.types;

/// The types of typed parameters, as words for messages.
enum ParameterType {
    INT(TypedParameter.OfInt.class, "an int"),
    UNSIGNED_INT(TypedParameter.OfUnsignedInt.class, "an unsigned int"),
    LONG(TypedParameter.OfLong.class, "a long"),
    UNSIGNED_LONG(TypedParameter.OfUnsignedLong.class, "an unsigned long"),
    DOUBLE(TypedParameter.OfDouble.class, "a double"),
    BOOLEAN(TypedParameter.OfBoolean.class, "a boolean"),
    STRING(TypedParameter.OfString.class, "a string"),
    UNRECOGNIZED(TypedParameter.Unrecognized.class, "of a type newer than this jar");

    private final Class<? extends TypedParameter> parameters;
    private final String words;

    ParameterType(Class<? extends TypedParameter> parameters, String words) {
        this.parameters = parameters;
        this.words = words;
    }

    static ParameterType of(TypedParameter parameter) {
        for (ParameterType type : values()) {
            if (type.parameters.isInstance(parameter)) {
                return type;
            }
        }
        return UNRECOGNIZED;
    }

    @Override
    public String toString() {
        return words;
    }
}
