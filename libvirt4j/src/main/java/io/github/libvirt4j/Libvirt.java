package io.github.libvirt4j;

public final class Libvirt {
    private Libvirt() {}

    static int x(String s) {
        return s.length();
    }
}
