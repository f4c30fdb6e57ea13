import org.jspecify.annotations.NullMarked;

/// libvirt for Java: lambdas where libvirt wants function pointers.
@NullMarked
module io.github.libvirt4j {
    requires static jdk.jfr;
    requires static transitive org.jspecify;

    exports io.github.libvirt4j;
    exports io.github.libvirt4j.auth;
    exports io.github.libvirt4j.error;
    exports io.github.libvirt4j.event;
    exports io.github.libvirt4j.job;
    exports io.github.libvirt4j.link;
    exports io.github.libvirt4j.loop;
    exports io.github.libvirt4j.observe;
    exports io.github.libvirt4j.stream;
    exports io.github.libvirt4j.types;
}
