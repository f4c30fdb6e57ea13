import org.jspecify.annotations.NullMarked;

/// Tests of programs that use libvirt4j.
@NullMarked
module io.github.libvirt4j.junit {
    requires transitive io.github.libvirt4j;
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;

    exports io.github.libvirt4j.junit;

    opens io.github.libvirt4j.junit to
            org.junit.platform.commons;
}
