import org.jspecify.annotations.NullMarked;

@NullMarked
module io.github.libvirt4j {
    requires static org.jspecify;

    exports io.github.libvirt4j;
}
