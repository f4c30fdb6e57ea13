package io.github.libvirt4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// The flags of libvirt that options choose.
final class Flags<F> {
    private final List<F> chosen = new ArrayList<>();

    Flags<F> with(F flag, boolean wanted) {
        if (wanted) {
            chosen.add(flag);
        }
        return this;
    }

    F[] array(IntFunction<F[]> make) {
        return chosen.toArray(make);
    }
}
