package io.github.libvirt4j;

import io.github.libvirt4j.internal.c.NativeObject;

/// A handle of an object of a [Connect]: a domain, a network, …
abstract sealed class Noun extends Identified
        permits Domain,
                DomainCheckpoint,
                DomainSnapshot,
                Interface,
                Network,
                NetworkPort,
                NodeDevice,
                NwFilter,
                NwFilterBinding,
                Secret,
                StoragePool,
                StorageVol {
    private final Connect connect;

    /// @param free releases the pointer that C will give
    Noun(Connect connect, NativeObject.Release free) {
        super(connect, free);
        this.connect = connect;
    }

    /// The connection of the object.
    public final Connect connect() {
        return connect;
    }

    @Override
    final Connection connection() {
        return connect;
    }
}
