package io.github.libvirt4j.event;

import io.github.libvirt4j.types.StoragePoolEventLifecycleType;

/// Something that happened to a storage pool. Immutable, for use by any thread.
public sealed interface StoragePoolEvent extends Event {
    /// A pool was defined, started, … C: `VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE`, libvirt 2.0.0.
    EventKind<Lifecycle> LIFECYCLE = new EventKind<>("storage-pool.lifecycle", Lifecycle.class, 2_000_000);

    /// It was looked anew which volumes are in a pool. C: `VIR_STORAGE_POOL_EVENT_ID_REFRESH`, libvirt
    /// 2.0.0.
    EventKind<Refresh> REFRESH = new EventKind<>("storage-pool.refresh", Refresh.class, 2_000_000);

    /// The pool it happened to.
    StoragePoolIdentity storagePool();

    /// A pool was defined, started, … C: `virConnectStoragePoolEventLifecycleCallback`.
    ///
    /// @param storagePool the pool
    /// @param rawType what happened, a `virStoragePoolEventLifecycleType`
    /// @param rawDetail always 0 so far
    record Lifecycle(StoragePoolIdentity storagePool, int rawType, int rawDetail) implements StoragePoolEvent {
        /// What happened.
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

    /// It was looked anew which volumes are in a pool. C: `virConnectStoragePoolEventGenericCallback`.
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
