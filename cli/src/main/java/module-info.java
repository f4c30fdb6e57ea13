import org.jspecify.annotations.NullMarked;

/// The command of libvirt4j.
@NullMarked
module io.github.libvirt4j.cli {
    requires com.google.gson;
    requires info.picocli;
    requires io.github.libvirt4j.fleet;
    requires java.logging;
    requires java.xml;
    requires org.jline.terminal;
    // The start adds it if a word begins with --kafka.
    requires static io.github.libvirt4j.fleet.kafka;
    requires static org.jspecify;

    opens io.github.libvirt4j.cli to
            info.picocli;
}
