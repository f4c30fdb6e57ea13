package io.github.libvirt4j.event;

import io.github.libvirt4j.types.StoragePoolEventLifecycleType;

/// An event of a storage pool. Immutable, safe for use by any thread.
public sealed interface StoragePoolEvent extends Event {
    /// A pool was defined, started, … C: `VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE`, libvirt 2.0.0.
    EventKind<Lifecycle> LIFECYCLE = new EventKind<>("storage-pool.lifecycle", Lifecycle.class, 2_000_000);

    /// The list of volumes of a pool was refreshed. C: `VIR_STORAGE_POOL_EVENT_ID_REFRESH`, libvirt 2.0.0.
    EventKind<Refresh> REFRESH = new EventKind<>("storage-pool.refresh", Refresh.class, 2_000_000);

    /// The pool that the event is about.
    StoragePoolIdentity storagePool();

    /// A pool was defined, started, … C: `virConnectStoragePoolEventLifecycleCallback`.
    ///
    /// @param storagePool the pool
    /// @param rawType the change of state, a `virStoragePoolEventLifecycleType`
    /// @param rawDetail always 0 so far
    record Lifecycle(StoragePoolIdentity storagePool, int rawType, int rawDetail) implements StoragePoolEvent {
        /// The change of state.
        public StoragePoolEventLifecycleType type() {
            return StoragePoolEventLifecycleType.of(rawType);
        }

        @Override
        public EventKind<Lifecycle> kind() {
            return LIFECYCLE;
        }

        @Override
        public String toString() {
            return LIFECYCLE + " " + storagePool.name() + " " + type();
        }
    }

    /// The list of volumes of a pool was refreshed. C: `virConnectStoragePoolEventGenericCallback`.
    ///
    /// @param storagePool the pool
    record Refresh(StoragePoolIdentity storagePool) implements StoragePoolEvent {
        @Override
        public EventKind<Refresh> kind() {
            return REFRESH;
        }

        @Override
        public String toString() {
            return REFRESH + " " + storagePool.name();
        }
    }
}
