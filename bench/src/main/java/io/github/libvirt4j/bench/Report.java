package io.github.libvirt4j.bench;

import java.io.IOException;

final class Report {
    private Report() {}

    static void write(Results r, Place p) throws IOException {}
}
