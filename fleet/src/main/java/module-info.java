import org.jspecify.annotations.NullMarked;

/// The domains and events of many hosts as one stream of records.
@NullMarked
module io.github.libvirt4j.fleet {
    requires transitive io.github.libvirt4j;
    requires com.google.gson;
    requires org.snakeyaml.engine;
    requires static org.jspecify;

    exports io.github.libvirt4j.fleet;
}
