package io.github.libvirt4j.types;

/// The types of typed parameters, as words for messages.
enum ParameterType {
    INT("an int"),
    UNSIGNED_INT("an unsigned int"),
    LONG("a long"),
    UNSIGNED_LONG("an unsigned long"),
    DOUBLE("a double"),
    BOOLEAN("a boolean"),
    STRING("a string"),
    UNRECOGNIZED("of a type newer than this jar");

    private final String words;

    ParameterType(String words) {
        this.words = words;
    }

    static ParameterType of(TypedParameter parameter) {
        if (parameter instanceof TypedParameter.OfInt) {
            return INT;
        } else if (parameter instanceof TypedParameter.OfUnsignedInt) {
            return UNSIGNED_INT;
        } else if (parameter instanceof TypedParameter.OfLong) {
            return LONG;
        } else if (parameter instanceof TypedParameter.OfUnsignedLong) {
            return UNSIGNED_LONG;
        } else if (parameter instanceof TypedParameter.OfDouble) {
            return DOUBLE;
        } else if (parameter instanceof TypedParameter.OfBoolean) {
            return BOOLEAN;
        } else if (parameter instanceof TypedParameter.OfString) {
            return STRING;
        }
        return UNRECOGNIZED;
    }

    @Override
    public String toString() {
        return words;
    }
}
