package io.github.libvirt4j.fleet.kafka;

import java.util.List;

/// Topics of a fleet exist, and have other properties than their use needs.
public final class UnsuitableTopicsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// @param faults the property of each topic, and its required value
    UnsuitableTopicsException(List<String> faults) {
        super("The topics are unsuitable: " + String.join("; ", faults)
                + ". Correct them with kafka-configs.sh, or choose another prefix");
    }
}
