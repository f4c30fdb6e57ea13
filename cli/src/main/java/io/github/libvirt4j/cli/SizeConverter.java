package io.github.libvirt4j.cli;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads `1048576`, `512M`, `20G` and `20GiB`: units are powers of 1024.
final class SizeConverter implements ITypeConverter<Size> {
    private static final Pattern SIZE = Pattern.compile("(\\d+)([kmgtp])?(?:ib|b)?");
    private static final String UNITS = "kmgtp";

    @Override
    public Size convert(String text) {
        Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            String unit = matcher.group(2);
            int shift = unit == null ? 0 : 10 * (UNITS.indexOf(unit) + 1);
            BigInteger bytes = new BigInteger(Objects.requireNonNull(matcher.group(1))).shiftLeft(shift);
            if (bytes.bitLength() < Long.SIZE) {
                return new Size(bytes.longValue());
            }
        }
        throw new TypeConversionException("'" + text + "' is not a size; write 512M, 20G or a number of bytes");
    }
}
