import org.jspecify.annotations.NullMarked;

/// Meters of libvirt4j for Micrometer.
@NullMarked
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer has no descriptor.
module io.github.libvirt4j.micrometer {
    requires transitive io.github.libvirt4j;
    requires transitive micrometer.core;
    requires static org.jspecify;

    exports io.github.libvirt4j.micrometer;
}
