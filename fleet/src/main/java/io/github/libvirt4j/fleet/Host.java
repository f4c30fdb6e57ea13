package io.github.libvirt4j.fleet;

import java.util.Map;

/// A host to watch. Immutable, safe for use by any thread. Two hosts that are equal need no other connection.
///
/// @param name the name of the host in records: 1 to 200 letters, digits, dots, underscores, hyphens and
///     colons
/// @param uri the URI of its hypervisor, as for [io.github.libvirt4j.link.Link#to]; not blank, as libvirt's
///     default is a hypervisor of the machine that watches
/// @param labels values of the operator's, which records of the host repeat
public record Host(String name, String uri, Map<String, String> labels) {
    /// Checks the name and the URI, and copies the labels.
    ///
    /// @throws IllegalArgumentException if the name has other characters, or none, or the URI is blank
    public Host {
        if (!name.matches("[A-Za-z0-9._:-]{1,200}")) {
            throw new IllegalArgumentException("'" + name + "' is not the name of a host; use 1 to 200 letters, digits,"
                    + " dots, underscores, hyphens and colons");
        }
        if (uri.isBlank()) {
            throw new IllegalArgumentException(
                    "Host '" + name + "' has no URI; name its hypervisor, such as qemu+tls://" + name + "/system");
        }
        labels = Map.copyOf(labels);
    }

    /// A host without labels.
    ///
    /// @throws IllegalArgumentException if the name has other characters, or none, or the URI is blank
    public Host(String name, String uri) {
        this(name, uri, Map.of());
    }
}
